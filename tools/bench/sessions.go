//go:build linux

package main

import (
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"kapu/internal/desktop"
	"kapu/internal/examples"
)

// A terminal server: so many people at once, each with so many clients.
const (
	manySessions   = 30
	sessionClients = 300
	sessionFolders = 10
)

// sessions measures what a server holds for all of them: each has a desktop of their own with a panel and a keychain,
// a vault, a tray and an agent.
func (b *bench) sessions() error {
	var seats []*seat
	defer func() {
		for _, s := range seats {
			s.stop()
			s.close()
			s.Desktop.Stop()
		}
	}()
	for i := range manySessions {
		d, err := desktop.Start(b.ctx, desktop.Options{Keyring: true, Panel: desktop.Xfce})
		if err != nil {
			return fmt.Errorf("session %d: %w", i+1, err)
		}
		o := &person{d, b, filepath.Join(d.Home(), "kapu"), examples.Clients(sessionClients, sessionFolders)}
		s, err := o.begin()
		if err != nil {
			d.Stop()
			return fmt.Errorf("session %d: %w", i+1, err)
		}
		seats = append(seats, s)
	}
	select {
	case <-time.After(settleTime):
	case <-b.ctx.Done():
		return b.ctx.Err()
	}
	var each, trays, agents []int
	total := 0
	for i, s := range seats {
		agent, err := s.agentPID()
		if err != nil {
			return fmt.Errorf("session %d: %w", i+1, err)
		}
		tray, err := pss(s.process.Pid())
		if err != nil {
			return err
		}
		keys, err := pss(agent)
		if err != nil {
			return err
		}
		each, trays, agents = append(each, tray.pss+keys.pss), append(trays, tray.pss), append(agents, keys.pss)
		total += tray.pss + keys.pss
	}
	for _, sizes := range [][]int{each, trays, agents} {
		slices.Sort(sizes)
	}
	middle := manySessions / 2
	b.table.add(row{
		fmt.Sprintf("memory of each of %d sessions at once", manySessions),
		fmt.Sprintf("%s to %s, median %s; all %s", mb(each[0]), mb(each[manySessions-1]), mb(each[middle]), mb(total)), "≤ 14 MB each",
		fmt.Sprintf("Pss of /proc/PID/smaps_rollup of tray and agent (medians %s and %s), %v after the last was unlocked with %d clients; "+
			"each session with X server, bus, panel, keychain and vault of its own", mb(trays[middle]), mb(agents[middle]), settleTime, sessionClients),
	})
	return nil
}

// begin makes the vault and brings the tray to where it shows all clients.
func (o *person) begin() (*seat, error) {
	err := o.takeIn()
	if err == nil {
		_, err = o.kapu("lock")
	}
	if err != nil {
		o.close()
		return nil, err
	}
	s, err := o.sitDown()
	if err != nil {
		return nil, err
	}
	if _, err := s.unlock(s.clickUnlock); err != nil {
		s.stop()
		o.close()
		return nil, err
	}
	return s, nil
}
