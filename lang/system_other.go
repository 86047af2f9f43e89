//go:build !windows

package lang

// systemLanguage is asked on Windows only; elsewhere the environment says it all.
func systemLanguage() string { return Hungarian }
