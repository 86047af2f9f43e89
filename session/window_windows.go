package session

import (
	"context"
	"runtime"
	"sync"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"
)

// How long Windows is kept waiting: it ends a program that takes more than 5 s at a logout, and sleeps after 2 s.
const (
	holdSleep  = 1500 * time.Millisecond
	holdLogout = 4 * time.Second
)

var (
	user32   = windows.NewLazySystemDLL("user32.dll")
	wtsapi32 = windows.NewLazySystemDLL("wtsapi32.dll")

	procRegisterClassEx       = user32.NewProc("RegisterClassExW")
	procCreateWindowEx        = user32.NewProc("CreateWindowExW")
	procDefWindowProc         = user32.NewProc("DefWindowProcW")
	procDestroyWindow         = user32.NewProc("DestroyWindow")
	procGetMessage            = user32.NewProc("GetMessageW")
	procDispatchMessage       = user32.NewProc("DispatchMessageW")
	procPostMessage           = user32.NewProc("PostMessageW")
	procPostQuitMessage       = user32.NewProc("PostQuitMessage")
	procRegisterSuspendResume = user32.NewProc("RegisterSuspendResumeNotification")
	procWTSRegisterSession    = wtsapi32.NewProc("WTSRegisterSessionNotification")
	procWTSUnregisterSession  = wtsapi32.NewProc("WTSUnRegisterSessionNotification")
)

const (
	wmDestroy = 0x0002
	wmClose   = 0x0010
)

// window is a hidden top-level window that receives the system's messages. A message-only window would not do: those do
// not hear of the end of the session.
type window struct {
	once   sync.Once
	ready  chan struct{}
	err    error
	wtsErr error // why there are no messages about the session

	w    *watch
	then clocks
}

// open creates the window, for whichever source comes first.
func (win *window) open(w *watch) error {
	win.once.Do(func() {
		win.w, win.then = w, plainClocks()
		w.run(win.live)
	})
	<-win.ready
	return win.err
}

// live is the window's whole life. A window belongs to the thread that made it.
func (win *window) live() {
	runtime.LockOSThread() // and the thread ends with it
	hwnd, err := win.create()
	win.err = err
	if err == nil {
		if ok, _, err := procWTSRegisterSession.Call(hwnd, 0); ok == 0 { // 0: our session only
			win.wtsErr = err
		}
		if procRegisterSuspendResume.Find() == nil { // with it, also the sleep that leaves the network on is heard
			_, _, _ = procRegisterSuspendResume.Call(hwnd, 0)
		}
	}
	close(win.ready)
	if err != nil {
		return
	}
	defer windowsHere.Delete(hwnd)
	defer context.AfterFunc(win.w.ctx, func() { _, _, _ = procPostMessage.Call(hwnd, wmClose, 0, 0) })()
	var msg struct {
		hwnd           uintptr
		message        uint32
		wParam, lParam uintptr
		time           uint32
		x, y           int32
		private        uint32
	}
	for {
		// 0 is the end, -1 an error; both mean that there is no window any more.
		if r, _, _ := procGetMessage.Call(uintptr(unsafe.Pointer(&msg)), 0, 0, 0); int32(r) <= 0 {
			win.w.lost("window")
			return
		}
		_, _, _ = procDispatchMessage.Call(uintptr(unsafe.Pointer(&msg)))
	}
}

const className = "KapuSession"

// windowsHere are the windows of this process, *window by handle: all are of one class, and a process may watch more
// than once (an agent does, and so does the check-up that its page shows).
var windowsHere sync.Map

// module registers the class once in a process and returns the module that it belongs to. The first class of a process
// makes the system load its driver, which must not meet a library that another thread is loading (Wine stops for ever
// where they do): so sources asks for it before anything goes on beside it.
var module = sync.OnceValues(func() (windows.Handle, error) {
	var instance windows.Handle
	if err := windows.GetModuleHandleEx(0, nil, &instance); err != nil {
		return 0, err
	}
	name, err := windows.UTF16PtrFromString(className)
	if err != nil {
		return 0, err
	}
	class := struct {
		size, style                        uint32
		proc                               uintptr
		classExtra, windowExtra            int32
		instance                           windows.Handle
		icon, cursor, background, menuName uintptr
		className                          *uint16
		smallIcon                          uintptr
	}{proc: windows.NewCallback(dispatch), instance: instance, className: name}
	class.size = uint32(unsafe.Sizeof(class))
	if atom, _, err := procRegisterClassEx.Call(uintptr(unsafe.Pointer(&class))); atom == 0 {
		return 0, err
	}
	return instance, nil
})

// dispatch is the procedure of the class: it hands a message to its window. One that is just being made has none yet.
func dispatch(hwnd uintptr, msg uint32, wParam, lParam uintptr) uintptr {
	if win, here := windowsHere.Load(hwnd); here {
		return win.(*window).proc(hwnd, msg, wParam, lParam)
	}
	r, _, _ := procDefWindowProc.Call(hwnd, uintptr(msg), wParam, lParam)
	return r
}

func (win *window) create() (uintptr, error) {
	instance, err := module()
	if err != nil {
		return 0, err
	}
	name, err := windows.UTF16PtrFromString(className)
	if err != nil {
		return 0, err
	}
	hwnd, _, err := procCreateWindowEx.Call(
		0, uintptr(unsafe.Pointer(name)), uintptr(unsafe.Pointer(name)), 0, 0, 0, 0, 0, 0, 0, uintptr(instance), 0,
	)
	if hwnd == 0 {
		return 0, err
	}
	windowsHere.Store(hwnd, win)
	return hwnd, nil
}

// proc is called by Windows, on the window's thread.
func (win *window) proc(hwnd uintptr, msg uint32, wParam, lParam uintptr) uintptr {
	switch h := meaningOf(msg, wParam); {
	case h.reason == Clock:
		now := plainClocks()
		if r := judge(win.then, now); r != "" {
			win.emitWithin("clock", r, 0)
		}
		win.then = now
	case h.reason == Sleep:
		win.emitWithin("power", Sleep, hold(h, holdSleep))
		return 1
	case msg == wmQueryEndSession:
		win.emitWithin("end-session", Logout, 0)
		return 1 // we never refuse
	case msg == wmEndSession && h.hold:
		win.emitWithin("end-session", Logout, holdLogout)
	case h.reason != "":
		win.emitWithin("session-change", h.reason, 0)
	case msg == wmClose:
		_, _, _ = procWTSUnregisterSession.Call(hwnd)
		_, _, _ = procDestroyWindow.Call(hwnd)
	case msg == wmDestroy:
		_, _, _ = procPostQuitMessage.Call(0)
	default:
		r, _, _ := procDefWindowProc.Call(hwnd, uintptr(msg), wParam, lParam)
		return r
	}
	return 0
}

func hold(h meaning, limit time.Duration) time.Duration {
	if h.hold {
		return limit
	}
	return 0
}

// emitWithin emits an event and waits until everything is locked, but not longer than the limit.
func (win *window) emitWithin(name string, r Reason, limit time.Duration) {
	done := make(chan struct{})
	win.w.run(func() { win.w.emitHolding(name, r, func() { close(done) }) })
	if limit == 0 {
		return
	}
	select {
	case <-done:
	case <-time.After(limit):
	}
}
