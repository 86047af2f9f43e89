package clip

import (
	"bytes"
	"errors"
	"os"
	"testing"
	"time"

	wire "golang.design/x/x11"

	"kapu/internal/desktop/desktoptest"
	"kapu/internal/wait"
	"kapu/internal/xserver"
)

// asker is another program on the X server: it pastes, copies, and misbehaves.
type asker struct {
	*xserver.Conn
	t      *testing.T
	window uint32
	fixes  byte // the first event of the extension that tells of new owners
}

func newAsker(t *testing.T) *asker {
	t.Helper()
	x, err := xserver.Dial(os.Getenv, desktoptest.Limit)
	must(t, err)
	t.Cleanup(func() { x.Close() })
	must(t, x.SetDeadline(time.Time{}))
	a := &asker{Conn: x, t: t, window: x.IDs.Next()}
	must(t, a.Send(wire.CreateWindow(a.window, a.Root)))
	return a
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (a *asker) atom(name string) uint32 {
	a.t.Helper()
	p, err := a.Ask(wire.InternAtom(name, false))
	must(a.t, err)
	return p.Atom()
}

// listens makes the server tell of each new owner at once, as xrdp has it.
func (a *asker) listens() {
	a.t.Helper()
	name := []byte("XFIXES\x00\x00")
	p, err := a.Ask(append([]byte{98, 0, 4, 0, 6, 0, 0, 0}, name...))
	must(a.t, err)
	if p.Raw[8] == 0 {
		a.t.Fatal("the X server has no XFIXES")
	}
	opcode := p.Raw[9]
	a.fixes = p.Raw[10]
	_, err = a.Ask(xserver.Request(opcode, 0, 2, 0))
	must(a.t, err)
	must(a.t, a.Send(xserver.Request(opcode, 2, a.window, a.atom("CLIPBOARD"), 1)))
	a.sync()
}

// sync returns when the server has done all that was asked before.
func (a *asker) sync() {
	a.t.Helper()
	_, err := a.Ask(wire.GetInputFocus())
	must(a.t, err)
}

// owned waits for the news of a new owner and returns the time of it.
func (a *asker) owned() uint32 {
	a.t.Helper()
	for {
		e, err := a.Event()
		must(a.t, err)
		if e.Raw[0] == a.fixes {
			return le.Uint32(e.Raw[16:])
		}
	}
}

// ask asks for the clipboard without waiting.
func (a *asker) ask(target, property string, at uint32) {
	a.t.Helper()
	must(a.t, a.Send(wire.ConvertSelection(a.window, a.atom("CLIPBOARD"), a.atom(target), a.atom(property), at)))
}

var errRefused = errors.New("refused")

// answered waits for the owner's answer.
func (a *asker) answered() ([]byte, error) {
	a.t.Helper()
	for {
		e, err := a.Event()
		must(a.t, err)
		if e.EventCode() != wire.EventSelectionNotify {
			continue
		}
		at := e.SelectionNotify().Property
		if at == wire.None {
			return nil, errRefused
		}
		p, err := a.Ask(wire.GetProperty(true, a.window, at, 0, 0, 1<<16))
		must(a.t, err)
		return p.PropertyValue(), nil
	}
}

func (a *asker) paste(target string) ([]byte, error) {
	a.t.Helper()
	a.ask(target, "TEST", wire.CurrentTime)
	return a.answered()
}

func (a *asker) pastes(want string) {
	a.t.Helper()
	if got, err := a.paste("UTF8_STRING"); err != nil || string(got) != want {
		a.t.Fatalf("pasted %q, %v; want %q", got, err, want)
	}
}

// owner is the window that has the clipboard.
func (a *asker) owner() uint32 {
	a.t.Helper()
	p, err := a.Ask(wire.GetSelectionOwner(a.atom("CLIPBOARD")))
	must(a.t, err)
	return p.SelectionOwner()
}

// forge sends an event that the server never said.
func (a *asker) forge(to uint32, event byte) {
	a.t.Helper()
	request := append(xserver.Request(25, 0, to, 0), event)
	request = append(request, bytes.Repeat([]byte{1}, 31)...)
	le.PutUint16(request[2:], 11)
	must(a.t, a.Send(request))
	a.sync()
}

// comesToFront gives the asker's window the keyboard. It is none that the window manager cares for, which may be busy
// with the keyboard itself at first.
func (a *asker) comesToFront() {
	a.t.Helper()
	const (
		changeWindowAttributes, mapWindow, setInputFocus = 2, 8, 42
		overrideRedirect                                 = 1 << 9
		toParent                                         = 2
	)
	must(a.t, a.Send(xserver.Request(changeWindowAttributes, 0, a.window, overrideRedirect, 1)))
	must(a.t, a.Send(xserver.Request(mapWindow, 0, a.window)))
	wait.Until(a.t, "the keyboard", func() bool {
		must(a.t, a.Send(xserver.Request(setInputFocus, toParent, a.window, wire.CurrentTime)))
		focus, err := a.Focus()
		must(a.t, err)
		return focus == a.window
	})
}
