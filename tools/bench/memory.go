//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// memory adds up what the two processes hold. Pages that they share are counted once.
func (s *seat) memory(when string) error {
	what := "memory of tray and agent, " + when
	agent, err := s.agentPID()
	if err != nil {
		return err
	}
	select {
	case <-time.After(settleTime):
	case <-s.b.ctx.Done():
		return s.b.ctx.Err()
	}
	tray, errTray := pss(s.process.Pid())
	keys, errAgent := pss(agent)
	if err := errors.Join(errTray, errAgent); err != nil {
		s.b.table.skip(what, "≤ 26 MB", err)
		return nil
	}
	s.b.table.add(row{
		what, fmt.Sprintf("%s (tray %s, agent %s)", mb(tray.pss+keys.pss), mb(tray.pss), mb(keys.pss)), "≤ 26 MB",
		fmt.Sprintf("Pss of /proc/PID/smaps_rollup, 1 round; of it anonymous: tray %s, agent %s", mb(tray.anonymous), mb(keys.anonymous)),
	})
	return nil
}

// held is the memory of a process in bytes.
type held struct{ pss, anonymous int }

// pss reads what the kernel counts. Of the agent only root may know: it shows its memory to nobody.
func pss(pid int) (held, error) {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", pid))
	if err != nil {
		if errors.Is(err, os.ErrPermission) {
			err = fmt.Errorf("%w: the agent is closed even to its user, run this as root", err)
		}
		return held{}, err
	}
	var h held
	for line := range strings.Lines(string(data)) {
		name, value, _ := strings.Cut(line, ":")
		kb, _ := strconv.Atoi(strings.TrimSuffix(strings.TrimSpace(value), " kB"))
		switch name {
		case "Pss":
			h.pss = kb << 10
		case "Anonymous":
			h.anonymous = kb << 10
		}
	}
	if h.pss == 0 {
		return held{}, fmt.Errorf("process %d has no memory", pid)
	}
	return h, nil
}

func mb(bytes int) string { return fmt.Sprintf("%.1f MB", float64(bytes)/1e6) }

// rivalMemory measures KeePassXC with the same clients open.
func (o *person) rivalMemory() error {
	const what = "memory of KeePassXC with the same clients"
	if err := o.keepassxcMemory(what); err != nil {
		o.b.table.skip(what, "", err)
	}
	return nil
}

func (o *person) keepassxcMemory(what string) error {
	dir := filepath.Join(o.b.dir, "keepassxc-memory")
	database, err := makeKeePassXC(o.b.ctx, o.Env(), dir, o.clients)
	if err != nil {
		return err
	}
	cmd := o.Command(context.Background(), "keepassxc", "--pw-stdin", "--config", filepath.Join(dir, "config"),
		"--localconfig", filepath.Join(dir, "local"), database)
	cmd.Stdin = strings.NewReader(password + "\n")
	process, err := o.Launch(cmd)
	if err != nil {
		return err
	}
	defer process.Stop()
	if err := o.waitOpened(); err != nil {
		return fmt.Errorf("%w: %s", err, process.Output())
	}
	time.Sleep(5 * time.Second)
	h, err := pss(process.Pid())
	if err != nil {
		return err
	}
	o.b.table.add(row{
		what, mb(h.pss), "", fmt.Sprintf("Pss of keepassxc --pw-stdin, its window open, 1 round; of it anonymous: %s", mb(h.anonymous)),
	})
	return nil
}

// waitOpened waits until KeePassXC's window has the name that is inside the database.
func (o *person) waitOpened() error {
	ctx, cancel := context.WithTimeout(o.b.ctx, stepTime)
	defer cancel()
	title := ""
	for ctx.Err() == nil {
		out, _ := o.Command(ctx, "xdotool", "search", "--onlyvisible", "--class", "keepassxc", "getwindowname").Output()
		title = strings.TrimSpace(string(out))
		if strings.Contains(title, databaseName) && !strings.Contains(title, "[") {
			return nil
		}
		time.Sleep(200 * time.Millisecond)
	}
	return fmt.Errorf("KeePassXC does not open its database; its window is called %q", title)
}
