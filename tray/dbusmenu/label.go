//go:build linux

package dbusmenu

import (
	"strings"

	"kapu/internal/sessionbus"
)

// escape writes a label as panels want it: an underscore marks a shortcut, two are one.
func escape(label string) string {
	if sessionbus.OnGNOMEShell() {
		return escapeFirst(label)
	}
	return strings.ReplaceAll(label, "_", "__")
}

// escapeFirst writes a label for GNOME's extension, which takes the first underscore that something else follows for
// the mark of a shortcut, and all others as they are.
func escapeFirst(label string) string {
	for i := range label {
		if label[i] == '_' && i+1 < len(label) && label[i+1] != '_' {
			return label[:i] + "_" + label[i:]
		}
	}
	return label
}
