package session

import "time"

// resting is the idle detector for systems that must be polled. It polls no sooner than the limit could be reached.
type resting struct {
	limit time.Duration
	told  bool
	since time.Duration // of the rest that was told
}

// sample takes the time now and the time of the last input, on the same clock. It is edge-triggered: reached is whether
// the limit has been passed by a rest that was not told yet; wait is how long until the next sample.
func (r *resting) sample(now, input time.Duration) (reached bool, wait time.Duration) {
	idle := now - input
	if idle < r.limit {
		return false, max(r.limit-idle, pollEvery)
	}
	reached = !r.told || input != r.since
	r.told, r.since = true, input
	return reached, max(r.limit, pollEvery) // even if the person is back at once, it takes that long again
}
