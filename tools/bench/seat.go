//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"kapu/internal/desktop"
)

// The menu's words in the language that the program is run in here.
const (
	unlockLabel = "Feloldás…"
	lockLabel   = "Zárolás"
)

// seat is a person with a running tray.
type seat struct {
	*person
	process *desktop.Process
	tray    *desktop.Tray
	ear     *ear
	began   time.Time // what is being measured
}

// sitDown starts a tray and waits until it is shown, locked, and has nothing more to say.
func (o *person) sitDown() (*seat, error) {
	ctx, cancel := context.WithTimeout(o.b.ctx, stepTime)
	defer cancel()
	process, err := o.Launch(o.command())
	if err != nil {
		return nil, err
	}
	s := &seat{person: o, process: process}
	if s.tray, err = o.WaitTray(ctx, process.Pid()); err == nil {
		err = s.tray.WaitShown(ctx)
	}
	if err == nil {
		s.ear, err = listen(o, process.Pid())
	}
	if err == nil {
		err = s.waitLocked(ctx)
	}
	if err != nil {
		s.stop()
		return nil, fmt.Errorf("starting the tray: %w", err)
	}
	return s, nil
}

func (s *seat) stop() {
	if s.ear != nil {
		s.ear.stop()
	}
	s.process.Stop()
}

// lock locks by the menu and waits until all of it is over.
func (s *seat) lock() error {
	ctx, cancel := context.WithTimeout(s.b.ctx, stepTime)
	defer cancel()
	agent, err := s.agentPID()
	if err != nil {
		return err
	}
	if err := s.tray.ClickPath(ctx, lockLabel); err != nil {
		return err
	}
	if err := s.waitLocked(ctx); err != nil {
		return err
	}
	for alive(agent) {
		if ctx.Err() != nil {
			return errors.New("the agent does not end")
		}
		time.Sleep(10 * time.Millisecond)
	}
	return nil
}

func (s *seat) waitLocked(ctx context.Context) error {
	if _, err := s.tray.WaitItem(ctx, unlockLabel); err != nil {
		return err
	}
	return s.ear.waitQuiet(ctx, 2*quiet)
}

func alive(pid int) bool {
	_, err := os.Stat(fmt.Sprintf("/proc/%d", pid))
	return err == nil
}
