// Package icons holds the tray's pictures: a gate that is open, a gate that is
// locked, and a gate with a dot that asks for attention.
//
// It promises that each is sharp at every size a panel shows, stands out on
// light and on dark panels, and can be told from the others without colour.
// They are all made by the program in draw from the one drawing in
// internal/gate; nobody edits the files by hand.
package icons

import _ "embed"

// Mark is the program's own picture, as SVG.
//
//go:embed kapu.svg
var Mark []byte

//go:generate go run ./draw

// State is what the tray says at a glance.
type State int

const (
	// Open: codes are one click away.
	Open State = iota
	// Locked: no key is in memory.
	Locked
	// Attention: codes are one click away, and something waits for the person.
	Attention
)

// Tray is the picture of s as systray.SetIcon wants it on this system: an ICO
// with every size on Windows, a PNG elsewhere.
func (s State) Tray() []byte {
	return [...][]byte{Open: openIcon, Locked: lockedIcon, Attention: attentionIcon}[s]
}
