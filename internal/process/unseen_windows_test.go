package process

import (
	"runtime"
	"testing"
	"unsafe"

	"golang.org/x/sys/windows"
)

// A window that comes to the front while a dialog runs is left out of pictures; one of another time is not. Wine keeps
// no affinity; there the test shows only that nothing breaks.
func TestUnseen(t *testing.T) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	affinity := func() (value uint32) {
		class, _ := windows.UTF16PtrFromString("STATIC")
		const visible, popup = 0x10000000, 0x80000000
		window, _, err := user32.NewProc("CreateWindowExW").Call(
			0, uintptr(unsafe.Pointer(class)), 0, visible|popup, 0, 0, 40, 40, 0, 0, 0, 0)
		if window == 0 {
			t.Skip(err)
		}
		defer user32.NewProc("DestroyWindow").Call(window)
		_, _, _ = user32.NewProc("SetForegroundWindow").Call(window)
		ok, _, err := user32.NewProc("GetWindowDisplayAffinity").Call(window, uintptr(unsafe.Pointer(&value)))
		t.Log(ok, value, err)
		return value
	}
	if got := affinity(); got != 0 {
		t.Errorf("a window of any time: %d", got)
	}
	var inside uint32
	Unseen(func() { inside = affinity() })
	wine := windows.NewLazySystemDLL("ntdll.dll").NewProc("wine_get_version").Find() == nil
	if inside == 0 && !wine {
		t.Error("a dialog's window can be taken pictures of")
	}
	if got := affinity(); got != 0 {
		t.Errorf("afterwards: %d", got)
	}
}
