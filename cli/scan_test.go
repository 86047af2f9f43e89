//go:build linux

package cli

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kapu/internal/desktop"
	"kapu/internal/desktop/desktoptest"
)

// The key of a new client comes from the screen, or from a picture on the clipboard.
func TestAddFromTheDesktop(t *testing.T) {
	d := desktoptest.Start(t, desktop.Options{Keyring: true, Display: true})
	home := t.TempDir()
	run := func(args ...string) (string, int) {
		cmd := kapu(t, d, home, d.Display(), args...)
		out, _ := cmd.CombinedOutput()
		return string(out), cmd.ProcessState.ExitCode()
	}
	t.Cleanup(func() { run("lock") })
	draw := func(text string) string {
		file := filepath.Join(t.TempDir(), "code.png")
		cmd := d.Command(t.Context(), "qrencode", "-s", "4", "-o", file)
		cmd.Stdin = strings.NewReader(text)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		return file
	}
	for _, step := range []struct{ where, none string }{
		{onScreen, "no QR code on the screen"}, {onClipboard, "no picture on the clipboard"},
	} {
		if out, code := run("add", "--qr", step.where); code != exitFailed || !strings.Contains(out, step.none) {
			t.Fatalf("%d: %s", code, out)
		}
	}
	for _, tt := range []struct {
		where string
		show  []string
		file  string
	}{
		{onScreen, []string{"display"}, draw("otpauth://totp/anna?secret=JBSWY3DPEHPK3PXP")},
		{onClipboard, []string{"xclip", "-quiet", "-i", "-selection", "clipboard", "-t", "image/png"}, draw("otpauth://totp/bea?secret=MFRGGZDFMZTWQ2LK")},
	} {
		shown, err := d.Launch(d.Command(context.Background(), tt.show[0], append(tt.show[1:], tt.file)...))
		if err != nil {
			t.Fatal(err)
		}
		var out string
		code := exitFailed
		for ctx := desktoptest.Context(t); code != exitDone && ctx.Err() == nil; time.Sleep(100 * time.Millisecond) {
			out, code = run("add", "--qr", tt.where) // until it is shown
		}
		shown.Stop()
		if code != exitDone || !strings.HasPrefix(out, "Added: ") || strings.Contains(out, "JBSW") {
			t.Errorf("%s: %d: %s", tt.where, code, out)
		}
	}
	if out, _ := run("list"); !strings.Contains(out, "anna") || !strings.Contains(out, "bea") {
		t.Errorf("in the vault: %s", out)
	}
}
