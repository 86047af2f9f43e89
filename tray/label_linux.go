package tray

import "strings"

// escape writes a label as the desktop's menu wants it: an underscore marks a shortcut, two are one.
func escape(label string) string { return strings.ReplaceAll(label, "_", "__") }
