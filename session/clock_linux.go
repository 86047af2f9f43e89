package session

import (
	"context"
	"errors"
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// clockWatch tells when the wall clock is set, and when the machine has slept without saying so beforehand.
type clockWatch struct {
	judge func(then, now clocks) Reason
}

func (c clockWatch) clock(w *watch, name string) outcome {
	return c.start(w, name, Clock)
}

func (c clockWatch) sleep(w *watch, name string) outcome {
	f := c.start(w, name, Sleep)
	if f.state == Working {
		f.code = OnWaking
	}
	return f
}

// start sets a timer that never ends, but is cancelled when the wall clock jumps against the monotonic one:
// when it is set, and on waking.
func (c clockWatch) start(w *watch, name string, wanted Reason) outcome {
	fd, err := unix.TimerfdCreate(unix.CLOCK_REALTIME, unix.TFD_NONBLOCK|unix.TFD_CLOEXEC)
	if err != nil {
		return failed(os.NewSyscallError("timerfd_create", err))
	}
	timer := os.NewFile(uintptr(fd), "timerfd")
	if err := arm(fd); err != nil {
		timer.Close()
		return failed(os.NewSyscallError("timerfd_settime", err))
	}
	then := readClocks()
	w.run(func() {
		defer context.AfterFunc(w.ctx, func() { timer.Close() })()
		defer timer.Close()
		for {
			_, err := timer.Read(make([]byte, 8))
			if err != nil && !errors.Is(err, unix.ECANCELED) {
				return // closed
			}
			now := readClocks()
			if c.judge(then, now) == wanted {
				w.emit(name, wanted)
			}
			then = now
		}
	})
	return working("timerfd")
}

// arm sets the timer so far into the future that only a cancellation ends it. One lasts for every further jump.
func arm(fd int) error {
	const never = 1 << 62 / int64(time.Second)
	spec := unix.ItimerSpec{Value: unix.NsecToTimespec(never * int64(time.Second))}
	err := unix.TimerfdSettime(fd, unix.TFD_TIMER_ABSTIME|unix.TFD_TIMER_CANCEL_ON_SET, &spec, nil)
	if errors.Is(err, unix.ECANCELED) {
		return nil // it is set; the clock was set in the moment since its creation
	}
	return err
}

func readClocks() clocks {
	read := func(clock int32) time.Duration {
		var t unix.Timespec
		_ = unix.ClockGettime(clock, &t) // these clocks exist on every kernel that runs Go
		return time.Duration(t.Nano())
	}
	return clocks{wall: read(unix.CLOCK_REALTIME), mono: read(unix.CLOCK_MONOTONIC), boot: read(unix.CLOCK_BOOTTIME)}
}
