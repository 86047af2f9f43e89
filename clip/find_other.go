//go:build !linux

package clip

import "golang.design/x/clipboard"

func find() (system, error) { return library{}, clipboard.Init() }
