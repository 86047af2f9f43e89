package credstore

import (
	"context"
	"errors"
	"slices"

	"github.com/godbus/dbus/v5"

	"kapu/internal/sessionbus"
)

// open prefers the Secret Service. KWallet has one too, but where it has no wallet yet it would make one of another
// name than that which opens when the person signs in, so it is asked by its own interface. Where it runs beside
// another Secret Service, what is in it is found too; it is not started for that.
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
	names, err := services(ctx, bus)
	if err != nil {
		return nil, err
	}
	secrets := slices.Contains(names, secretsName)
	for _, version := range []string{"kwalletd6", "kwalletd5"} {
		name := "org.kde." + version
		if !slices.Contains(names, name) {
			continue
		}
		wallet := &kwallet{bus: bus, service: bus.Object(name, dbus.ObjectPath("/modules/"+version))}
		switch owner := ownerOf(ctx, bus, name); {
		case !secrets || owner != "" && owner == ownerOf(ctx, bus, secretsName):
			return wallet, nil
		case owner != "":
			return both{&secretService{bus: bus}, wallet}, nil
		}
	}
	if secrets {
		return &secretService{bus: bus}, nil
	}
	return nil, ErrNoService
}

// ownerOf is the connection that has a name; "" for none.
func ownerOf(ctx context.Context, bus *dbus.Conn, name string) (owner string) {
	_ = bus.BusObject().CallWithContext(ctx, "org.freedesktop.DBus.GetNameOwner", 0, name).Store(&owner)
	return owner
}

// services are the names of what runs on the bus, and of what it would start.
func services(ctx context.Context, bus *dbus.Conn) ([]string, error) {
	var running, startable []string
	err := bus.BusObject().CallWithContext(ctx, "org.freedesktop.DBus.ListNames", 0).Store(&running)
	if err == nil {
		err = bus.BusObject().CallWithContext(ctx, "org.freedesktop.DBus.ListActivatableNames", 0).Store(&startable)
	}
	return append(running, startable...), err
}
