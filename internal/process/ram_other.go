//go:build !linux

package process

import "kapu/lang"

// KeepInRAM does nothing here yet: what Windows lets a program lock is a part of its address space that Go's heap
// does not keep to.
func KeepInRAM() error { return lang.E("memory-not-built") }

// SwapsToDisk is what these systems do unless somebody has changed them.
func SwapsToDisk() bool { return true }
