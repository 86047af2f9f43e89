//go:build linux

package cli

import (
	"strings"
	"testing"

	"kapu/internal/desktop"
	"kapu/internal/desktop/desktoptest"
)

// On a terminal the command waits for the code, which Enter brings at once, and ends with a lock. What comes by itself
// after a paste is tried in e2e.
func TestCopyBothOnATerminal(t *testing.T) {
	d := desktoptest.Start(t, desktop.Options{Keyring: true, Display: true})
	home := t.TempDir()
	add := kapu(t, d, home, d.Display(), "add", "Alfa Kft.", "--user-name", "anna")
	add.Stdin = strings.NewReader("JBSWY3DPEHPK3PXP\n")
	if out, err := add.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	t.Cleanup(func() { _ = kapu(t, d, home, d.Display(), "lock").Run() })

	k := begin(t, kapu(t, d, home, d.Display(), "copy", "--both", "alfa"))
	k.hears(`Alfa Kft\.: the user name is on the clipboard\. Paste it; then the code comes`)
	if text, err := d.Clipboard(t.Context()); text != "anna" || err != nil {
		t.Errorf("%q, %v", text, err)
	}
	k.answers(`Enter puts the code on the clipboard at once`, "\r")
	k.hears(`Alfa Kft\.: the code is on the clipboard, valid until \d\d:\d\d:\d\d`)
	if code := k.ends(); code != exitDone {
		t.Errorf("exit code %d", code)
	}
	if text, err := d.Clipboard(t.Context()); len(text) != 6 || err != nil {
		t.Errorf("%d letters, %v", len(text), err)
	}

	k = begin(t, kapu(t, d, home, d.Display(), "copy", "--both", "alfa"))
	k.hears(`Enter puts`)
	_ = kapu(t, d, home, d.Display(), "lock").Run()
	k.hears(`Kapu was locked`)
	if code := k.ends(); code != exitLocked {
		t.Errorf("exit code %d after a lock", code)
	}
}
