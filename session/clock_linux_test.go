package session

import "testing"

// The clock of the machine that runs the tests cannot be set, so that much is left to the eye: that the timer
// is one that the kernel cancels, that it does not fire, and that it ends with the watch.
func TestClockTimer(t *testing.T) {
	for name, code := range map[string]Code{"clock": "", "clock-sleep": OnWaking} {
		w := env().start(t, Options{}, name).is(Working, code)
		w.nothing()
	}
	if r := judge(readClocks(), readClocks()); r != "" {
		t.Errorf("nothing has happened, but: %q", r)
	}
}
