package session

import (
	"time"
	"unsafe"

	"golang.org/x/sys/windows"
)

func sources() []source {
	win := &window{ready: make(chan struct{})}
	_, _ = module() // open says what is wrong with it
	return []source{
		{"session-change", []Reason{Locked, Switched, Disconnected, Logout, Back}, func(w *watch, name string) outcome {
			if err := win.open(w); err != nil {
				return failed(err)
			}
			if win.wtsErr != nil {
				return unavailable(Failed, "WTSRegisterSessionNotification: "+win.wtsErr.Error())
			}
			return working("WM_WTSSESSION_CHANGE")
		}},
		{"power", []Reason{Sleep}, win.source("WM_POWERBROADCAST")},
		{"end-session", []Reason{Logout}, win.source("WM_QUERYENDSESSION")},
		{"clock", []Reason{Clock}, win.source("WM_TIMECHANGE")},
		{"idle", []Reason{Idle}, lastInput},
	}
}

// source is the start of a source for which the window is enough.
func (win *window) source(detail string) func(*watch, string) outcome {
	return func(w *watch, _ string) outcome {
		if err := win.open(w); err != nil {
			return failed(err)
		}
		return working(detail)
	}
}

var procGetLastInputInfo = user32.NewProc("GetLastInputInfo")

// lastInput asks for the time of the last input; there is no event. It asks when the limit could be reached.
func lastInput(w *watch, name string) outcome {
	input, now, err := readInput()
	if err != nil {
		return failed(err)
	}
	begun := now // somebody has just unlocked: a rest before that, in a session without input so far, is no reason to lock
	w.run(func() {
		r := idlePoll{limit: w.opts.Idle}
		for {
			reached, wait := r.check(now, max(input, begun))
			if reached {
				w.emit(name, Idle)
			}
			select {
			case <-w.ctx.Done():
				return
			case <-time.After(wait):
			}
			if in, at, err := readInput(); err == nil {
				input, now = in, at
			} // else the desktop belongs to somebody else for the moment, and time goes on
		}
	})
	return working("GetLastInputInfo")
}

// readInput returns the time of the last input and the time now, since the machine was started.
func readInput() (input, now time.Duration, err error) {
	info := struct{ size, tick uint32 }{size: 8}
	if ok, _, err := procGetLastInputInfo.Call(uintptr(unsafe.Pointer(&info))); ok == 0 {
		return 0, 0, err
	}
	now = windows.DurationSinceBoot().Truncate(time.Millisecond)
	// The input's time has 32 bits, so it starts anew every 49 days: only the difference can be trusted.
	idle := uint32(now.Milliseconds()) - info.tick
	return now - time.Duration(idle)*time.Millisecond, now, nil
}
