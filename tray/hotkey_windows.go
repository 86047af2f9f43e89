package tray

import (
	"runtime"
	"strconv"
	"unsafe"

	"golang.org/x/sys/windows"

	"kapu/config"
)

var (
	procAllowSetForegroundWindow = user32.NewProc("AllowSetForegroundWindow")
	procGetMessage               = user32.NewProc("GetMessageW")
	procPeekMessage              = user32.NewProc("PeekMessageW")
	procPostThreadMessage        = user32.NewProc("PostThreadMessageW")
	procRegisterHotKey           = user32.NewProc("RegisterHotKey")
	procUnregisterHotKey         = user32.NewProc("UnregisterHotKey")
)

const (
	hotkeyID = 1

	modAlt      = 0x0001
	modControl  = 0x0002
	modShift    = 0x0004
	modWin      = 0x0008
	modNoRepeat = 0x4000

	wmQuit   = 0x0012
	wmHotkey = 0x0312

	anyProcess = ^uintptr(0)
)

// grab asks Windows for a combination of keys until letGo is called. Another program may have it already.
func grab(h config.Hotkey, pressed func()) (letGo func(), err error) {
	taken, ended := make(chan error), make(chan struct{})
	var thread uintptr
	go func() {
		defer close(ended)
		runtime.LockOSThread() // Windows tells the thread that has asked, which ends with this
		var first message
		_, _, _ = procPeekMessage.Call(uintptr(unsafe.Pointer(&first)), 0, 0, 0, 0) // only now can the thread be told anything
		if ok, _, err := procRegisterHotKey.Call(0, hotkeyID, modifiers(h)|modNoRepeat, virtualKey(h.Key)); ok == 0 {
			taken <- err
			return
		}
		defer procUnregisterHotKey.Call(0, hotkeyID)
		thread = uintptr(windows.GetCurrentThreadId())
		taken <- nil
		hearHotkey(pressed)
	}()
	if err := <-taken; err != nil {
		return nil, err
	}
	return func() {
		_, _, _ = procPostThreadMessage.Call(thread, wmQuit, 0, 0)
		<-ended
	}, nil
}

// message is MSG.
type message struct {
	window         uintptr
	number         uint32
	wParam, lParam uintptr
	time           uint32
	x, y           int32
	private        uint32
}

// hearHotkey waits for the keys until it is told to end.
func hearHotkey(pressed func()) {
	var msg message
	for {
		if r, _, _ := procGetMessage.Call(uintptr(unsafe.Pointer(&msg)), 0, 0, 0); int32(r) <= 0 {
			return
		}
		if msg.number == wmHotkey {
			// Who was told of the keys may open a window in front of all others, and lend that to the browser.
			_, _, _ = procAllowSetForegroundWindow.Call(anyProcess)
			pressed()
		}
	}
}

func modifiers(h config.Hotkey) (bits uintptr) {
	for bit, held := range map[uintptr]bool{modAlt: h.Alt, modControl: h.Ctrl, modShift: h.Shift, modWin: h.Win} {
		if held {
			bits |= bit
		}
	}
	return bits
}

// virtualKey is Windows' number of a key.
func virtualKey(name string) uintptr {
	const space, f1 = 0x20, 0x70
	if name == "SPACE" {
		return space
	}
	if n, err := strconv.Atoi(name[1:]); err == nil && name[0] == 'F' {
		return f1 + uintptr(n) - 1
	}
	return uintptr(name[0]) // letters and digits
}
