package clip

import (
	"context"
	"os"
	"runtime"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"
)

var (
	user32             = windows.NewLazySystemDLL("user32.dll")
	kernel32           = windows.NewLazySystemDLL("kernel32.dll")
	procOpenClipboard  = user32.NewProc("OpenClipboard")
	procCloseClipboard = user32.NewProc("CloseClipboard")
	procEmptyClipboard = user32.NewProc("EmptyClipboard")
	procClipboardData  = user32.NewProc("GetClipboardData")
	procGlobalLock     = kernel32.NewProc("GlobalLock")
	procGlobalUnlock   = kernel32.NewProc("GlobalUnlock")
	procGlobalSize     = kernel32.NewProc("GlobalSize")
)

// empty empties the clipboard if it has a doomed text, and says whether it had. While it is open for this, no other
// program can change it.
func empty(ctx context.Context, doomed func([]byte) bool) (bool, error) {
	runtime.LockOSThread() // the clipboard is opened for a thread
	defer runtime.UnlockOSThread()
	for start := time.Now(); ; time.Sleep(10 * time.Millisecond) {
		if opened, _, _ := procOpenClipboard.Call(0); opened != 0 {
			break
		}
		if time.Since(start) > readTime {
			return false, os.ErrDeadlineExceeded
		}
	}
	defer procCloseClipboard.Call()
	text, err := openText()
	if err != nil || !doomed(text) || ctx.Err() != nil {
		return false, err
	}
	done, _, err := procEmptyClipboard.Call()
	if done == 0 {
		return false, err
	}
	return true, nil
}

// openText is the text of the clipboard that is open.
func openText() ([]byte, error) {
	const unicodeText = 13
	memory, _, _ := procClipboardData.Call(unicodeText)
	if memory == 0 {
		return nil, errNoText
	}
	at, _, _ := procGlobalLock.Call(memory)
	if at == 0 {
		return nil, errNoText
	}
	defer procGlobalUnlock.Call(memory)
	size, _, _ := procGlobalSize.Call(memory)
	if size > maxRead {
		return nil, errNoText
	}
	units := unsafe.Slice(*(**uint16)(unsafe.Pointer(&at)), size/2)
	return []byte(windows.UTF16ToString(units)), nil
}
