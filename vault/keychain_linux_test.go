package vault

import (
	"errors"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/godbus/dbus/v5"

	"kapu/internal/desktop"
	"kapu/internal/desktop/desktoptest"
	"kapu/lang"
)

const secretsName = "org.freedesktop.secrets"

// A connection that begins with anything but a harmless question makes gnome-keyring abort now and then, and all the
// person's programs lose their keychain. So it is watched what each of ours begins with.
func TestKeychainIsAskedAHarmlessQuestionFirst(t *testing.T) {
	d := desktoptest.Start(t, desktop.Options{Keyring: true})
	monitor, err := d.Connect()
	check(t, err)
	defer monitor.Close()
	check(t, monitor.BusObject().Call("org.freedesktop.DBus.Monitoring.BecomeMonitor", 0,
		[]string{"type='method_call',destination='" + secretsName + "'"}, uint32(0)).Err)
	seen := make(chan *dbus.Message, 10_000)
	monitor.Eavesdrop(seen)
	for range 2 {
		cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestDoorMethods$", "-test.count=1")
		cmd.Env = append(d.Env(), onKeychain+"=1")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
	}
	first, all := map[any]string{}, 0
	for len(seen) > 0 {
		m := <-seen
		if m.Type != dbus.TypeMethodCall {
			continue
		}
		all++
		if who := m.Headers[dbus.FieldSender].Value(); first[who] == "" {
			first[who] = m.Headers[dbus.FieldMember].String()
		}
	}
	if len(first) < 2 || all < 50 {
		t.Errorf("%d questions of %d connections", all, len(first))
	}
	for who, what := range first {
		if what != `"ReadAlias"` {
			t.Errorf("%v began with %s", who, what)
		}
	}
}

// A keychain without the collection asks the person for a new one. Who closes that question is told what to do.
func TestKeychainQuestionClosed(t *testing.T) {
	if os.Getenv(onKeychain) != "" {
		err := keychain{"/nowhere/vault.age"}.store(t.Context(), "AGE-SECRET-KEY-1")
		var sentence *lang.Error
		if !errors.Is(err, ErrKeychain) || !errors.As(err, &sentence) || sentence.ID != "keychain-unanswered" {
			t.Errorf("closed: %v", err)
		}
		return
	}
	d := desktoptest.Start(t, desktop.Options{})
	bus, err := d.Connect()
	check(t, err)
	defer bus.Close()
	const service, prompt = "/org/freedesktop/secrets", "/org/freedesktop/secrets/prompt/p1"
	check(t, bus.ExportMethodTable(map[string]any{
		"ReadAlias": func(string) (dbus.ObjectPath, *dbus.Error) { return "/", nil },
		"OpenSession": func(string, dbus.Variant) (dbus.Variant, dbus.ObjectPath, *dbus.Error) {
			return dbus.MakeVariant(""), "/s", nil
		},
		"SearchItems": func(map[string]string) (open, locked []dbus.ObjectPath, _ *dbus.Error) {
			return []dbus.ObjectPath{}, []dbus.ObjectPath{}, nil
		},
		"CreateCollection": func(map[string]dbus.Variant, string) (dbus.ObjectPath, dbus.ObjectPath, *dbus.Error) {
			return "/", prompt, nil
		},
	}, service, "org.freedesktop.Secret.Service"))
	check(t, bus.ExportMethodTable(map[string]any{
		"Get": func(string, string) (dbus.Variant, *dbus.Error) { return dbus.MakeVariant([]dbus.ObjectPath{}), nil },
	}, service, "org.freedesktop.DBus.Properties"))
	check(t, bus.ExportMethodTable(map[string]any{
		"Prompt": func(who dbus.Sender, _ string) *dbus.Error {
			bus.Send(&dbus.Message{
				Type: dbus.TypeSignal,
				Headers: map[dbus.HeaderField]dbus.Variant{
					dbus.FieldPath:        dbus.MakeVariant(dbus.ObjectPath(prompt)),
					dbus.FieldInterface:   dbus.MakeVariant("org.freedesktop.Secret.Prompt"),
					dbus.FieldMember:      dbus.MakeVariant("Completed"),
					dbus.FieldDestination: dbus.MakeVariant(string(who)),
					dbus.FieldSignature:   dbus.MakeVariant(dbus.ParseSignatureMust("bv")),
				},
				Body: []any{true, dbus.MakeVariant("")},
			}, nil)
			return nil
		},
	}, prompt, "org.freedesktop.Secret.Prompt"))
	_, err = bus.RequestName(secretsName, dbus.NameFlagDoNotQueue)
	check(t, err)
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestKeychainQuestionClosed$", "-test.v", "-test.count=1")
	cmd.Env = append(d.Env(), onKeychain+"=1")
	if out, err := cmd.CombinedOutput(); err != nil || !strings.Contains(string(out), "--- PASS: TestKeychainQuestionClosed") {
		t.Errorf("%v\n%s", err, out)
	}
}

// kwallet is a stand-in for KDE's keychain.
type kwallet struct {
	mu      sync.Mutex
	opened  []string
	entries map[string][]byte
}

func (w *kwallet) table() map[string]any {
	entry := func(folder, key string) string { return folder + "/" + key }
	return map[string]any{
		"networkWallet": func() (string, *dbus.Error) { return "kdewallet", nil },
		"open": func(name string, _ int64, app string) (int32, *dbus.Error) {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.opened = append(w.opened, app+" "+name)
			return 7, nil
		},
		"readEntry": func(_ int32, folder, key, _ string) ([]byte, *dbus.Error) {
			w.mu.Lock()
			defer w.mu.Unlock()
			return w.entries[entry(folder, key)], nil
		},
		"writeEntry": func(_ int32, folder, key string, data []byte, _ string) (int32, *dbus.Error) {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.entries[entry(folder, key)] = data
			return 0, nil
		},
		"removeEntry": func(_ int32, folder, key, _ string) (int32, *dbus.Error) {
			w.mu.Lock()
			defer w.mu.Unlock()
			delete(w.entries, entry(folder, key))
			return 0, nil
		},
		"entryList": func(_ int32, folder, _ string) ([]string, *dbus.Error) {
			w.mu.Lock()
			defer w.mu.Unlock()
			keys := []string{}
			for e := range w.entries {
				if key, ours := strings.CutPrefix(e, folder+"/"); ours {
					keys = append(keys, key)
				}
			}
			return keys, nil
		},
	}
}

// On KDE every method works, and the key is in the wallet that opens when the person signs in.
func TestWithKWallet(t *testing.T) {
	d := desktoptest.Start(t, desktop.Options{})
	bus, err := d.Connect()
	check(t, err)
	defer bus.Close()
	w := &kwallet{entries: map[string][]byte{}}
	check(t, bus.ExportMethodTable(w.table(), "/modules/kwalletd5", "org.kde.KWallet"))
	_, err = bus.RequestName("org.kde.kwalletd5", dbus.NameFlagDoNotQueue)
	check(t, err)
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestDoorMethods$", "-test.v", "-test.count=1")
	cmd.Env = append(d.Env(), onKeychain+"=1")
	if out, err := cmd.CombinedOutput(); err != nil || !strings.Contains(string(out), "--- PASS: TestDoorMethods") {
		t.Errorf("%v\n%s", err, out)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	slices.Sort(w.opened)
	if got := slices.Compact(w.opened); !slices.Equal(got, []string{"kapu kdewallet"}) {
		t.Errorf("opened: %q", got)
	}
}
