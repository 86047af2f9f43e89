//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/godbus/dbus/v5"
)

// starting measures from the start of the program until the panel has taken its icon.
func (o *person) starting() error {
	conn, err := dbus.Connect(o.BusAddress())
	if err != nil {
		return err
	}
	defer conn.Close()
	const watcher, registered = "org.kde.StatusNotifierWatcher", "StatusNotifierItemRegistered"
	if err := conn.AddMatchSignal(dbus.WithMatchInterface(watcher), dbus.WithMatchMember(registered)); err != nil {
		return err
	}
	signals := make(chan *dbus.Signal, 16)
	conn.Signal(signals)
	n := o.b.rounds(20, 5)
	var took times
	for range n {
		d, err := o.startOnce(signals, watcher+"."+registered)
		if err != nil {
			return err
		}
		took = append(took, d)
	}
	o.b.table.add(row{
		"start → icon", took.String(), "",
		fmt.Sprintf("from the start of the process until the panel's watcher tells of the icon, locked, with a vault; %d rounds", n),
	})
	return nil
}

func (o *person) startOnce(signals <-chan *dbus.Signal, registered string) (time.Duration, error) {
	ctx, cancel := context.WithTimeout(o.b.ctx, stepTime)
	defer cancel()
	for len(signals) > 0 { // of the round before
		<-signals
	}
	begin := time.Now()
	process, err := o.Launch(o.command())
	if err != nil {
		return 0, err
	}
	defer func() {
		process.Stop()
		time.Sleep(quiet) // the panel takes the icon away
	}()
	for {
		select {
		case s := <-signals:
			if s.Name == registered {
				return time.Since(begin), nil
			}
		case <-process.Done():
			return 0, errors.New("the tray has ended")
		case <-ctx.Done():
			return 0, errors.New("no icon")
		}
	}
}
