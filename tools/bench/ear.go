//go:build linux

package main

import (
	"context"
	"fmt"
	"maps"
	"sync"
	"time"

	"github.com/godbus/dbus/v5"
)

// quiet is how long no signal comes from a tray that is done. Within a change its signals follow each other at once.
const quiet = 300 * time.Millisecond

// ear hears the signals that a tray sends on the bus. Listening does not slow the tray down, as asking it would:
// the time of the last signal is when a change was complete. At first it listens only for LayoutUpdated, which
// comes last of every change; on a machine of two cores, taking in all of them would slow down the rest.
type ear struct {
	conn   *dbus.Conn
	sender string

	mu          sync.Mutex
	counts      map[string]int
	total       int
	first, last time.Time
}

func listen(o *person, pid int) (*ear, error) {
	e := &ear{counts: map[string]int{}}
	var err error
	if e.conn, err = dbus.Connect(o.BusAddress(), dbus.WithSignalHandler(e)); err != nil {
		return nil, err
	}
	name := fmt.Sprintf("org.kde.StatusNotifierItem-%d-1", pid)
	err = e.conn.BusObject().Call("org.freedesktop.DBus.GetNameOwner", 0, name).Store(&e.sender)
	if err == nil {
		err = e.conn.AddMatchSignal(dbus.WithMatchSender(e.sender),
			dbus.WithMatchInterface("com.canonical.dbusmenu"), dbus.WithMatchMember("LayoutUpdated"))
	}
	if err != nil {
		e.stop()
		return nil, err
	}
	return e, nil
}

// hearAll listens for every signal from now on.
func (e *ear) hearAll() error { return e.conn.AddMatchSignal(dbus.WithMatchSender(e.sender)) }

// DeliverSignal is called by the connection's reading loop.
func (e *ear) DeliverSignal(_, _ string, signal *dbus.Signal) {
	now := time.Now()
	e.mu.Lock()
	defer e.mu.Unlock()
	if signal.Sender != e.sender {
		return
	}
	e.counts[signal.Name]++
	if e.total++; e.total == 1 {
		e.first = now
	}
	e.last = now
}

// heard is what was heard since reset.
type heard struct {
	counts      map[string]int
	total       int
	first, last time.Time
}

func (e *ear) heard() heard {
	e.mu.Lock()
	defer e.mu.Unlock()
	return heard{maps.Clone(e.counts), e.total, e.first, e.last}
}

func (e *ear) reset() {
	e.mu.Lock()
	defer e.mu.Unlock()
	clear(e.counts)
	e.total, e.first, e.last = 0, time.Time{}, time.Time{}
}

// waitQuiet waits until nothing was heard for so long.
func (e *ear) waitQuiet(ctx context.Context, silence time.Duration) error {
	start := time.Now()
	for {
		last := e.heard().last
		if last.Before(start) {
			last = start
		}
		rest := silence - time.Since(last)
		if rest <= 0 {
			return nil
		}
		select {
		case <-time.After(rest):
		case <-ctx.Done():
			return fmt.Errorf("waiting for the tray to have no more to say: %w", ctx.Err())
		}
	}
}

// waitHeard waits for a first signal, and then until there are no more.
func (e *ear) waitHeard(ctx context.Context) (heard, error) {
	for e.heard().total == 0 {
		select {
		case <-time.After(10 * time.Millisecond):
		case <-ctx.Done():
			return heard{}, fmt.Errorf("waiting for the tray to say something: %w", ctx.Err())
		}
	}
	err := e.waitQuiet(ctx, quiet)
	return e.heard(), err
}

func (e *ear) stop() { e.conn.Close() }
