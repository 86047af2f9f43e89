//go:build linux

package desktop_test

import (
	"os"
	"os/exec"
	"testing"
	"time"

	"kapu/internal/desktop"
	"kapu/internal/desktop/desktoptest"
)

func TestProbe(t *testing.T) {
	d := desktoptest.Start(t, desktop.Options{Panel: true})
	ctx := desktoptest.Context(t)
	show := func(what string) {
		c := exec.Command("bash", "-c", `for y in 77 102; do xdotool mousemove 16 16 click 1; sleep .25; xdotool mousemove 60 $y; sleep .4; xdotool search --onlyvisible --class wrapper getwindowgeometry --shell %@ | grep HEIGHT | tr '\n' ' '; xdotool key Escape key Escape; sleep .1; xdotool key Escape mousemove 900 900; sleep .1; done`)
		c.Env = d.Env()
		out, err := c.CombinedOutput()
		t.Log(what, string(out), err)
	}
	for range 8 {
		p, tray := startTray(t, d)
		if os.Getenv("EARLY") != "" {
			tray.Menu()
		}
		tray.WaitShown(ctx)
		time.Sleep(400 * time.Millisecond)
		show("open")
		p.Stop()
		time.Sleep(100 * time.Millisecond)
	}
}
