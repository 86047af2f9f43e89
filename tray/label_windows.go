package tray

import "strings"

// escape writes a label as Win32 menus want it: an ampersand marks a shortcut, two are one.
func escape(label string) string { return strings.ReplaceAll(label, "&", "&&") }
