package config

import (
	"slices"
	"strconv"
	"strings"
)

// Hotkey is a global keyboard shortcut: a combination of keys that the program answers to whatever window is in front.
type Hotkey struct {
	Ctrl, Alt, Shift, Win bool
	// Key is "A" to "Z", "0" to "9", "Space", or "F1" to "F11"; F12 is the debuggers' on Windows.
	Key string
}

// ParseHotkey reads "Ctrl+Alt+Shift+K". What a program or a person types with is none: a key alone or with one
// modifier, and Ctrl+Alt, which is AltGr and writes @, { and ł on Hungarian keyboards.
func ParseHotkey(text string) (h Hotkey, ok bool) {
	parts := strings.Split(strings.ToUpper(text), "+")
	modifiers := map[string]*bool{"CTRL": &h.Ctrl, "ALT": &h.Alt, "SHIFT": &h.Shift, "WIN": &h.Win}
	last := len(parts) - 1
	for _, name := range parts[:last] {
		held := modifiers[strings.TrimSpace(name)]
		if held == nil || *held {
			return Hotkey{}, false
		}
		*held = true
	}
	h.Key = strings.TrimSpace(parts[last])
	altGr := last == 2 && h.Ctrl && h.Alt
	if last < 2 || altGr || !slices.Contains(hotkeys(), h.Key) {
		return Hotkey{}, false
	}
	return h, true
}

// hotkeys are the keys that every keyboard has.
func hotkeys() []string {
	keys := []string{"SPACE"}
	for c := 'A'; c <= 'Z'; c++ {
		keys = append(keys, string(c))
	}
	for n := range 12 {
		if n < 10 {
			keys = append(keys, strconv.Itoa(n))
		}
		if n > 0 {
			keys = append(keys, "F"+strconv.Itoa(n))
		}
	}
	return keys
}
