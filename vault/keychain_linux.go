package vault

import (
	"context"
	"errors"
	"os"
	"slices"
	"syscall"
	"time"

	"github.com/99designs/keyring"
	"github.com/godbus/dbus/v5"

	"kapu/lang"
	"kapu/vault/internal/quietbus"
)

const secretsName = "org.freedesktop.secrets"

// serviceName is for the library's KWallet the wallet: the one that opens when the person signs in. Any other is made
// anew and asks for a password of its own.
const serviceName = "kdewallet"

// pingTime is what a Secret Service may take for a question that needs no person.
const pingTime = 3 * time.Second

// begunAnew marks a process that FindBus has begun anew, so that it does so once.
const begunAnew = "KAPU_BEGUN_ANEW"

// FindBus begins this process anew if the keychain's library has missed the session bus. It looks for the bus in the
// first moments of the process and never again; on a busy machine it has been seen to be refused there and to be
// answered a moment later (twice in some hundred runs of the tests). To be called before anything else is done.
func FindBus() {
	again := os.Getenv(begunAnew) != ""
	_ = os.Unsetenv(begunAnew)
	if again || os.Getenv("DBUS_SESSION_BUS_ADDRESS") == quietbus.None || slices.Contains(keyring.AvailableBackends(), keyring.SecretServiceBackend) {
		return
	}
	bus, err := dbus.ConnectSessionBus()
	if err != nil {
		return // there is none
	}
	_ = bus.Close()
	_ = syscall.Exec("/proc/self/exe", os.Args, append(os.Environ(), begunAnew+"=1"))
}

// ready says how long the keychain may take. It asks the Secret Service whether the login collection is locked,
// so that one that would ask the person for a password is waited for, and one that is hung is not.
func ready(ctx context.Context) (time.Duration, error) {
	if os.Getenv("DBUS_SESSION_BUS_ADDRESS") == quietbus.None {
		return 0, lang.E("keychain-no-bus").Kind(ErrKeychain)
	}
	ctx, cancel := context.WithTimeout(ctx, pingTime)
	defer cancel()
	bus, err := dbus.ConnectSessionBus(dbus.WithContext(ctx))
	if err != nil {
		return 0, lang.E("keychain-no-bus").Kind(ErrKeychain)
	}
	defer bus.Close()
	// gnome-keyring (42, and the source of 2026) aborts, and with it goes every program's open keychain, when it looks
	// at a property for a connection that it has not come to know yet: about once in 10,000 connections that begin
	// with such a question. One that began with a call is known by the time the call is answered.
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
