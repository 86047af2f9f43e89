package vault

import (
	"slices"
	"sync"
	"testing"

	"github.com/godbus/dbus/v5"

	"kapu/internal/desktop"
	"kapu/internal/desktop/desktoptest"
)

// A connection whose first question is a property makes gnome-keyring abort now and then, and all the person's
// programs lose their keychain.
func TestKeychainIsNotAskedForAPropertyFirst(t *testing.T) {
	d := desktoptest.Start(t, desktop.Options{})
	bus, err := d.Connect()
	check(t, err)
	defer bus.Close()
	var mu sync.Mutex
	asked := map[dbus.Sender][]string{}
	note := func(who dbus.Sender, what string) {
		mu.Lock()
		defer mu.Unlock()
		asked[who] = append(asked[who], what)
	}
	check(t, bus.ExportSubtreeMethodTable(map[string]any{
		"Get": func(who dbus.Sender, _, name string) (dbus.Variant, *dbus.Error) {
			note(who, name)
			return dbus.MakeVariant(false), nil
		},
	}, "/org/freedesktop/secrets", "org.freedesktop.DBus.Properties"))
	check(t, bus.ExportMethodTable(map[string]any{
		"ReadAlias": func(who dbus.Sender, name string) (dbus.ObjectPath, *dbus.Error) {
			note(who, name)
			return "/", nil
		},
	}, "/org/freedesktop/secrets", "org.freedesktop.Secret.Service"))
	_, err = bus.RequestName(secretsName, dbus.NameFlagDoNotQueue)
	check(t, err)

	t.Setenv("DBUS_SESSION_BUS_ADDRESS", d.BusAddress())
	for range 3 {
		if wait, err := ready(t.Context()); err != nil || wait != answerTime {
			t.Fatalf("an open keychain: %v, %v", wait, err)
		}
	}
	mu.Lock()
	defer mu.Unlock()
	if len(asked) != 3 {
		t.Errorf("%d connections, want 3", len(asked))
	}
	for who, what := range asked {
		if !slices.Equal(what, []string{"default", "Locked"}) {
			t.Errorf("%s asked for %q", who, what)
		}
	}
}
