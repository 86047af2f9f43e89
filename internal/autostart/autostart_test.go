package autostart

import (
	"encoding/xml"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The line that the desktop splits must give the program back, whatever its path is made of.
func TestDesktopEntryQuotes(t *testing.T) {
	for _, c := range []struct{ exe, home, want string }{
		{"/usr/bin/kapu", "", `Exec="/usr/bin/kapu"`},
		{"/home/anna/My Apps/kapu", "", `Exec="/home/anna/My Apps/kapu"`},
		{"/opt/100%/kapu", "", `Exec="/opt/100%%/kapu"`},
		{`/opt/a$b/kapu`, "", `Exec="/opt/a\\$b/kapu"`},
		{`/opt/a\b"c/kapu`, "", `Exec="/opt/a\\\\b\\"c/kapu"`},
		{"/usr/bin/kapu", "/media/usb/könyvelő", `Exec=env "KAPU_HOME=/media/usb/könyvelő" "/usr/bin/kapu"`},
	} {
		if got := string(desktopEntry(program{c.exe, c.home})); !strings.Contains(got, "\n"+c.want+"\n") {
			t.Errorf("%q has no line %s:\n%s", c, c.want, got)
		}
	}
}

func TestEntrySwitchedOffElsewhere(t *testing.T) {
	ours := string(desktopEntry(program{exe: "/usr/bin/kapu"}))
	for entry, want := range map[string]bool{
		ours:                    true,
		ours + "Hidden=false\n": true,
		ours + "Hidden=true\n":  false,
		hiddenEntry:             false,
		strings.Replace(ours, "enabled=true", "enabled=false", 1): false,
	} {
		if enabled([]byte(entry)) != want {
			t.Errorf("not %v:\n%s", want, entry)
		}
	}
}

func TestLaunchAgentIsXML(t *testing.T) {
	agent := launchAgent(program{"/Applications/A & B <1>/kapu", "/Users/anna/é"})
	var texts []string
	for d := xml.NewDecoder(strings.NewReader(string(agent))); ; {
		token, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if text, ok := token.(xml.CharData); ok {
			texts = append(texts, string(text))
		}
	}
	all := strings.Join(texts, "|")
	for _, want := range []string{"|/Applications/A & B <1>/kapu|", "|KAPU_HOME|", "|/Users/anna/é|", "|" + label + "|"} {
		if !strings.Contains(all, want) {
			t.Errorf("no %s in %s", want, all)
		}
	}
	if strings.Contains(string(launchAgent(program{exe: "/k"})), "KAPU_HOME") {
		t.Error("KAPU_HOME where there is none")
	}
}

func TestWindows(t *testing.T) {
	if got := runValue(program{exe: `C:\Users\Kovács Anna\kapuw.exe`}); got != `"C:\Users\Kovács Anna\kapuw.exe"` {
		t.Error(got)
	}
	for value, want := range map[string]bool{"": true, "\x02\x00": true, "\x06\x00": true, "\x03\x00": false, "\x01": false} {
		if approved([]byte(value)) != want {
			t.Errorf("%x is not %v", value, want)
		}
	}
}

// Of the two programs for Windows, the one without a console window is started.
func TestWindowless(t *testing.T) {
	dir := t.TempDir()
	exe, w := filepath.Join(dir, "kapu.exe"), filepath.Join(dir, "kapuw.exe")
	if got := windowless(exe); got != exe {
		t.Errorf("alone: %s", got)
	}
	if err := os.WriteFile(w, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if got := windowless(exe); got != w {
		t.Errorf("with kapuw.exe beside it: %s", got)
	}
	if kapu := filepath.Join(dir, "kapu"); windowless(kapu) != kapu {
		t.Error("a program of another system was replaced")
	}
}
