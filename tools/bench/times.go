//go:build linux

package main

import (
	"fmt"
	"math"
	"slices"
	"time"
)

// times are the measured times of one thing.
type times []time.Duration

// at is the time that so many of a hundred stay within (nearest rank: always one that was measured).
func (t times) at(percent float64) time.Duration {
	if len(t) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(t))
	rank := int(math.Ceil(percent / 100 * float64(len(sorted))))
	return sorted[max(rank, 1)-1]
}

func (t times) median() time.Duration { return t.at(50) }

func (t times) String() string {
	return fmt.Sprintf("p50 %s, worst %s", ms(t.median()), ms(t.at(100)))
}

// ms writes a time in milliseconds, with as many places as it deserves.
func ms(d time.Duration) string {
	v := float64(d) / float64(time.Millisecond)
	switch {
	case v >= 100:
		return fmt.Sprintf("%.0f ms", v)
	case v >= 10:
		return fmt.Sprintf("%.1f ms", v)
	default:
		return fmt.Sprintf("%.2f ms", v)
	}
}
