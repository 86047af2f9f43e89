package credstore

import (
	"context"
	"errors"
	"slices"

	"github.com/godbus/dbus/v5"

	"kapu/internal/sessionbus"
)

// open prefers the Secret Service. KWallet has one too, but where it has no wallet yet it would make one of another
// name than that which opens when the person signs in, so it is asked by its own interface. Which is asked must not
// depend on what happens to run yet: a key is only where it was put.
func open(ctx context.Context) (Store, error) {
	bus, err := sessionbus.Connect(ctx)
	if errors.Is(err, sessionbus.ErrNone) {
		return nil, ErrNoBus
	}
	if err != nil {
		return nil, errors.Join(ErrNoBus, err)
	}
	store, err := find(ctx, bus)
	if err != nil {
		bus.Close()
		return nil, err
	}
	return store, nil
}

func find(ctx context.Context, bus *dbus.Conn) (Store, error) {
	var running, startable []string
	err := bus.BusObject().CallWithContext(ctx, "org.freedesktop.DBus.ListNames", 0).Store(&running)
	if err == nil {
		err = bus.BusObject().CallWithContext(ctx, "org.freedesktop.DBus.ListActivatableNames", 0).Store(&startable)
	}
	if err != nil {
		return nil, err
	}
	there := slices.Concat(running, startable)
	secrets := slices.Contains(there, secretsName)
	// What KDE's bus would start is another desktop's, GNOME's, and KDE leaves it closed.
	foreign := sessionbus.OnDesktop("KDE") && slices.Contains(startable, secretsName)
	for _, version := range []string{"kwalletd6", "kwalletd5"} {
		name := "org.kde." + version
		if slices.Contains(there, name) && (!secrets || foreign || sameOwner(ctx, bus, name, secretsName)) {
			return &kwallet{bus: bus, service: bus.Object(name, dbus.ObjectPath("/modules/"+version))}, nil
		}
	}
	if secrets {
		return &secretService{bus: bus}, nil
	}
	return nil, ErrNoService
}

// sameOwner says whether one program has both names.
func sameOwner(ctx context.Context, bus *dbus.Conn, one, other string) bool {
	var first, second string
	err := bus.BusObject().CallWithContext(ctx, "org.freedesktop.DBus.GetNameOwner", 0, one).Store(&first)
	if err == nil {
		err = bus.BusObject().CallWithContext(ctx, "org.freedesktop.DBus.GetNameOwner", 0, other).Store(&second)
	}
	return err == nil && first == second
}
