//go:build linux

package desktop

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

const (
	watcherName = "org.kde.StatusNotifierWatcher"
	watcherPath = "/StatusNotifierWatcher"
)

// panelSize is the height of the panel and so, icons being square, about the width of an icon's place.
const panelSize = 32

// Panel is a desktop's panel with nothing in it but the tray.
type Panel struct {
	name     string   // as XDG_CURRENT_DESKTOP has it
	program  []string // and its arguments
	env      []string
	packages []need
	settings string // their file, below the folder of settings
	text     string // of that file; %d is panelSize
	class    string // of its windows, as a regular expression
	menu     string // the mouse's button for the menu
}

func (p *Panel) writeSettings(dir string) error {
	file := filepath.Join(dir, p.settings)
	err := os.MkdirAll(filepath.Dir(file), 0o700)
	if err == nil {
		err = os.WriteFile(file, fmt.Appendf(nil, p.text, panelSize), 0o600)
	}
	if err != nil {
		return fmt.Errorf("desktop: writing the panel's settings: %w", err)
	}
	return nil
}

// StartPanel starts the panel and waits until it hosts tray icons.
func (d *Desktop) StartPanel(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	d.mu.Lock()
	running := d.panel != nil
	d.mu.Unlock()
	switch {
	case running:
		return errors.New("desktop: the panel is running already")
	case d.opts.Panel == nil:
		return errors.New("desktop: it was started without a panel")
	}
	cmd := d.Command(context.Background(), d.opts.Panel.program[0], d.opts.Panel.program[1:]...)
	cmd.Env = append(cmd.Env, d.opts.Panel.env...)
	p, err := d.Launch(cmd)
	if err != nil {
		return err
	}
	d.mu.Lock()
	d.panel = p
	d.mu.Unlock()
	return await(ctx, p, "the panel", func() (bool, error) {
		if owned, err := d.HasName(watcherName); !owned || err != nil {
			return false, err
		}
		host, err := d.bus.Object(watcherName, watcherPath).GetProperty(watcherName + ".IsStatusNotifierHostRegistered")
		if err != nil {
			return false, err
		}
		return host.Value() == true, nil
	})
}

// StopPanel ends the panel and waits until the tray is gone from the bus.
func (d *Desktop) StopPanel(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	d.mu.Lock()
	p := d.panel
	d.panel = nil
	d.mu.Unlock()
	if p == nil {
		return nil
	}
	p.Stop()
	return poll(ctx, "the tray to leave the bus", func() (bool, error) {
		owned, err := d.HasName(watcherName)
		return !owned, err
	})
}

// RestartPanel ends the panel and starts it again, as after a crash or an upgrade.
func (d *Desktop) RestartPanel(ctx context.Context) error {
	if err := d.StopPanel(ctx); err != nil {
		return err
	}
	return d.StartPanel(ctx)
}
