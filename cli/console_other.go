//go:build !windows

package cli

func showColours() {}
