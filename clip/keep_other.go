//go:build !linux

package clip

// KeepEmpty has nothing to do here: the system keeps the emptiness.
func KeepEmpty() error { return nil }
