//go:build linux

package panel_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kapu/internal/desktop"
	"kapu/internal/desktop/desktoptest"
)

// On a desktop, with the window that a person gets: `kapu search`, three letters, Enter; the code is on the clipboard
// and the window is gone.
func TestQuickSearchOnADesktop(t *testing.T) {
	if _, err := exec.LookPath("chromium"); err != nil {
		if os.Getenv("KAPU_DESKTOP_TESTS") != "" {
			t.Fatal("no chromium: apt-get install chromium")
		}
		t.Skip("no chromium")
	}
	d := desktoptest.Start(t, desktop.Options{Display: true})
	browser := filepath.Join(t.TempDir(), "browser")
	// Chromium has no sandbox for root, and CI is root. The shell becomes the browser.
	script := "#!/bin/sh\nexec chromium --no-sandbox \"$@\"\n"
	if err := os.WriteFile(browser, []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	entry := client("Őrség Kft.")
	o := newOfficeOn(t, append(d.Env(), "KAPU_BROWSER="+browser), "", client("Alfa Kft."), entry)
	o.kapu("", "search")

	const title = "^Keresés"
	patiently := func(what string, done func() bool) {
		t.Helper()
		for deadline := time.Now().Add(patience); !done(); time.Sleep(50 * time.Millisecond) {
			if time.Now().After(deadline) {
				if dir := os.Getenv("KAPU_SHOTS"); dir != "" {
					_ = d.Screenshot(t.Context(), filepath.Join(dir, "desktop.png"))
				}
				t.Fatal("never: " + what)
			}
		}
	}
	shown := func(within time.Duration) bool {
		moment, cancel := context.WithTimeout(t.Context(), within)
		defer cancel()
		return d.FocusWindow(moment, title) == nil
	}
	patiently("the window", func() bool { // a link is good for half a minute; a person asks again
		if shown(time.Minute) {
			return true
		}
		o.kapu("", "search")
		return false
	})
	// The page takes keys once it has the focus, of which the screen does not tell: what is typed too early is lost, so
	// it is typed again, in the place of what came through.
	pause, got, err := time.Second, "", error(nil)
	patiently("the code", func() bool {
		if shown(5 * time.Second) {
			_ = errors.Join(d.Key(t.Context(), "ctrl+a"), d.Type(t.Context(), "ors"), d.Key(t.Context(), "Return"))
		} // else it has closed
		time.Sleep(pause)
		pause = min(2*pause, 8*time.Second)
		got, err = d.Clipboard(t.Context())
		return err == nil && got != ""
	})
	now, _ := entry.Key.Code(time.Now())
	before, _ := entry.Key.Code(time.Now().Add(-30 * time.Second))
	if err != nil || (got != now.Digits && got != before.Digits) {
		t.Errorf("on the clipboard are %d letters that are not the code, %v", len(got), err)
	}
	if err := d.WaitNoWindow(desktoptest.Context(t), title); err != nil {
		t.Error(err)
	}
	if arguments, _ := exec.Command("ps", "-eo", "args").Output(); strings.Contains(string(arguments), "Őrség") {
		t.Error("a name is among the arguments")
	}
}
