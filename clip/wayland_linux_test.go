package clip

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"kapu/internal/desktop"
	"kapu/internal/desktop/desktoptest"
	"kapu/internal/need"
	"kapu/internal/wait"
)

// onSway is a clipboard of a real Wayland compositor, and what other programs paste from it.
func onSway(t *testing.T) (d *desktop.Desktop, c *Clipboard, paste func(args ...string) string) {
	t.Helper()
	need.Program(t, "wl-paste", "wl-clipboard")
	d = desktoptest.Start(t, desktop.Options{Sway: true})
	_, socket, err := d.StartSway(desktoptest.Context(t), "")
	must(t, err)
	t.Setenv("WAYLAND_DISPLAY", socket)
	t.Setenv("DISPLAY", "")
	c, err = Open()
	must(t, err)
	if _, native := c.system.(compositor); !native {
		t.Fatalf("the clipboard is %T", c.system)
	}
	return d, c, func(args ...string) string {
		cmd := d.Command(t.Context(), "wl-paste", append([]string{"-n"}, args...)...)
		cmd.Env = append(cmd.Env, "WAYLAND_DISPLAY="+socket)
		out, _ := cmd.Output() // an empty clipboard is an error
		return string(out)
	}
}

// runs runs a program of Wayland's until the test ends.
func runs(t *testing.T, d *desktop.Desktop, input string, line ...string) *desktop.Process {
	t.Helper()
	cmd := d.Command(context.Background(), line[0], line[1:]...)
	cmd.Env = append(cmd.Env, "WAYLAND_DISPLAY="+os.Getenv("WAYLAND_DISPLAY"), "XDG_SESSION_TYPE=wayland")
	cmd.Stdin = strings.NewReader(input)
	p, err := d.Launch(cmd)
	must(t, err)
	return p
}

func TestWaylandCopiesAndClears(t *testing.T) {
	d, c, paste := onSway(t)
	must(t, c.Copy("123456"))
	for kind, want := range map[string]string{
		"text/plain": "123456", "UTF8_STRING": "123456", "x-kde-passwordManagerHint": "secret",
		"application/x-copyq-secret": "1",
	} {
		if got := paste("-t", kind); got != want {
			t.Errorf("%s: %q", kind, got)
		}
	}
	o := c.ours.(*source)
	secret := o.text
	if !c.Clear() || paste() != "" || isClosed(o.gone) {
		t.Errorf("after clearing it holds %q", paste())
	}
	zero(t, secret)
	must(t, c.Copy("234567"))
	<-o.gone

	runs(t, d, "mine", "wl-copy", "-f")
	wait.Until(t, "what the person has copied", func() bool { return paste() == "mine" })
	if c.Clear() || paste() != "mine" {
		t.Errorf("it holds %q", paste())
	}
	must(t, c.Copy("345678"))
	runs(t, d, "345678", "wl-copy", "-f")
	runs(t, d, "345678", "wl-copy", "-f", "-p")
	wait.Until(t, "another program to offer it", func() bool { return isClosed(c.ours.lost()) && paste("-p") == "345678" })
	if !c.Clear() || paste() != "" || paste("-p") != "" {
		t.Errorf("it holds %q and %q", paste(), paste("-p"))
	}
}

// clipman takes each text and offers it itself, and does so again when there is none.
func TestWaylandManagers(t *testing.T) {
	need.Program(t, "clipman", "clipman")
	d, c, paste := onSway(t)
	runs(t, d, "", "wl-paste", "-t", "text", "--watch", "clipman", "store")
	wait.Until(t, "clipman to keep a text", func() bool {
		p := runs(t, d, "theirs", "wl-copy", "-f")
		wait.Until(t, "the text", func() bool { return paste() == "theirs" })
		time.Sleep(300 * time.Millisecond)
		p.Stop()
		time.Sleep(300 * time.Millisecond)
		return paste() == "theirs"
	})
	must(t, c.Copy("123456"))
	wait.Until(t, "clipman to offer it itself", func() bool { return isClosed(c.ours.lost()) })
	if !c.Clear() {
		t.Error("not cleared")
	}
	staysAway(t, func() string { return paste() }, "123456")
	ended := sweep(t, c)
	staysAway(t, func() string { return paste() }, "123456")
	runs(t, d, "mine", "wl-copy", "-f")
	<-ended
}
