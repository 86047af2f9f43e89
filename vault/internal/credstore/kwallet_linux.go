package credstore

import (
	"context"
	"slices"

	"github.com/godbus/dbus/v5"
)

// kwallet is KDE's wallet by its own interface, org.kde.KWallet: the wallet that opens when the person signs in, with a
// folder for Kapu.
type kwallet struct {
	bus     *dbus.Conn
	service dbus.BusObject
	handle  int32 // of the open wallet; 0 before
}

// app is under which the wallet shows what is ours: the program, and the folder.
const app = "kapu"

func (k *kwallet) Close() { k.bus.Close() }

func (k *kwallet) call(ctx context.Context, method string, args ...any) *dbus.Call {
	return k.service.CallWithContext(ctx, "org.kde.KWallet."+method, 0, args...)
}

// MayAsk is always true: whether this program may use the wallet is asked too, and can not be known before.
func (k *kwallet) MayAsk(context.Context) (bool, error) { return true, nil }

// name is that of the wallet that the person uses for the network's passwords. Any other would be made anew and ask for
// a password of its own.
func (k *kwallet) name(ctx context.Context) (wallet string, err error) {
	err = k.call(ctx, "networkWallet").Store(&wallet)
	return wallet, err
}

// used says whether the wallet has, or had, items of Kapu. As has, it needs no open wallet, and asks nothing.
func (k *kwallet) used(ctx context.Context) (bool, error) {
	return k.holds(ctx, "folderDoesNotExist", app)
}

// has says whether the wallet has an item.
func (k *kwallet) has(ctx context.Context, name string) (bool, error) {
	return k.holds(ctx, "keyDoesNotExist", app, name)
}

// holds asks whether something is missing from the wallet.
func (k *kwallet) holds(ctx context.Context, isMissing string, what ...any) (bool, error) {
	missing := true
	wallet, err := k.name(ctx)
	if err == nil {
		err = k.call(ctx, isMissing, append([]any{wallet}, what...)...).Store(&missing)
	}
	return !missing, err
}

// open opens the wallet, once, which may ask the person.
func (k *kwallet) open(ctx context.Context) error {
	if k.handle != 0 {
		return nil
	}
	wallet, err := k.name(ctx)
	if err != nil {
		return err
	}
	var handle int32
	if err := k.call(ctx, "open", wallet, int64(0), app).Store(&handle); err != nil {
		return err
	}
	if handle < 0 {
		return ErrDismissed
	}
	k.handle = handle
	return nil
}

func (k *kwallet) Names(ctx context.Context) (names []string, err error) {
	if err = k.open(ctx); err == nil {
		err = k.call(ctx, "entryList", k.handle, app, app).Store(&names)
	}
	return names, err
}

func (k *kwallet) Get(ctx context.Context, name string) (string, error) {
	var packed []byte
	err := k.open(ctx)
	if err == nil {
		err = k.call(ctx, "readEntry", k.handle, app, name, app).Store(&packed)
	}
	if err == nil && len(packed) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return "", err
	}
	return unpack(packed)
}

func (k *kwallet) Set(ctx context.Context, name, text string) error {
	if err := k.open(ctx); err != nil {
		return err
	}
	return k.change(ctx, "writeEntry", k.handle, app, name, pack(name, text), app)
}

func (k *kwallet) Remove(ctx context.Context, name string) error {
	names, err := k.Names(ctx)
	if err != nil {
		return err
	}
	if !slices.Contains(names, name) {
		return ErrNotFound
	}
	return k.change(ctx, "removeEntry", k.handle, app, name, app)
}

// change calls a method that returns 0, or a number below for what it has not done, and has the wallet written to the
// disk: by itself it does so seconds later, and what ends before then has lost the change.
func (k *kwallet) change(ctx context.Context, method string, args ...any) error {
	var code int32
	if err := k.call(ctx, method, args...).Store(&code); err != nil {
		return err
	}
	if code != 0 {
		return ErrDismissed
	}
	return k.call(ctx, "sync", k.handle, app).Err
}
