package tray

import (
	"errors"
	"strings"
	"testing"

	"golang.org/x/sys/windows"

	"kapu/config"
	"kapu/lang"
)

func TestHotkeyIsHeldUntilLetGo(t *testing.T) {
	keys, _ := config.ParseHotkey("Ctrl+Shift+F9")
	for range 2 { // and can be had again at once
		letGo, err := grab(keys, func() {})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := grab(keys, func() {}); !errors.Is(err, windows.ERROR_HOTKEY_ALREADY_REGISTERED) {
			t.Errorf("a second time: %v", err)
		}
		letGo()
	}
}

func TestVirtualKeys(t *testing.T) {
	for name, want := range map[string]uintptr{"A": 0x41, "F": 0x46, "Z": 0x5A, "0": 0x30, "F1": 0x70, "F11": 0x7A, "SPACE": 0x20} {
		if got := virtualKey(name); got != want {
			t.Errorf("%s is %#x, want %#x", name, got, want)
		}
	}
}

// What the settings want counts at once; keys that another program has are said once.
func TestHotkeyFollowsTheSettings(t *testing.T) {
	other, _ := config.ParseHotkey("Ctrl+Shift+F8")
	letGo, err := grab(other, func() {})
	if err != nil {
		t.Fatal(err)
	}
	said := make(chan string, 9)
	tr := &tray{ctx: t.Context(), texts: lang.In(lang.English), notices: newNotices(heard(said))}
	want := func(keys string) { tr.cfg.SearchHotkey = keys; tr.holdHotkey() }
	want("Ctrl+Shift+F8")
	if got := <-said; !strings.Contains(got, "Ctrl+Shift+F8") {
		t.Error(got)
	}
	want("Ctrl+Shift+F8")
	letGo()
	want("Ctrl+Shift+F9")
	if nine, _ := config.ParseHotkey("Ctrl+Shift+F9"); free(nine) {
		t.Error("the new keys are not held")
	}
	want("")
	if nine, _ := config.ParseHotkey("Ctrl+Shift+F9"); !free(nine) {
		t.Error("the old keys are still held")
	}
	tr.notices.close()
	if len(said) > 0 {
		t.Errorf("said too: %s", <-said)
	}
}

// free says whether the keys can be had.
func free(keys config.Hotkey) bool {
	letGo, err := grab(keys, func() {})
	if err == nil {
		letGo()
	}
	return err == nil
}

// heard is a sink that keeps what it was told.
type heard chan string

func (h heard) show(n note) error { h <- n.text; return nil }

func (heard) hide() {}
