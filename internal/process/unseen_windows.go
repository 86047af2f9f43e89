package process

import (
	"runtime"
	"sync"

	"golang.org/x/sys/windows"
)

var (
	user32       = windows.NewLazySystemDLL("user32.dll")
	procSetHook  = user32.NewProc("SetWindowsHookExW")
	procUnhook   = user32.NewProc("UnhookWindowsHookEx")
	procNextHook = user32.NewProc("CallNextHookEx")
	procAffinity = user32.NewProc("SetWindowDisplayAffinity")
)

// Unseen runs a dialog whose windows are left out of what other programs take pictures of: screenshots, recordings, a
// screen that is shared. Windows before 10 2004 show them black there.
func Unseen(dialog func()) {
	runtime.LockOSThread() // the hook is the thread's, and so are the windows
	defer runtime.UnlockOSThread()
	const computerBasedTraining = 5
	hook, _, _ := procSetHook.Call(computerBasedTraining, activation(), 0, uintptr(windows.GetCurrentThreadId()))
	if hook != 0 {
		defer procUnhook.Call(hook)
	}
	dialog()
}

// activation is called, for a thread with the hook, before a window comes to the front: it has been made by then, and
// is not seen yet.
var activation = sync.OnceValue(func() uintptr {
	return windows.NewCallback(func(code int32, window, more uintptr) uintptr {
		const activate, nothing, black = 5, 0x11, 1
		if code == activate {
			if done, _, _ := procAffinity.Call(window, nothing); done == 0 {
				_, _, _ = procAffinity.Call(window, black)
			}
		}
		next, _, _ := procNextHook.Call(0, uintptr(code), window, more)
		return next
	})
})
