package config

import "testing"

func TestParseHotkey(t *testing.T) {
	for text, want := range map[string]Hotkey{
		"Ctrl+Alt+Shift+K":    {Ctrl: true, Alt: true, Shift: true, Key: "K"},
		" win + shift + f11 ": {Win: true, Shift: true, Key: "F11"},
		"Ctrl+Alt+Win+0":      {Ctrl: true, Alt: true, Win: true, Key: "0"},
		"Alt+Shift+Space":     {Alt: true, Shift: true, Key: "SPACE"},
	} {
		if got, ok := ParseHotkey(text); !ok || got != want {
			t.Errorf("%q is %+v, %v", text, got, ok)
		}
	}
	for _, text := range []string{
		"", "K", "+", "Ctrl", "Ctrl+C", "Shift+K", "Win+L", // what is typed, or somebody else's
		"Ctrl+Alt+V", "Alt+Ctrl+Space", // AltGr
		"Ctrl+Ctrl+K", "Ctrl+Shift", "Ctrl+Shift+", "Ctrl+Shift+F12", "Ctrl+Shift+É", "Ctrl+Shift+KK", "Super+Shift+K",
	} {
		if got, ok := ParseHotkey(text); ok {
			t.Errorf("%q is %+v", text, got)
		}
	}
	if _, ok := ParseHotkey(Default().SearchHotkey); !ok {
		t.Error("the default is none")
	}
}
