//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"kapu/internal/desktop"
	"kapu/internal/examples"
	"kapu/internal/wine"
)

// glass is the program for Windows in Wine. What Wine itself takes is in its numbers: they tell when the program has
// become slower or larger, not what it takes on Windows.
type glass struct {
	*wine.Prefix
	b *bench
}

func (b *bench) inWine() error {
	if err := wine.Missing(); err != nil {
		return err
	}
	d, err := desktop.Start(b.ctx, desktop.Options{Panel: desktop.Xfce})
	if err != nil {
		return err
	}
	defer d.Stop()
	dir := filepath.Join(b.dir, "windows")
	if err := os.Mkdir(dir, 0o700); err != nil {
		return err
	}
	p, err := wine.New(b.ctx, dir, d.Env())
	if err != nil {
		return err
	}
	defer p.Stop()
	g := glass{p, b}
	for _, step := range []func() error{g.size, g.icon, g.memory} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// size builds the programs too.
func (g glass) size() error {
	err := errors.Join(
		g.Build(g.b.ctx, "kapu.exe", "kapu", ""), g.Build(g.b.ctx, "kapuw.exe", "kapu", wine.Windowed),
		g.Build(g.b.ctx, "messages.exe", "kapu/e2e/wine/messages", ""),
	)
	if err != nil {
		return err
	}
	info, err := os.Stat(filepath.Join(g.Dir, "kapuw.exe"))
	if err != nil {
		return err
	}
	g.b.table.add(row{
		"Windows: stripped program", mb(int(info.Size())), "",
		fmt.Sprintf("kapuw.exe, x86-64; kapu.exe is as large; %d bytes", info.Size()),
	})
	return nil
}

// icon measures from the start of the tray to its icon.
func (g glass) icon() error {
	var measured times
	for i := range g.b.rounds(8, 3) {
		d, err := g.start()
		if err == nil {
			err = g.end()
		}
		if err != nil {
			return err
		}
		if i > 0 { // the first one starts Wine's taskbar
			measured = append(measured, d)
		}
	}
	g.b.table.add(row{
		"Windows: start → icon", measured.String(), "",
		fmt.Sprintf("kapuw.exe in Wine, until the taskbar changes the icon at a question each millisecond; %d rounds", len(measured)),
	})
	return nil
}

// memory measures tray and agent with many clients.
func (g glass) memory() error {
	const list = "export.txt"
	err := os.WriteFile(filepath.Join(g.Dir, list), examples.Export(examples.Clients(manyClients, manyFolders)), 0o600)
	if err == nil {
		_, err = g.run("kapu.exe", "import", list)
	}
	if err == nil {
		_, err = g.start()
	}
	if err != nil {
		return err
	}
	select {
	case <-time.After(2 * settleTime): // the menu is made row by row
	case <-g.b.ctx.Done():
		return g.b.ctx.Err()
	}
	trays, agents := g.Processes("kapuw.exe"), g.Processes(".exe", "agent")
	if len(trays) != 1 || len(agents) != 1 {
		return fmt.Errorf("%d trays, %d agents", len(trays), len(agents))
	}
	tray, errTray := pss(trays[0])
	agent, errAgent := pss(agents[0])
	if err := errors.Join(errTray, errAgent); err != nil {
		return err
	}
	g.b.table.add(row{
		"Windows: memory of tray and agent, 2,000 clients", fmt.Sprintf("%s (tray %s, agent %s)", mb(tray.pss+agent.pss), mb(tray.pss), mb(agent.pss)), "",
		fmt.Sprintf("Pss in Wine, with its libraries, 1 round; of it private: tray %s, agent %s", mb(tray.anonymous), mb(agent.anonymous)),
	})
	return g.end()
}

func (g glass) run(program string, args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(g.b.ctx, stepTime)
	defer cancel()
	return wine.Printed(g.Command(ctx, "wine", append([]string{program}, args...)...))
}

// start starts the tray and says how long its icon has taken.
func (g glass) start() (time.Duration, error) {
	out, err := g.run("messages.exe", "start", `.\kapuw.exe`)
	var us int64
	if err == nil {
		_, err = fmt.Sscan(out, &us)
	}
	return time.Duration(us) * time.Microsecond, err
}

// end ends the tray.
func (g glass) end() error {
	if _, err := g.run("messages.exe", "post", "SystrayClass", "0x10", "0", "0"); err != nil {
		return err
	}
	for began := time.Now(); len(g.Processes("kapuw.exe")) > 0; time.Sleep(10 * time.Millisecond) {
		if time.Since(began) > stepTime {
			return errors.New("the tray does not end")
		}
	}
	return nil
}
