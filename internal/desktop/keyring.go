//go:build linux

package desktop

import (
	"context"
	"strings"

	"github.com/godbus/dbus/v5"
)

const (
	secretsName = "org.freedesktop.secrets"
	loginPath   = dbus.ObjectPath("/org/freedesktop/secrets/collection/login")
)

// StartKeyring starts the keychain and waits until its collection "login" is open. It finds again
// what it held before StopKeyring.
func (d *Desktop) StartKeyring(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	cmd := d.Command(context.Background(), "gnome-keyring-daemon", "--foreground", "--components=secrets", "--unlock")
	cmd.Stdin = strings.NewReader("desktop") // the password of the collection, read up to the end of input
	p, err := d.Launch(cmd)
	if err != nil {
		return err
	}
	d.mu.Lock()
	d.keyring = p
	d.mu.Unlock()
	return await(ctx, p, "the keychain", func() (bool, error) {
		if owned, err := d.HasName(secretsName); !owned || err != nil {
			return false, err
		}
		// Before any property: a connection whose first question is one may make the keychain abort.
		alias := d.bus.Object(secretsName, "/org/freedesktop/secrets").Call("org.freedesktop.Secret.Service.ReadAlias", 0, "default")
		if alias.Err != nil {
			return false, alias.Err
		}
		locked, err := d.bus.Object(secretsName, loginPath).GetProperty("org.freedesktop.Secret.Collection.Locked")
		if err != nil {
			return false, err
		}
		return locked.Value() == false, nil
	})
}

// StopKeyring ends the keychain; what it holds stays on disk.
func (d *Desktop) StopKeyring() {
	d.mu.Lock()
	p := d.keyring
	d.keyring = nil
	d.mu.Unlock()
	if p != nil {
		p.Stop()
	}
}
