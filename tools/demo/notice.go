//go:build linux

package main

import (
	"context"
	"errors"
	"path/filepath"
	"time"

	"kapu/internal/desktop"
)

// startNotices starts a service that shows notices; the desktop's own stand-in only records them.
func startNotices(ctx context.Context, d *desktop.Desktop) error {
	found, _ := filepath.Glob("/usr/lib/*/xfce4/notifyd/xfce4-notifyd")
	if len(found) == 0 {
		return errors.New("there is no xfce4-notifyd: apt-get install xfce4-notifyd")
	}
	if _, err := d.Launch(d.Command(context.Background(), found[0])); err != nil {
		return err
	}
	return wait(ctx, func() (bool, error) { return d.HasName("org.freedesktop.Notifications") })
}

// shootNotice takes the picture once the code is on the clipboard, of which the notice tells.
func shootNotice(ctx context.Context, d *desktop.Desktop, file string) error {
	err := wait(ctx, func() (bool, error) {
		code, err := d.Clipboard(ctx)
		return code != "", err
	})
	if err != nil {
		return err
	}
	time.Sleep(time.Second) // it fades in
	return d.Screenshot(ctx, file)
}

func wait(ctx context.Context, done func() (bool, error)) error {
	for {
		if ok, err := done(); ok || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
}
