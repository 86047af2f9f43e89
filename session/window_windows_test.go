package session

import (
	"testing"

	"kapu/internal/wait"
)

// A process may watch more than once, and each watch hears its own window.
func TestWatchesBesideEachOther(t *testing.T) {
	first, second := watchWindow(t), watchWindow(t)
	const sessionChange, sessionLock = 0x2B1, 7
	hwnd := uintptr(0)
	windowsHere.Range(func(handle, win any) bool {
		if win.(*window).w == second.w {
			hwnd = handle.(uintptr)
		}
		return hwnd == 0
	})
	if hwnd == 0 {
		t.Fatal("the second watch has no window")
	}
	_, _, _ = procPostMessage.Call(hwnd, sessionChange, sessionLock, 0)
	if e := wait.For(t, "the lock", second.Events()); e.Reason != Locked {
		t.Errorf("told %s", e.Reason)
	}
	select {
	case e := <-first.Events():
		t.Errorf("the first watch was told %s", e.Reason)
	default:
	}
}

// watchWindow is a watch all of whose sources work but those that Wine may lack.
func watchWindow(t *testing.T) *Watcher {
	t.Helper()
	w := Watch(t.Context(), Options{})
	for _, s := range w.Sources() {
		if s.Name == "power" && s.State != Working {
			t.Fatalf("%+v", s)
		}
	}
	return w
}
