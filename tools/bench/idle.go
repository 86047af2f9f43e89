//go:build linux

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// settleTime is for what still follows the last thing that a person did: uses are saved after five seconds, and
// memory is given back after three more.
const settleTime = 12 * time.Second

// idle counts how often the two processes get the processor while nobody does anything.
func (s *seat) idle() error {
	agent, err := s.agentPID()
	if err != nil {
		return err
	}
	pause := time.Minute
	if s.b.quick {
		pause = 10 * time.Second
	}
	select {
	case <-time.After(settleTime):
	case <-s.b.ctx.Done():
		return s.b.ctx.Err()
	}
	trayBefore, agentBefore := readWork(s.process.Pid()), readWork(agent)
	select {
	case <-time.After(pause):
	case <-s.b.ctx.Done():
		return s.b.ctx.Err()
	}
	trayDid, agentDid := readWork(s.process.Pid()).since(trayBefore), readWork(agent).since(agentBefore)
	s.b.table.add(row{
		fmt.Sprintf("%v of rest, unlocked", pause),
		fmt.Sprintf("tray %s; agent %s", trayDid, agentDid), "no timer wakes either",
		"context switches of all threads in /proc/PID/task/*/status, and time on a core in schedstat; 1 round, " +
			fmt.Sprintf("%v after unlocking; Go's own watchman (sysmon) looks around once a minute", settleTime),
	})
	return nil
}

// work is what a process has done so far.
type work struct {
	switches int           // voluntary and not
	busy     time.Duration // on a core
}

// readWork adds up the threads. One that ends meanwhile takes its counts with it; at rest none does.
func readWork(pid int) work {
	var w work
	tasks, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*", pid))
	for _, task := range tasks {
		status, _ := os.ReadFile(filepath.Join(task, "status"))
		for line := range strings.Lines(string(status)) {
			if name, value, ok := strings.Cut(line, ":"); ok && strings.HasSuffix(name, "voluntary_ctxt_switches") {
				n, _ := strconv.Atoi(strings.TrimSpace(value))
				w.switches += n
			}
		}
		if fields := strings.Fields(firstLine(filepath.Join(task, "schedstat"))); len(fields) > 0 {
			n, _ := strconv.ParseInt(fields[0], 10, 64)
			w.busy += time.Duration(n)
		}
	}
	return w
}

func (w work) since(before work) work {
	return work{w.switches - before.switches, w.busy - before.busy}
}

func (w work) String() string { return fmt.Sprintf("%d switches, %s", w.switches, ms(w.busy)) }
