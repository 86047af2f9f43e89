//go:build !windows

package config

// withKeys adds what other places than the file say; here there are none.
func withKeys(p Policy) (Policy, error) { return p, nil }
