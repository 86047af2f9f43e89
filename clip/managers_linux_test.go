package clip

import (
	"context"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	wire "golang.design/x/x11"

	"kapu/internal/desktop"
	"kapu/internal/desktop/desktoptest"
	"kapu/internal/need"
	"kapu/internal/wait"
	"kapu/internal/xserver"
)

// lurkTime is how long it is watched that a code does not come back. Parcellite looks twice a second; the others hear.
const lurkTime = 1500 * time.Millisecond

// staysAway watches that a text is not on the clipboard.
func staysAway(t *testing.T, now func() string, text string) {
	t.Helper()
	for start := time.Now(); time.Since(start) < lurkTime; time.Sleep(50 * time.Millisecond) {
		if now() == text {
			t.Fatal("the code is back")
		}
	}
}

// sweep does what the sweeper does, and returns what waits for its end.
func sweep(t *testing.T, c *Clipboard) (ended <-chan struct{}) {
	t.Helper()
	swept, done := make(chan struct{}), make(chan struct{})
	ctx, stop := context.WithCancel(context.Background())
	t.Cleanup(func() { stop(); <-done })
	go func() {
		defer close(done)
		if err := Sweep(ctx, c.Doomed(), func() bool { return false }, func() { close(swept) }); err != nil {
			t.Error(err)
		}
	}()
	<-swept
	return done
}

// Managers that keep what a program had that ends, Diodon, Parcellite and Klipper, keep no code: neither when it has
// run out nor when the agent has ended. What the person copies next is theirs, and ends the watch.
func TestManagersThatDislikeEmptiness(t *testing.T) {
	for _, command := range []string{"diodon", "parcellite -n", "klipper"} {
		t.Run(command, func(t *testing.T) {
			line := strings.Fields(command)
			if _, err := exec.LookPath(line[0]); line[0] == "klipper" && err != nil {
				t.Skip("Klipper comes with all of Plasma's workspace, which `make test` does not install")
			}
			need.Program(t, line[0], line[0])
			d, c := onX(t)
			ctx := desktoptest.Context(t)
			_, err := d.Launch(d.Command(ctx, line[0], line[1:]...))
			must(t, err)
			now := func() string {
				text, _ := d.Clipboard(ctx)
				return text
			}
			brings := func(text string) {
				t.Helper()
				wait.Until(t, command+" to bring a text back", func() bool { // it may have begun to listen too late
					cmd := d.Command(ctx, "xclip", "-i", "-selection", "clipboard", "-quiet")
					cmd.Stdin = strings.NewReader(text)
					p, err := d.Launch(cmd)
					must(t, err)
					wait.Until(t, "the text", func() bool { return now() == text })
					time.Sleep(600 * time.Millisecond)
					p.Stop()
					time.Sleep(600 * time.Millisecond)
					return now() == text
				})
			}
			brings("theirs")
			must(t, c.Copy("123456"))
			o := c.ours.(*owner)
			time.Sleep(600 * time.Millisecond) // until Parcellite has looked
			if !c.Clear() {
				t.Error("it was not ours")
			}
			staysAway(t, now, "123456")
			ended := sweep(t, c)
			endAll(c.guards)
			o.Close() // as when the process ends
			staysAway(t, now, "123456")
			brings("mine")
			<-ended
			if line[0] == "klipper" {
				bus, err := d.Connect()
				must(t, err)
				defer bus.Close()
				var kept []string
				klipper := bus.Object("org.kde.klipper", "/klipper")
				must(t, klipper.Call("org.kde.klipper.klipper.getClipboardHistoryMenu", 0).Store(&kept))
				if !slices.Contains(kept, "theirs") || slices.Contains(kept, "123456") {
					t.Errorf("its history is %q", kept)
				}
			}
		})
	}
}

// A manager that has come to own the clipboard since the question's time refuses to answer it, as ICCCM wants, and is
// asked again.
func TestOwnerOfAMomentLater(t *testing.T) {
	onX(t)
	x, err := xserver.Dial(os.Getenv, desktoptest.Limit)
	must(t, err)
	o := newOwner(x, clipboardSelection, []byte("123456"))
	must(t, o.begin())
	go func() {
		defer o.close()
		for refused := 0; ; {
			e, err := o.Event()
			switch {
			case err != nil || e.EventCode() == wire.EventSelectionClear:
				return
			case e.EventCode() != wire.EventSelectionRequest:
			case refused < 2: // UTF8_STRING and STRING
				refused++
				r := e.SelectionRequest()
				_ = o.Send(wire.SendSelectionNotify(wire.SelectionNotify{
					Time: r.Time, Requestor: r.Requestor, Selection: r.Selection, Target: r.Target, Property: wire.None,
				}))
			default:
				o.answer(e.SelectionRequest())
			}
		}
	}()
	empty, err := x11{}.displace(t.Context(), clipboardSelection, func(text []byte) bool { return string(text) == "123456" })
	if empty == nil || err != nil {
		t.Fatalf("it still has the code, %v", err)
	}
	<-o.gone
}

// Bridges to other machines, and some managers, take a text and offer it themselves. It is cleared all the same, in
// both selections; what is not ours stays.
func TestClearsWhatAnotherProgramOffers(t *testing.T) {
	d, c := onX(t)
	ctx := desktoptest.Context(t)
	for _, selection := range []string{"clipboard", "primary"} {
		must(t, c.Copy("123456"))
		offers(t, d, selection, "123456")
		if !c.Clear() {
			t.Errorf("%s: not cleared", selection)
		}
		if got := pasted(t, d, selection); got != "" {
			t.Errorf("%s: it holds %q", selection, got)
		}
		must(t, c.Copy("123456"))
		offers(t, d, selection, "12345")
		c.Clear()
		if got := pasted(t, d, selection); got != "12345" {
			t.Errorf("%s: it holds %q", selection, got)
		}
	}
	// What somebody else offers after the clearing is guarded against, too; but not what is copied anew.
	must(t, c.Copy("123456"))
	c.Clear()
	offers(t, d, "clipboard", "123456")
	wait.Until(t, "the code to go", func() bool { return pasted(t, d, "clipboard") == "" })
	must(t, c.Copy("123456"))
	if got, err := d.Clipboard(ctx); got != "123456" || err != nil {
		t.Errorf("copied again, it is %q, %v", got, err)
	}
}

// Two texts that were copied one after the other, and the first was brought back.
func TestClearsAnEarlierText(t *testing.T) {
	d, c := onX(t)
	must(t, c.Copy("kovacs.b"))
	must(t, c.Copy("123456"))
	offers(t, d, "clipboard", "kovacs.b")
	if !c.Clear() || pasted(t, d, "clipboard") != "" {
		t.Error("the user name is still there")
	}
}

// What the person copies when ours was cleared and something else was copied is theirs, though it is the same text.
func TestTheSameTextLaterIsThePersons(t *testing.T) {
	d, c := onX(t)
	must(t, c.Copy("kovacs.b"))
	c.Clear()
	offers(t, d, "clipboard", "something else")
	<-c.guards[0].done
	offers(t, d, "clipboard", "kovacs.b")
	<-sweep(t, c)
	if got := pasted(t, d, "clipboard"); got != "kovacs.b" {
		t.Errorf("the clipboard holds %q", got)
	}
}

// offers lets another program offer a text, as `xclip -o | xclip -i` does.
func offers(t *testing.T, d *desktop.Desktop, selection, text string) {
	t.Helper()
	cmd := d.Command(t.Context(), "xclip", "-i", "-selection", selection, "-quiet")
	cmd.Stdin = strings.NewReader(text)
	p, err := d.Launch(cmd)
	must(t, err)
	wait.Until(t, "xclip to take it", func() bool {
		select {
		case <-p.Done(): // another has it already
			return true
		default:
		}
		return pasted(t, d, selection) == text && !strings.Contains(asked(t, d, selection, "TARGETS"), marks[0].name) // which we offer
	})
}

func pasted(t *testing.T, d *desktop.Desktop, selection string) string {
	t.Helper()
	return asked(t, d, selection, "UTF8_STRING")
}

// asked is what the selection's owner gives for a target, "" if there is no owner. One that ends while it is asked
// never answers, so the next is asked.
func asked(t *testing.T, d *desktop.Desktop, selection, target string) (got string) {
	t.Helper()
	wait.Until(t, "the owner of "+selection+" to answer", func() bool {
		data, err := d.SelectionAs(t.Context(), selection, target)
		got = string(data)
		return err == nil
	})
	return got
}

// A program that is frozen holds nobody up, and is asked again when it goes on.
func TestFrozenOwner(t *testing.T) {
	d, c := onX(t)
	ctx := desktoptest.Context(t)
	must(t, c.Copy("123456"))
	cmd := d.Command(ctx, "xclip", "-i", "-selection", "clipboard", "-quiet")
	cmd.Stdin = strings.NewReader("123456")
	p, err := d.Launch(cmd)
	must(t, err)
	o := c.ours.(*owner)
	<-o.gone
	must(t, p.Signal(syscall.SIGSTOP))
	if c.Clear() {
		t.Error("cleared what nobody could read")
	}
	must(t, p.Signal(syscall.SIGCONT))
	wait.Until(t, "the code to go", func() bool { return pasted(t, d, "clipboard") == "" })
}
