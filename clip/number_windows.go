package clip

import "golang.org/x/sys/windows"

var procClipboardNumber = windows.NewLazySystemDLL("user32.dll").NewProc("GetClipboardSequenceNumber")

// number changes with each change of the clipboard. The library looks at it only once a second, and what somebody
// copied in that second would be taken for ours.
func number() uint32 {
	n, _, _ := procClipboardNumber.Call()
	return uint32(n)
}
