package tray

import (
	"unsafe"

	"golang.org/x/sys/windows"
)

var (
	user32  = windows.NewLazySystemDLL("user32.dll")
	shell32 = windows.NewLazySystemDLL("shell32.dll")

	procCallWindowProc           = user32.NewProc("CallWindowProcW")
	procCreateIcon               = user32.NewProc("CreateIconFromResourceEx")
	procCreateWindowEx           = user32.NewProc("CreateWindowExW")
	procDestroyIcon              = user32.NewProc("DestroyIcon")
	procDestroyWindow            = user32.NewProc("DestroyWindow")
	procFindWindowEx             = user32.NewProc("FindWindowExW")
	procGetDpiForWindow          = user32.NewProc("GetDpiForWindow")
	procGetSystemMetrics         = user32.NewProc("GetSystemMetrics")
	procGetSystemMetricsForDpi   = user32.NewProc("GetSystemMetricsForDpi")
	procGetWindowThreadProcessID = user32.NewProc("GetWindowThreadProcessId")
	procRegisterWindowMessage    = user32.NewProc("RegisterWindowMessageW")
	procSetWindowLongPtr         = user32.NewProc("SetWindowLongPtrW")
	procShellNotifyIcon          = shell32.NewProc("Shell_NotifyIconW")
)

const (
	nimAdd    = 0
	nimModify = 1
	nimDelete = 2

	nifMessage  = 0x01
	nifIcon     = 0x02
	nifTip      = 0x04
	nifState    = 0x08
	nifInfo     = 0x10
	nifRealtime = 0x40 // now or never: a notice about a code is of no use later
	nisHidden   = 0x01

	niifInfo    = 0x01
	niifWarning = 0x02
	niifNoSound = 0x10

	smallIconWidth  = 49
	iconVersion     = 0x00030000
	messageOnly     = ^uintptr(2) // the parent of windows that are never shown: -3
	windowProcedure = ^uintptr(3) // -4
)

// notifyIcon is NOTIFYICONDATAW.
type notifyIcon struct {
	size             uint32
	window           uintptr
	id               uint32
	flags            uint32
	message          uint32
	icon             uintptr
	tip              [128]uint16
	state, stateMask uint32
	info             [256]uint16
	version          uint32
	infoTitle        [64]uint16
	infoFlags        uint32
	guid             windows.GUID
	balloonIcon      uintptr
}

// tell sends it to the taskbar and says whether that has taken it.
func (n *notifyIcon) tell(how uintptr) bool {
	n.size = uint32(unsafe.Sizeof(*n))
	taken, _, _ := procShellNotifyIcon.Call(how, uintptr(unsafe.Pointer(n)))
	return taken != 0
}
