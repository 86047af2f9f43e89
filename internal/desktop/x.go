//go:build linux

package desktop

import (
	"context"
	"fmt"
	"os"
	"strings"
)

// startX starts the X server on a display number that it picks itself, so that desktops do not collide.
func (d *Desktop) startX(ctx context.Context) error {
	ready, writer, err := os.Pipe()
	if err != nil {
		return fmt.Errorf("desktop: starting the X server: %w", err)
	}
	defer ready.Close()
	cmd := d.Command(context.Background(), "Xvfb", "-displayfd", "3", "-screen", "0", fmt.Sprintf("%dx%dx24", screenWidth, screenHeight), "-nolisten", "tcp", "-noreset")
	cmd.ExtraFiles = []*os.File{writer}
	p, err := d.Launch(cmd)
	writer.Close()
	if err != nil {
		return err
	}
	number, err := firstLine(ctx, ready)
	if err != nil {
		return fmt.Errorf("desktop: starting the X server: %w\n%s", err, p.tail())
	}
	d.mu.Lock()
	d.display = ":" + number
	d.mu.Unlock()
	return nil
}

// startWindowManager starts the window manager and the settings service that it and the panel read.
func (d *Desktop) startWindowManager(ctx context.Context) error {
	if d.opts.Panel != nil {
		if err := d.opts.Panel.writeSettings(d.configDir()); err != nil {
			return err
		}
	}
	settings, err := d.Launch(d.Command(context.Background(), xfconfd()))
	if err != nil {
		return err
	}
	if err := await(ctx, settings, "the settings service", func() (bool, error) {
		return d.HasName("org.xfce.Xfconf")
	}); err != nil {
		return err
	}
	manager, err := d.Launch(d.Command(context.Background(), "xfwm4", "--compositor=off"))
	if err != nil {
		return err
	}
	if d.opts.Panel != nil { // it need not wait for the window manager
		if err := d.StartPanel(ctx); err != nil {
			return err
		}
	}
	return await(ctx, manager, "the window manager", func() (bool, error) {
		text, err := d.run(ctx, "xprop", "-root", "_NET_SUPPORTING_WM_CHECK")
		return strings.Contains(text, "window id"), err
	})
}

// xfconfd is the settings service's program. It is not in PATH: the bus knows where it is,
// but this bus starts nothing by itself.
func xfconfd() string {
	text, err := os.ReadFile("/usr/share/dbus-1/services/org.xfce.Xfconf.service")
	if err != nil {
		return ""
	}
	for line := range strings.Lines(string(text)) {
		if program, ok := strings.CutPrefix(strings.TrimSpace(line), "Exec="); ok {
			return program
		}
	}
	return ""
}
