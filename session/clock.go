package session

import "time"

const (
	// clockTolerance is how far the wall clock may be set without anybody having been away: time servers
	// correct seconds.
	clockTolerance = 30 * time.Second
	// sleepTolerance is the shortest sleep that counts.
	sleepTolerance = time.Second
)

// clocks is a sample of the system's clocks at one moment. Each has an epoch of its own.
type clocks struct {
	wall time.Duration // can be set
	mono time.Duration // cannot be set
	boot time.Duration // like mono, and surely goes on during sleep; equal to mono where there is no such clock
}

// judge compares two samples and tells what happened in between: a sleep, a step of the wall clock, or "".
func judge(then, now clocks) Reason {
	slept := (now.boot - then.boot) - (now.mono - then.mono)
	if slept >= sleepTolerance {
		return Sleep
	}
	set := (now.wall - then.wall) - (now.boot - then.boot)
	if set.Abs() >= clockTolerance {
		return Clock
	}
	return ""
}

// begun is the epoch of plainClocks' monotonic clock.
var begun = time.Now()

// plainClocks reads the clocks that Go knows on every system.
func plainClocks() clocks {
	now := time.Now()
	mono := now.Sub(begun)
	return clocks{wall: time.Duration(now.UnixNano()), mono: mono, boot: mono}
}
