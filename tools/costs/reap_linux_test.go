package main

import (
	"os/exec"
	"testing"
	"time"
)

// What a child leaves behind is counted when it has ended before the command has: a browser's processes are no
// children of who started it, once it has been killed.
func TestOrphansAreCounted(t *testing.T) {
	const busy = `i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done`
	cost := func(script string) time.Duration {
		code, cpu, err := run(exec.Command("sh", "-c", script))
		if err != nil || code != 3 {
			t.Fatalf("%d, %v", code, err)
		}
		return cpu
	}
	waited := cost(busy + `; exit 3`)
	// The inner shell leaves the loop behind. Its process is there until it has been waited for.
	left := cost(`pid=$(sh -c '{ ` + busy + `; } >/dev/null & echo $!')
		while kill -0 $pid 2>/dev/null; do sleep 0.05; done; exit 3`)
	if left < waited/4 {
		t.Errorf("what was left behind took %v, and the same as a child %v", left, waited)
	}
}
