//go:build linux

package desktop

import (
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"
)

// StartSway starts a Wayland compositor beside the desktop, without a screen, and returns it and the path of its
// socket. commands are lines of its settings. As root it runs for nobody, because it refuses root.
func (d *Desktop) StartSway(ctx context.Context, commands string) (*Process, string, error) {
	ctx, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	dir, err := os.MkdirTemp("/tmp", "kapu-sway-") // a socket's path must be short
	if err != nil {
		return nil, "", err
	}
	d.mu.Lock()
	d.temporary = append(d.temporary, dir)
	d.mu.Unlock()
	settings := filepath.Join(dir, "config")
	if err := os.WriteFile(settings, []byte("xwayland disable\noutput HEADLESS-1 mode 640x480\n"+commands), 0o600); err != nil {
		return nil, "", err
	}
	line := []string{"sway", "--config", settings}
	if os.Getuid() == 0 {
		const nobody = 65534
		if err := errors.Join(os.Chown(dir, nobody, nobody), os.Chown(settings, nobody, nobody)); err != nil {
			return nil, "", err
		}
		line = append([]string{"setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--"}, line...)
	}
	cmd := d.Command(context.Background(), line[0], line[1:]...)
	cmd.Env = append(cmd.Env, "XDG_RUNTIME_DIR="+dir, "HOME="+dir, "DISPLAY=", "WAYLAND_DISPLAY=", "WLR_BACKENDS=headless",
		"WLR_LIBINPUT_NO_DEVICES=1", "WLR_RENDERER=pixman")
	p, err := d.Launch(cmd)
	if err != nil {
		return nil, "", err
	}
	var socket string
	err = await(ctx, p, "the compositor", func() (bool, error) {
		found, err := filepath.Glob(filepath.Join(dir, "wayland-?"))
		if len(found) != 1 {
			return false, err
		}
		conn, err := net.Dial("unix", found[0]) // the socket is there before anybody listens
		if err != nil {
			return false, err
		}
		socket = found[0]
		return true, conn.Close()
	})
	return p, socket, err
}
