//go:build !linux

package clip

import "context"

func readPicture(ctx context.Context) ([]byte, error) { return libraryPicture(ctx) }
