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
	r := resting{limit: 10 * time.Minute}
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
		if reached, wait := r.look(c.now, c.input); reached != c.reached || wait != c.wait {
			t.Errorf("look %d: %v, %s; want %v, %s", i, reached, wait, c.reached, c.wait)
		}
	}
}

func TestWindowMessages(t *testing.T) {
	for _, c := range []struct {
		what   string
		msg    uint32
		wParam uintptr
		want   heard
	}{
		{"locked", wmWTSSessionChange, 0x7, heard{reason: Locked}},
		{"unlocked", wmWTSSessionChange, 0x8, heard{reason: Back}},
		{"user switched", wmWTSSessionChange, 0x2, heard{reason: Switched}},
		{"user back", wmWTSSessionChange, 0x1, heard{}},
		{"remote client gone", wmWTSSessionChange, 0x4, heard{reason: Disconnected}},
		{"remote client there", wmWTSSessionChange, 0x3, heard{}},
		{"logged on", wmWTSSessionChange, 0x5, heard{}},
		{"logged off", wmWTSSessionChange, 0x6, heard{reason: Logout}},
		{"session ended", wmWTSSessionChange, 0xB, heard{reason: Logout}},
		{"going to sleep", wmPowerBroadcast, 0x4, heard{reason: Sleep, hold: true}},
		{"woken", wmPowerBroadcast, 0x12, heard{reason: Sleep}},
		{"woken after an emergency", wmPowerBroadcast, 0x6, heard{reason: Sleep}},
		{"on battery", wmPowerBroadcast, 0xA, heard{}},
		{"may the session end?", wmQueryEndSession, 0, heard{reason: Logout}},
		{"the session ends", wmEndSession, 1, heard{reason: Logout, hold: true}},
		{"the session does not end", wmEndSession, 0, heard{}},
		{"the clock was set", wmTimeChange, 0, heard{reason: Clock}},
		{"painting", 0x000F, 0x7, heard{}},
	} {
		if got := hear(c.msg, c.wParam); got != c.want {
			t.Errorf("%s: %+v, want %+v", c.what, got, c.want)
		}
	}
}
