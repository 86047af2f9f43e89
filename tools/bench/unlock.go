//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"kapu/internal/desktop"
)

// unlockTime is how one unlocking went.
type unlockTime struct {
	agent   time.Duration // until the first change of the menu: the agent's start, the keychain, the vault
	menu    time.Duration // from the first change to the last
	reading time.Duration // the whole complete menu once over the bus
	updates int           // of the menu, each up to three signals
	panel   time.Duration // on a core, of the panel, from the wish to unlock until it has read the menu
}

func (u unlockTime) total() time.Duration { return u.agent + u.menu + u.reading }

// unlocking measures from the wish to unlock to the complete menu.
func (o *person) unlocking() error {
	n := o.b.rounds(7, 2)
	var first, again, command []unlockTime
	for range n {
		if err := o.unlockRound(&first, &again, &command); err != nil {
			return err
		}
	}
	const how = "last LayoutUpdated of the tray's, then one GetLayout with every client in it"
	o.b.unlockRow("unlock → menu of 2,000 clients, first", first, "click on Feloldás…; "+how)
	o.b.unlockRow("unlock → menu, again in the same tray", again, "click on Feloldás…; "+how)
	o.b.unlockRow("kapu unlock → menu, again", command, "the command beside a running tray; "+how)
	return nil
}

// unlockRound is the life of one tray: its first menu is made of new rows, its later ones of the same.
func (o *person) unlockRound(first, again, command *[]unlockTime) error {
	s, err := o.sitDown()
	if err != nil {
		return err
	}
	defer s.stop()
	for _, unlock := range []struct {
		by   func() error
		into *[]unlockTime
	}{{s.clickUnlock, first}, {s.clickUnlock, again}, {s.runUnlock, command}} {
		before, err := s.panelWork()
		if err != nil {
			return err
		}
		u, err := s.unlock(unlock.by)
		if err != nil {
			return err
		}
		time.Sleep(panelTime)
		after, err := s.panelWork()
		if err != nil {
			return err
		}
		u.panel = after.since(before).busy
		*unlock.into = append(*unlock.into, u)
		if err := s.lock(); err != nil {
			return err
		}
	}
	return nil
}

func (b *bench) unlockRow(what string, measured []unlockTime, how string) {
	var total, agent, menu, reading, panel times
	updates := 0
	for _, u := range measured {
		total, agent = append(total, u.total()), append(agent, u.agent)
		menu, reading, panel = append(menu, u.menu), append(reading, u.reading), append(panel, u.panel)
		updates = max(updates, u.updates)
	}
	b.table.add(row{
		what, total.String(), "≤ 150 ms",
		fmt.Sprintf("%s; agent %s + menu %s (%d updates) + reading %s; %d rounds",
			how, ms(agent.median()), ms(menu.median()), updates, ms(reading.median()), len(measured)),
	})
	b.table.add(row{
		what + ": the panel's processor time", panel.String(), "≤ 600 ms",
		fmt.Sprintf("of the process that hosts the icon, until %v after the menu was complete; the same rounds", panelTime),
	})
}

// panelTime is what the panel has for reading the menu, too.
const panelTime = 2 * time.Second

// panelWork is what the process that hosts the icon has done so far.
func (s *seat) panelWork() (work, error) {
	bus, err := s.Connect()
	if err != nil {
		return work{}, err
	}
	defer bus.Close()
	var pid uint32
	err = bus.BusObject().Call("org.freedesktop.DBus.GetConnectionUnixProcessID", 0, "org.kde.StatusNotifierWatcher").Store(&pid)
	return readWork(int(pid)), err
}

// clickUnlock clicks by a message on the bus, as a panel does.
func (s *seat) clickUnlock() error {
	items, err := s.tray.Menu()
	if err != nil {
		return err
	}
	item, ok := desktop.Find(items, unlockLabel)
	if !ok {
		return errors.New("the menu has no " + unlockLabel)
	}
	if err := s.ear.waitQuiet(s.b.ctx, quiet); err != nil { // what the reading stirred up
		return err
	}
	s.start()
	return s.tray.Click(item.ID)
}

func (s *seat) runUnlock() error {
	s.start()
	_, err := s.kapu("unlock")
	return err
}

// start is the moment from which is measured.
func (s *seat) start() {
	s.ear.reset()
	s.began = time.Now()
}

// unlock unlocks and waits until every client is in the menu.
func (s *seat) unlock(by func() error) (unlockTime, error) {
	ctx, cancel := context.WithTimeout(s.b.ctx, stepTime)
	defer cancel()
	if err := by(); err != nil {
		return unlockTime{}, err
	}
	for {
		h, err := s.ear.waitHeard(ctx)
		if err != nil {
			return unlockTime{}, err
		}
		start := time.Now()
		items, err := s.tray.Menu()
		if err != nil {
			return unlockTime{}, err
		}
		reading := time.Since(start)
		if missing := s.missing(items); missing == "" {
			return unlockTime{agent: h.first.Sub(s.began), menu: h.last.Sub(h.first), reading: reading, updates: h.total}, nil
		} else if ctx.Err() != nil {
			return unlockTime{}, fmt.Errorf("the menu lacks %s", missing)
		}
	}
}

// missing names a client that the menu does not show in a folder, if there is one.
func (s *seat) missing(items []desktop.Item) string {
	rows := s.rows(items)
	for _, c := range s.clients {
		if _, ok := rows[c.Name]; !ok {
			return c.Name
		}
	}
	return ""
}

// rows are the ids of the rows in folders, by name.
func (s *seat) rows(items []desktop.Item) map[string]int32 {
	rows := make(map[string]int32, len(s.clients))
	desktop.Walk(items, func(path []string, row desktop.Item) {
		if len(path) > 1 && !row.Submenu {
			rows[row.Label] = row.ID
		}
	})
	return rows
}
