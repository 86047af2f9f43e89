package session

import "time"

const (
	// clockTolerance is how far the wall clock may be set without anybody having been away: time servers
	// correct seconds.
	clockTolerance = 30 * time.Second
	// sleepTolerance is the shortest sleep that counts.
	sleepTolerance = time.Second
)

// clocks are the system's clocks, read at one moment. Each has a zero of its own.
type clocks struct {
	wall time.Duration // can be set
	mono time.Duration // cannot be set
	boot time.Duration // like mono, and surely goes on during sleep; equal to mono where there is no such clock
}

// judge detects a sleep, or a jump of the wall clock, between two readings: "" is nothing unusual.
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

// begun is where plainClocks counts from.
var begun = time.Now()

// plainClocks reads the clocks that Go knows on every system.
func plainClocks() clocks {
	now := time.Now()
	mono := now.Sub(begun)
	return clocks{wall: time.Duration(now.UnixNano()), mono: mono, boot: mono}
}
