package session

import "time"

// macEvery is how often the clocks are compared. The system would tell, but only to a program made with cgo.
const macEvery = 10 * time.Second

func sources() []source {
	missing := func(*watch, string) outcome { return unavailable(NotBuilt, "macOS") }
	return []source{
		{"screen-lock", []Reason{Locked}, missing},
		{"sleep", []Reason{Sleep}, missing},
		{"session", []Reason{Logout, Switched, Disconnected}, missing},
		{"idle", []Reason{Idle}, missing},
		{"clock", []Reason{Clock}, comparedClocks},
	}
}

// comparedClocks notices on waking that the machine has slept, and that the clock was set. Go's monotonic clock
// stands still while a Mac sleeps, so both look the same.
func comparedClocks(w *watch, name string) outcome {
	w.run(func() {
		tick := time.NewTicker(macEvery)
		defer tick.Stop()
		for then := plainClocks(); ; {
			select {
			case <-w.ctx.Done():
				return
			case <-tick.C:
			}
			now := plainClocks()
			if r := judge(then, now); r != "" {
				w.emit(name, r)
			}
			then = now
		}
	})
	return working("every 10 s")
}
