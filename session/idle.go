package session

import "time"

// resting decides about idleness where the system must be asked. It says when to ask again: not before the
// limit could be reached.
type resting struct {
	limit time.Duration
	told  bool
	since time.Duration // of the rest that was told
}

// look takes the time now and the time of the last input, on the same clock. It tells whether the limit has been
// reached by a rest that was not told yet, and how long to wait before looking again.
func (r *resting) look(now, input time.Duration) (reached bool, wait time.Duration) {
	idle := now - input
	if idle < r.limit {
		return false, max(r.limit-idle, pollEvery)
	}
	reached = !r.told || input != r.since
	r.told, r.since = true, input
	return reached, max(r.limit, pollEvery) // even if the person is back at once, it takes that long again
}
