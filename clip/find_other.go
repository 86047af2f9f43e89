//go:build !linux

package clip

func find() (system, error) { return openLibrary() }
