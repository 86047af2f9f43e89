package session

import "time"

// idlePoll is the decision about idleness where the system has no event and must be polled, adaptively: not before the
// limit could be reached.
type idlePoll struct {
	limit    time.Duration
	reported bool
	since    time.Duration // of the rest that was reported
}

// check is given the time now and the time of the last input, on the same clock. It says whether the limit has been
// reached by a rest that was not reported yet, and how long to wait before the next poll.
func (r *idlePoll) check(now, input time.Duration) (reached bool, wait time.Duration) {
	idle := now - input
	if idle < r.limit {
		return false, max(r.limit-idle, pollEvery)
	}
	reached = !r.reported || input != r.since
	r.reported, r.since = true, input
	return reached, max(r.limit, pollEvery) // even if the person is back at once, it takes that long again
}
