package vault

import (
	"context"
	"errors"
	"os"
	"time"

	"github.com/godbus/dbus" // the keychain's library has this version

	"kapu/lang"
	"kapu/vault/internal/quietbus"
)

const secretsName = "org.freedesktop.secrets"

// serviceName is for the library's KWallet the wallet: the one that opens when the person signs in. Any other is made
// anew and asks for a password of its own.
const serviceName = "kdewallet"

// pingTime is what a Secret Service may take for a question that needs no person.
const pingTime = 3 * time.Second

// ready says how long the keychain may take. It asks the Secret Service whether the login collection is locked,
// so that one that would ask the person for a password is waited for, and one that is hung is not.
func ready(ctx context.Context) (time.Duration, error) {
	if os.Getenv("DBUS_SESSION_BUS_ADDRESS") == quietbus.None {
		return 0, lang.E("keychain-no-bus").Kind(ErrKeychain)
	}
	ctx, cancel := context.WithTimeout(ctx, pingTime)
	defer cancel()
	bus, err := dbus.SessionBus() // the library's own connection
	if err != nil {
		return 0, lang.E("keychain-no-bus").Kind(ErrKeychain)
	}
	// gnome-keyring (42, and the source of 2026) may handle the first message of a connection before it has come to
	// know the connection, if other programs come and go at that moment. Where that message opens a session or asks for
	// a property it then aborts, and with it goes every program's open keychain: once in a thousand unlocks. This
	// question does it no harm, and once it is answered the connection is known.
	service := bus.Object(secretsName, "/org/freedesktop/secrets")
	_ = service.CallWithContext(ctx, "org.freedesktop.Secret.Service.ReadAlias", 0, "default").Err
	login := bus.Object(secretsName, "/org/freedesktop/secrets/collection/login")
	var locked dbus.Variant
	err = login.CallWithContext(ctx, "org.freedesktop.DBus.Properties.Get", 0,
		"org.freedesktop.Secret.Collection", "Locked").Store(&locked)
	switch {
	case errors.Is(err, context.DeadlineExceeded) || ctx.Err() != nil:
		return 0, lang.E("keychain-silent", "Seconds", int(pingTime.Seconds())).Kind(ErrKeychain)
	case err == nil && locked.Value() == false:
		return answerTime, nil
	default:
		return promptTime, nil // locked, or another kind of keychain: it may ask the person
	}
}
