package clip

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	wire "golang.design/x/x11"

	"kapu/internal/desktop"
	"kapu/internal/desktop/desktoptest"
	"kapu/internal/xserver"
	"kapu/lang"
)

// onX is a clipboard on an X server of its own.
func onX(t *testing.T) (*desktop.Desktop, *Clipboard) {
	t.Helper()
	d := desktoptest.Start(t, desktop.Options{Display: true})
	t.Setenv("DISPLAY", d.Display())
	t.Setenv("WAYLAND_DISPLAY", "")
	c, err := Open()
	must(t, err)
	return d, c
}

func TestEveryFormOfTheText(t *testing.T) {
	d, c := onX(t)
	must(t, c.Copy("123456"))
	offered, err := d.Targets(t.Context())
	must(t, err)
	for target, want := range map[string]string{
		"UTF8_STRING": "123456", "STRING": "123456", "TEXT": "123456", "text/plain": "123456",
		"text/plain;charset=utf-8": "123456", "x-kde-passwordManagerHint": "secret",
		"application/x-copyq-secret": "1", "application/x-copyq-hidden": "1",
	} {
		if got, err := d.ClipboardAs(t.Context(), target); string(got) != want || err != nil {
			t.Errorf("%s: %q, %v", target, got, err)
		}
		if !slices.Contains(offered, target) {
			t.Errorf("%s is not offered", target)
		}
	}
	a := newAsker(t)
	for _, target := range []string{"SAVE_TARGETS", "image/png", "DELETE"} {
		if got, err := a.paste(target); !errors.Is(err, errRefused) || slices.Contains(offered, target) {
			t.Errorf("%s: %q, %v", target, got, err)
		}
	}
}

func TestLatin1IsNotPretended(t *testing.T) {
	_, c := onX(t)
	must(t, c.Copy("árvíztűrő"))
	a := newAsker(t)
	a.pastes("árvíztűrő")
	if got, err := a.paste("STRING"); !errors.Is(err, errRefused) {
		t.Errorf("%q, %v", got, err)
	}
}

// The time is the server's own, so that of two programs the later one has the clipboard.
func TestTheTimeOfOwning(t *testing.T) {
	_, c := onX(t)
	a := newAsker(t)
	a.listens()
	var last uint32
	for range 3 {
		must(t, c.Copy("123456"))
		now := a.owned()
		got, err := a.paste("TIMESTAMP")
		must(t, err)
		since := le.Uint32(got)
		if since == wire.CurrentTime || since > now || since < last {
			t.Errorf("ours since %d; before that %d, told at %d", since, last, now)
		}
		last = since
		// Who comes with an older time is too late.
		must(t, a.Send(wire.SetSelectionOwner(a.window, a.atom("CLIPBOARD"), since-1)))
		a.sync()
		if a.owner() == a.window {
			t.Error("an older program took the clipboard")
		}
	}
}

func TestManyFormsAtOnce(t *testing.T) {
	_, c := onX(t)
	must(t, c.Copy("123456"))
	a := newAsker(t)
	list := func(pairs ...uint32) {
		must(t, a.Send(wire.ChangeProperty(a.window, a.atom("LIST"), a.atom("ATOM_PAIR"), 32, wire.AtomList(pairs...))))
		a.ask("MULTIPLE", "LIST", wire.CurrentTime)
	}
	utf8, one, two, none := a.atom("UTF8_STRING"), a.atom("ONE"), a.atom("TWO"), a.atom("MULTIPLE")
	list(utf8, one, none, two, a.atom("TARGETS"), 0)
	got, err := a.answered()
	must(t, err)
	if want := wire.AtomList(utf8, one, none, 0, a.atom("TARGETS"), 0); !bytes.Equal(got, want) {
		t.Errorf("the list says %v, want %v", got, want)
	}
	p, err := a.Ask(wire.GetProperty(true, a.window, one, 0, 0, 100))
	must(t, err)
	if string(p.PropertyValue()) != "123456" {
		t.Errorf("the first is %q", p.PropertyValue())
	}
	list()
	if _, err := a.answered(); !errors.Is(err, errRefused) {
		t.Errorf("an empty list: %v", err)
	}
}

func TestClearOnlyWhatIsOurs(t *testing.T) {
	d, c := onX(t)
	ctx := desktoptest.Context(t)
	if c.Clear() {
		t.Error("cleared before there was anything")
	}
	must(t, c.Copy("123456"))
	o := c.ours.(*owner)
	secret := o.text
	if !c.Clear() || c.Clear() {
		t.Error("it was ours, once")
	}
	if text, err := d.Clipboard(ctx); text != "" || err != nil {
		t.Errorf("the clipboard holds %q, %v", text, err)
	}
	if newAsker(t).owner() != o.window {
		t.Error("nobody has the empty clipboard: another one's end would not hear of it")
	}
	zero(t, secret)

	must(t, c.Copy("234567"))
	select {
	case <-o.gone:
	case <-ctx.Done():
		t.Error("the empty one is still there")
	}
	o = c.ours.(*owner)
	secret = o.text
	must(t, d.SetClipboard(ctx, "mine"))
	if c.Clear() {
		t.Error("cleared another program's")
	}
	if text, err := d.Clipboard(ctx); text != "mine" || err != nil {
		t.Errorf("the clipboard holds %q, %v", text, err)
	}
	<-o.gone
	zero(t, secret)
}

func zero(t *testing.T, secret []byte) {
	t.Helper()
	if strings.Trim(string(secret), "\x00") != "" {
		t.Errorf("the memory still holds %q", secret)
	}
}

// A remote desktop asks in the very moment in which the clipboard changes. An owner that is still waiting for the
// server's answer must not miss that question.
func TestWhoAsksAtOnceIsAnswered(t *testing.T) {
	_, c := onX(t)
	a := newAsker(t)
	a.listens()
	for _, name := range []string{"CLIPBOARD", "UTF8_STRING", "TARGETS", "TEST"} {
		a.atom(name)
	}
	selection, target, property := a.atom("CLIPBOARD"), a.atom("UTF8_STRING"), a.atom("TEST")
	for i := range 500 {
		for _, clearing := range []bool{false, true} {
			want := fmt.Sprintf("%06d", i)
			if clearing {
				want = ""
			}
			got := make(chan string, 1)
			go func() {
				at := a.owned()
				_ = a.Send(wire.ConvertSelection(a.window, selection, target, property, at))
				text, err := a.answered()
				got <- fmt.Sprint(string(text), err)
			}()
			if clearing {
				if !c.Clear() {
					t.Fatal("not ours")
				}
			} else {
				must(t, c.Copy(want))
			}
			select {
			case text := <-got:
				if text != want+"<nil>" {
					t.Fatalf("round %d: %q, want %q", i, text, want)
				}
			case <-time.After(desktoptest.Limit):
				t.Fatalf("round %d (%t): no answer", i, clearing)
			}
		}
	}
}

// Two programs that copy in turn, as fast as they can: each time the newer content counts.
func TestQuickChangesOfOwner(t *testing.T) {
	_, c := onX(t)
	a := newAsker(t)
	for i := range 500 {
		must(t, c.Copy(fmt.Sprint(i)))
		a.pastes(fmt.Sprint(i))
		switch i % 3 {
		case 0:
			if other := theirs(t); c.Clear() || a.owner() != other.window {
				t.Fatalf("round %d: cleared another program's", i)
			}
		case 1:
			if !c.Clear() {
				t.Fatalf("round %d: not cleared", i)
			}
			a.pastes("")
			theirs(t)
		}
	}
}

// theirs is what another program has copied, which answers as a program does.
func theirs(t *testing.T) *owner {
	t.Helper()
	o, err := x11{}.copy("theirs")
	must(t, err)
	return o.(*owner)
}

// A program that copies while ours is being cleared keeps what it has copied.
func TestClearingRacesAnotherCopy(t *testing.T) {
	_, c := onX(t)
	a := newAsker(t)
	lost := 0
	for range 300 {
		must(t, c.Copy("123456"))
		x, err := xserver.Dial(os.Getenv, desktoptest.Limit)
		must(t, err)
		other := newOwner(x, clipboardSelection, []byte("theirs"))
		must(t, other.prepare())
		time.Sleep(2 * time.Millisecond) // the server's clock has steps of one
		done := make(chan bool, 1)
		go func() { done <- c.Clear() }()
		must(t, other.fetchTime())
		other.acquire()
		go other.serve()
		if cleared := <-done; !cleared {
			lost++
		}
		if at := a.owner(); at != other.window && at != 0 {
			// Both in the same millisecond, and the server takes the later request: then it must be empty.
			a.pastes("")
		}
	}
	t.Logf("the other program was first %d times of 300", lost)
}

func TestRudePrograms(t *testing.T) {
	_, c := onX(t)
	must(t, c.Copy("123456"))
	o := c.ours.(*owner)
	polite := newAsker(t)
	for name, rude := range map[string]func(a *asker){
		"goes away": func(a *asker) { a.ask("UTF8_STRING", "TEST", 0); a.Close() },
		"closes its window": func(a *asker) {
			a.ask("MULTIPLE", "TEST", 0)
			must(t, a.Send([]byte{4, 0, 2, 0, byte(a.window), byte(a.window >> 8), byte(a.window >> 16), byte(a.window >> 24)}))
			a.sync()
		},
		"lists nothing":          func(a *asker) { a.ask("MULTIPLE", "NOTHING", 0) },
		"never reads":            func(a *asker) { a.ask("TARGETS", "TEST", 0) },
		"forges the loss":        func(a *asker) { a.forge(o.window, wire.EventSelectionClear|0x80) },
		"forges the time":        func(a *asker) { a.forge(o.window, 28|0x80) },
		"forges a question":      func(a *asker) { a.forge(o.window, wire.EventSelectionRequest|0x80) },
		"forges what nobody has": func(a *asker) { a.forge(o.window, 127|0x80) },
		"names no property": func(a *asker) {
			must(t, a.Send(wire.ConvertSelection(a.window, a.atom("CLIPBOARD"), a.atom("UTF8_STRING"), wire.None, 0)))
			if got, err := a.answered(); string(got) != "123456" || err != nil {
				t.Errorf("%q, %v", got, err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			for range 20 {
				rude(newAsker(t))
			}
			polite.pastes("123456")
		})
	}
	if !c.Clear() {
		t.Error("not ours any more")
	}
	polite.pastes("")
}

// xrdp gets an empty text that it passes on; all others get one that is empty.
func TestEmptyForXrdp(t *testing.T) {
	_, c := onX(t)
	a := newAsker(t)
	must(t, c.Copy("123456"))
	for _, want := range []string{"123456", "\x00"} {
		a.ask("UTF8_STRING", xrdpProperty, 0)
		if got, err := a.answered(); string(got) != want || err != nil {
			t.Errorf("%q, %v; want %q", got, err, want)
		}
		c.Clear()
	}
	a.pastes("")
}

// The process may end when Clear has returned, and with it whoever could tell xrdp.
func TestClearWaitsForXrdp(t *testing.T) {
	_, c := onX(t)
	a := newAsker(t)
	a.listens()
	hears := func() {
		a.ask("TARGETS", xrdpProperty, a.owned())
		_, err := a.answered()
		must(t, err)
	}
	must(t, c.Copy("123456"))
	hears()
	var heard atomic.Bool
	done := make(chan struct{})
	go func() {
		defer close(done)
		time.Sleep(100 * time.Millisecond)
		heard.Store(true)
		hears()
	}()
	if !c.Clear() || !heard.Load() {
		t.Error("cleared, and xrdp does not know yet")
	}
	<-done
	must(t, c.Copy("234567"))
	hears()
	if !c.Clear() { // with nobody there: it comes back all the same
		t.Error("not cleared")
	}
}

// In a session of xrdp's a code that xrdp has not asked about is not on the person's machine.
func TestCrosses(t *testing.T) {
	_, c := onX(t)
	if !c.Crosses() {
		t.Error("nothing was copied, and it did not arrive")
	}
	must(t, c.Copy("123456"))
	if !c.Crosses() {
		t.Error("there is no other machine, and it did not arrive")
	}
	t.Setenv("XRDP_SESSION", "1")
	a := newAsker(t)
	a.pastes("123456") // somebody asks, not xrdp
	if c.Crosses() {
		t.Error("xrdp does not know of it")
	}
	a.listens()
	must(t, c.Copy("234567"))
	a.ask("TARGETS", xrdpProperty, a.owned())
	_, err := a.answered()
	must(t, err)
	for range 2 {
		if !c.Crosses() {
			t.Error("xrdp knows of it")
		}
	}
}

// xvfb is an X server that a test may maltreat.
func xvfb(t *testing.T) *desktop.Process {
	t.Helper()
	desktoptest.Need(t, desktop.Options{Display: true})
	d := desktoptest.Start(t, desktop.Options{})
	r, w, err := os.Pipe()
	must(t, err)
	defer r.Close()
	cmd := d.Command(t.Context(), "Xvfb", "-displayfd", "3", "-nolisten", "tcp", "-noreset")
	cmd.ExtraFiles = []*os.File{w}
	p, err := d.Launch(cmd)
	w.Close()
	must(t, err)
	var number int
	_, err = fmt.Fscan(r, &number)
	must(t, err)
	t.Setenv("DISPLAY", fmt.Sprint(":", number))
	t.Setenv("WAYLAND_DISPLAY", "")
	return p
}

func isSaid(err error, id string) bool {
	said := (*lang.Error)(nil)
	return errors.As(err, &said) && said.ID == id
}

func TestServerThatHangs(t *testing.T) {
	server := xvfb(t)
	c, err := Open()
	must(t, err)
	must(t, c.Copy("123456"))
	a := newAsker(t)
	must(t, server.Signal(syscall.SIGSTOP))
	if err := c.Copy("234567"); !isSaid(err, "clipboard-failed") || !strings.Contains(err.Error(), errSlow.Error()) {
		t.Errorf("%v", err)
	}
	o := c.ours.(*owner)
	if !c.Clear() {
		t.Error("not ours")
	}
	must(t, server.Signal(syscall.SIGCONT))
	if !<-o.cleared { // what came too late to be waited for is still done
		t.Error("not cleared")
	}
	a.pastes("")
}

func TestServerThatDies(t *testing.T) {
	server := xvfb(t)
	c, err := Open()
	must(t, err)
	must(t, c.Copy("123456"))
	o := c.ours.(*owner)
	secret := o.text
	must(t, server.Signal(syscall.SIGKILL))
	<-server.Done()
	<-o.gone
	zero(t, secret)
	if c.Clear() {
		t.Error("cleared what is not there")
	}
	if err := c.Copy("123456"); !isSaid(err, "clipboard-failed") {
		t.Errorf("%v", err)
	}
	if _, err := Open(); !isSaid(err, "clipboard-none") {
		t.Errorf("%v", err)
	}
}
