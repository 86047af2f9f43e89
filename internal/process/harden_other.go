//go:build !linux && !windows

package process

// Harden does nothing here yet; docs/security.md says what the system itself gives.
func Harden() {}
