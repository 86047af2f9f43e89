//go:build !windows

package clip

// sequenceNumber would tell of changes of the clipboard; here the library hears of each at once.
func sequenceNumber() uint32 { return 0 }
