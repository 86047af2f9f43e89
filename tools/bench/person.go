//go:build linux

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"kapu/internal/desktop"
	"kapu/internal/examples"
)

// stepTime bounds each step on the desktop. It is far beyond what any of them takes, even on a loaded machine.
const stepTime = time.Minute

// person is somebody with many clients at a desktop of their own.
type person struct {
	*desktop.Desktop
	b       *bench
	home    string
	clients []examples.Client
}

// onDesktop runs what needs a desktop.
func (b *bench) onDesktop() {
	d, err := desktop.Start(b.ctx, desktop.Options{Keyring: true, Panel: desktop.Xfce, Notifications: true})
	if err != nil {
		b.table.skip("everything on a desktop", "", err)
		return
	}
	defer d.Stop()
	if b.wants("start", "unlock", "idle", "memory", "click", "signals") {
		o := &person{d, b, filepath.Join(d.Home(), "kapu"), examples.Clients(manyClients, manyFolders)}
		o.measure()
	}
	b.part("code", func() error { return b.race(d) })
}

func (o *person) measure() {
	defer o.close()
	err := o.takeIn()
	if err == nil {
		_, err = o.kapu("lock")
	}
	if err != nil {
		o.b.table.skip("everything with 2,000 clients", "", err)
		return
	}
	o.b.part("start", o.starting)
	o.b.part("unlock", o.unlocking)
	if o.b.wants("idle", "memory", "click", "signals") {
		o.unlocked()
	}
}

// unlocked measures what a tray does that shows all its clients. The order matters: rest comes before the clicks.
func (o *person) unlocked() {
	s, err := o.sitDown()
	if err == nil {
		defer s.stop()
		_, err = s.unlock(s.clickUnlock)
	}
	if err != nil {
		o.b.table.skip("everything with an unlocked tray", "", err)
		return
	}
	o.b.part("idle", s.idle)
	o.b.part("memory", func() error { return s.memory("at rest") })
	o.b.part("click", s.clicks)
	o.b.part("signals", s.changes)
	o.b.part("memory", func() error { return s.memory("after all of the above") })
	o.b.part("memory", o.rivalMemory)
}

func (o *person) command(args ...string) *exec.Cmd {
	cmd := o.Command(context.Background(), o.b.program, args...)
	cmd.Env = append(cmd.Env, "KAPU_HOME="+o.home, "LANG=hu_HU.UTF-8", "LC_ALL=hu_HU.UTF-8")
	for _, key := range officeStoreNeeds {
		if value, ok := os.LookupEnv(key); ok {
			cmd.Env = append(cmd.Env, key+"="+value)
		}
	}
	return cmd
}

// kapu runs a command to its end.
func (o *person) kapu(args ...string) (string, error) { return o.told("", args...) }

// told runs one that reads something.
func (o *person) told(text string, args ...string) (string, error) {
	var stderr bytes.Buffer
	cmd := o.command(args...)
	cmd.Stdin, cmd.Stderr = strings.NewReader(text), &stderr
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("kapu %s: %w: %s", args[0], err, stderr.Bytes())
	}
	return string(out), nil
}

// takeIn makes the vault: the clients come from an exported list.
func (o *person) takeIn() error {
	list := filepath.Join(o.b.dir, "export.txt")
	if err := os.WriteFile(list, examples.Export(o.clients), 0o600); err != nil {
		return err
	}
	out, err := o.kapu("import", list)
	if err == nil && !strings.Contains(out, fmt.Sprint(len(o.clients))) {
		err = fmt.Errorf("kapu import: %s", out)
	}
	return err
}

// close ends the agent, which no tray may have taken with it. While it is locked there is none, and no error counts.
func (o *person) close() { _, _ = o.kapu("lock") }

// agentPID is the process that holds the keys. It says so itself, in the file by which it is found.
func (o *person) agentPID() (int, error) {
	files, err := filepath.Glob(filepath.Join(o.home, "run", "agent-*.json"))
	if err != nil || len(files) != 1 {
		return 0, errors.Join(fmt.Errorf("%d agents", len(files)), err)
	}
	var endpoint struct{ PID int }
	data, err := os.ReadFile(files[0])
	if err == nil {
		err = json.Unmarshal(data, &endpoint)
	}
	return endpoint.PID, err
}
