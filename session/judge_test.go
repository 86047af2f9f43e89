package session

import (
	"testing"
	"time"
)

func TestJudge(t *testing.T) {
	then := clocks{wall: 1e18, mono: time.Hour, boot: 3 * time.Hour}
	for _, c := range []struct {
		what             string
		wall, mono, boot time.Duration
		want             Reason
	}{
		{"an ordinary minute", time.Minute, time.Minute, time.Minute, ""},
		{"corrected by a time server", time.Minute + 20*time.Second, time.Minute, time.Minute, ""},
		{"corrected backwards", 40 * time.Second, time.Minute, time.Minute, ""},
		{"set back a day", time.Minute - 24*time.Hour, time.Minute, time.Minute, Clock},
		{"set forward an hour", time.Minute + time.Hour, time.Minute, time.Minute, Clock},
		{"slept", time.Hour, time.Minute, time.Hour, Sleep},
		{"slept for seconds", time.Minute + 2*time.Second, time.Minute, time.Minute + 2*time.Second, Sleep},
		{"slept, and was set", -time.Hour, time.Minute, time.Hour, Sleep},
	} {
		now := clocks{then.wall + c.wall, then.mono + c.mono, then.boot + c.boot}
		if got := judge(then, now); got != c.want {
			t.Errorf("%s: %q, want %q", c.what, got, c.want)
		}
	}
	if r := judge(plainClocks(), plainClocks()); r != "" {
		t.Errorf("nothing has happened, but: %q", r)
	}
}

func TestResting(t *testing.T) {
	r := idlePoll{limit: 10 * time.Minute}
	for i, c := range []struct {
		now, input time.Duration
		reached    bool
		wait       time.Duration
	}{
		{time.Hour, time.Hour, false, 10 * time.Minute},                              // looked just after a key
		{70 * time.Minute, 65 * time.Minute, false, 5 * time.Minute},                 // there was one more
		{75*time.Minute - 1, 65 * time.Minute, false, pollEvery},                     // not in a hurry
		{75 * time.Minute, 65 * time.Minute, true, 10 * time.Minute},                 // reached
		{85 * time.Minute, 65 * time.Minute, false, 10 * time.Minute},                // told already
		{95 * time.Minute, 94 * time.Minute, false, 9 * time.Minute},                 // back
		{104 * time.Minute, 94 * time.Minute, true, 10 * time.Minute},                // and away again
		{125 * time.Minute, 114 * time.Minute, true, 10 * time.Minute},               // back unseen, and away again
		{126 * time.Minute, 126*time.Minute + time.Second, false, 601 * time.Second}, // read in the wrong order
	} {
		if reached, wait := r.check(c.now, c.input); reached != c.reached || wait != c.wait {
			t.Errorf("look %d: %v, %s; want %v, %s", i, reached, wait, c.reached, c.wait)
		}
	}
}

func TestWindowMessages(t *testing.T) {
	for _, c := range []struct {
		what   string
		msg    uint32
		wParam uintptr
		want   meaning
	}{
		{"locked", wmWTSSessionChange, 0x7, meaning{reason: Locked}},
		{"unlocked", wmWTSSessionChange, 0x8, meaning{reason: Back}},
		{"user switched", wmWTSSessionChange, 0x2, meaning{reason: Switched}},
		{"user back", wmWTSSessionChange, 0x1, meaning{}},
		{"remote client gone", wmWTSSessionChange, 0x4, meaning{reason: Disconnected}},
		{"remote client there", wmWTSSessionChange, 0x3, meaning{}},
		{"logged on", wmWTSSessionChange, 0x5, meaning{}},
		{"logged off", wmWTSSessionChange, 0x6, meaning{reason: Logout}},
		{"session ended", wmWTSSessionChange, 0xB, meaning{reason: Logout}},
		{"going to sleep", wmPowerBroadcast, 0x4, meaning{reason: Sleep, hold: true}},
		{"woken", wmPowerBroadcast, 0x12, meaning{reason: Sleep}},
		{"woken after an emergency", wmPowerBroadcast, 0x6, meaning{reason: Sleep}},
		{"on battery", wmPowerBroadcast, 0xA, meaning{}},
		{"may the session end?", wmQueryEndSession, 0, meaning{reason: Logout}},
		{"the session ends", wmEndSession, 1, meaning{reason: Logout, hold: true}},
		{"the session does not end", wmEndSession, 0, meaning{}},
		{"the clock was set", wmTimeChange, 0, meaning{reason: Clock}},
		{"painting", 0x000F, 0x7, meaning{}},
	} {
		if got := meaningOf(c.msg, c.wParam); got != c.want {
			t.Errorf("%s: %+v, want %+v", c.what, got, c.want)
		}
	}
}

// A rest that began before the unlocking counts from the unlocking.
func TestRestSince(t *testing.T) {
	begun := time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC)
	const limit = 15 * time.Minute
	at := func(m int) time.Time { return begun.Add(time.Duration(m) * time.Minute) }
	r := restSince{begun, limit, true} // it had reached the limit before
	if !r.first() {
		t.Error("the limit after the unlocking does not count")
	}
	if r.first() {
		t.Error("it counts twice")
	}
	r = restSince{begun, limit, false}
	if r.each(at(5)) {
		t.Error("a rest that began before the unlocking counts from its own beginning")
	}
	if !r.first() {
		t.Error("it does not count from the unlocking")
	}
	if r.each(at(5)) || !r.each(at(40)) || r.first() {
		t.Error("somebody came and rested anew: that rest alone counts")
	}
}
