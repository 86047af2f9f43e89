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

// restSince is the decision about a rest that began before the watching, where the system counts from the last input.
// Somebody has just unlocked, perhaps from elsewhere (a terminal of another session): that was a sign of life, so the
// limit counts from there. Two alarms tell enough: one at the limit (each), and one at the limit after the rest that
// there was at the beginning (first).
type restSince struct {
	begun time.Time
	limit time.Duration
	early bool // the rest that is on began before, and has not lasted the limit since
}

// each is told that a rest has reached the limit, and says whether that counts.
func (r *restSince) each(now time.Time) bool {
	r.early = now.Sub(r.begun) < r.limit
	return !r.early
}

// first is told that a rest has reached the limit and what came before the beginning.
func (r *restSince) first() bool {
	counts := r.early
	r.early = false
	return counts
}
