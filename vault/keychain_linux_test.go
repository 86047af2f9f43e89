package vault

import (
	"errors"
	"maps"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
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
		onDesktop(t, d, "TestDoorMethods")
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

const (
	secretsPath = "/org/freedesktop/secrets"
	secretsAPI  = "org.freedesktop.Secret."
)

// withSecrets runs this very test again, in a process whose desktop has a Secret Service of our own: export says what
// it answers beside ReadAlias, OpenSession and SearchItems, which know of nothing.
func withSecrets(t *testing.T, service map[string]any, export func(bus *dbus.Conn)) {
	t.Helper()
	d := desktoptest.Start(t, desktop.Options{})
	bus, err := d.Connect()
	check(t, err)
	defer bus.Close()
	methods := map[string]any{
		"ReadAlias": func(string) (dbus.ObjectPath, *dbus.Error) { return "/", nil },
		"OpenSession": func(string, dbus.Variant) (dbus.Variant, dbus.ObjectPath, *dbus.Error) {
			return dbus.MakeVariant(""), "/s", nil
		},
		"SearchItems": func(map[string]string) (open, locked []dbus.ObjectPath, _ *dbus.Error) {
			return []dbus.ObjectPath{}, []dbus.ObjectPath{}, nil
		},
	}
	maps.Copy(methods, service)
	check(t, bus.ExportMethodTable(methods, secretsPath, secretsAPI+"Service"))
	export(bus)
	_, err = bus.RequestName(secretsName, dbus.NameFlagDoNotQueue)
	check(t, err)
	onDesktop(t, d, t.Name())
}

// onDesktop runs a test of this package, in a process of its own, with the keychain of a desktop.
func onDesktop(t *testing.T, d *desktop.Desktop, test string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+test+"$", "-test.v", "-test.count=1")
	cmd.Env = append(d.Env(), onKeychain+"=1")
	if out, err := cmd.CombinedOutput(); err != nil || !strings.Contains(string(out), "--- PASS: "+test) {
		t.Errorf("%v\n%s", err, out)
	}
}

// has exports an object with properties.
func has(t *testing.T, bus *dbus.Conn, path dbus.ObjectPath, property func(name string) any) {
	t.Helper()
	check(t, bus.ExportMethodTable(map[string]any{
		"Get": func(_, name string) (dbus.Variant, *dbus.Error) { return dbus.MakeVariant(property(name)), nil },
	}, path, "org.freedesktop.DBus.Properties"))
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
	const prompt = secretsPath + "/prompt/p1"
	withSecrets(t, map[string]any{
		"CreateCollection": func(map[string]dbus.Variant, string) (dbus.ObjectPath, dbus.ObjectPath, *dbus.Error) {
			return "/", prompt, nil
		},
	}, func(bus *dbus.Conn) {
		has(t, bus, secretsPath, func(string) any { return []dbus.ObjectPath{} })
		check(t, bus.ExportMethodTable(map[string]any{
			"Prompt": func(who dbus.Sender, _ string) *dbus.Error {
				bus.Send(&dbus.Message{
					Type: dbus.TypeSignal,
					Headers: map[dbus.HeaderField]dbus.Variant{
						dbus.FieldPath:        dbus.MakeVariant(dbus.ObjectPath(prompt)),
						dbus.FieldInterface:   dbus.MakeVariant(secretsAPI + "Prompt"),
						dbus.FieldMember:      dbus.MakeVariant("Completed"),
						dbus.FieldDestination: dbus.MakeVariant(string(who)),
						dbus.FieldSignature:   dbus.MakeVariant(dbus.ParseSignatureMust("bv")),
					},
					Body: []any{true, dbus.MakeVariant("")},
				}, nil)
				return nil
			},
		}, prompt, secretsAPI+"Prompt"))
	})
}

// A keychain that is still locked shows its items only once it is opened: the key of a vault that was moved is found
// in it all the same.
func TestMovedVaultInALockedKeychain(t *testing.T) {
	const former = "/former/vault.age"
	if os.Getenv(onKeychain) != "" {
		items, err := keychain{"/now/vault.age"}.loadAll(t.Context())
		if err != nil || items[keychain{former}] != "AGE-SECRET-KEY-1" {
			t.Errorf("%q, %v", items, err)
		}
		return
	}
	const login, item dbus.ObjectPath = secretsPath + "/collection/login", secretsPath + "/collection/login/1"
	var open atomic.Bool
	withSecrets(t, map[string]any{
		"Unlock": func([]dbus.ObjectPath) ([]dbus.ObjectPath, dbus.ObjectPath, *dbus.Error) {
			open.Store(true)
			return []dbus.ObjectPath{login}, "/", nil
		},
		"SearchItems": func(map[string]string) (open, locked []dbus.ObjectPath, _ *dbus.Error) {
			return []dbus.ObjectPath{item}, []dbus.ObjectPath{}, nil
		},
	}, func(bus *dbus.Conn) {
		has(t, bus, secretsPath, func(string) any { return []dbus.ObjectPath{login} })
		has(t, bus, login, func(name string) any {
			switch {
			case name == "Locked":
				return !open.Load()
			case open.Load():
				return []dbus.ObjectPath{item}
			}
			return []dbus.ObjectPath{}
		})
		has(t, bus, item, func(string) any { return map[string]string{"profile": "kapu " + former} })
		check(t, bus.ExportMethodTable(map[string]any{
			"GetSecret": func(dbus.ObjectPath) (secret struct {
				Session           dbus.ObjectPath
				Parameters, Value []byte
				Type              string
			}, _ *dbus.Error,
			) {
				secret.Session, secret.Value = "/s", []byte("{\"Data\":\"QUdFLVNFQ1JFVC1LRVktMQ==\"}")
				return secret, nil
			},
		}, item, secretsAPI+"Item"))
	})
}

// kwallet is a stand-in for KDE's keychain.
type kwallet struct {
	mu      sync.Mutex
	opened  []string
	written []string // the keys
	entries map[string][]byte
	unsaved bool // a change that is not on the disk yet
}

func (w *kwallet) table() map[string]any {
	entry := func(folder, key string) string { return folder + "/" + key }
	return map[string]any{
		"networkWallet": func() (string, *dbus.Error) { return "kdewallet", nil },
		"folderDoesNotExist": func(_, folder string) (bool, *dbus.Error) {
			return len(w.keys(folder)) == 0, nil
		},
		"keyDoesNotExist": func(_, folder, key string) (bool, *dbus.Error) {
			return !slices.Contains(w.keys(folder), key), nil
		},
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
			w.entries[entry(folder, key)], w.unsaved = data, true
			w.written = append(w.written, key)
			return 0, nil
		},
		"removeEntry": func(_ int32, folder, key, _ string) (int32, *dbus.Error) {
			w.mu.Lock()
			defer w.mu.Unlock()
			delete(w.entries, entry(folder, key))
			w.unsaved = true
			return 0, nil
		},
		"sync": func(int32, string) *dbus.Error {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.unsaved = false
			return nil
		},
		"entryList": func(_ int32, folder, _ string) ([]string, *dbus.Error) { return w.keys(folder), nil },
	}
}

// keys are those of a folder's entries.
func (w *kwallet) keys(folder string) []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	keys := []string{}
	for e := range w.entries {
		if key, ours := strings.CutPrefix(e, folder+"/"); ours {
			keys = append(keys, key)
		}
	}
	return keys
}

// begin puts the stand-in on a desktop's bus, until the test's end.
func (w *kwallet) begin(t *testing.T, d *desktop.Desktop) {
	t.Helper()
	bus, err := d.Connect()
	check(t, err)
	t.Cleanup(func() { bus.Close() })
	check(t, bus.ExportMethodTable(w.table(), "/modules/kwalletd5", "org.kde.KWallet"))
	_, err = bus.RequestName("org.kde.kwalletd5", dbus.NameFlagDoNotQueue)
	check(t, err)
}

// On KDE every method works, and the key is in the wallet that opens when the person signs in.
func TestWithKWallet(t *testing.T) {
	d := desktoptest.Start(t, desktop.Options{})
	w := &kwallet{entries: map[string][]byte{}}
	w.begin(t, d)
	onDesktop(t, d, "TestDoorMethods")
	w.mu.Lock()
	defer w.mu.Unlock()
	slices.Sort(w.opened)
	if got := slices.Compact(w.opened); !slices.Equal(got, []string{"kapu kdewallet"}) {
		t.Errorf("opened: %q", got)
	}
	if w.unsaved {
		t.Error("a change is not on the disk")
	}
}

// Where gnome-keyring is the Secret Service beside KWallet, what was put into the wallet before is read, changed and
// removed there; what is new goes to gnome-keyring, and the wallet is not opened.
func TestKWalletBesideGnomeKeyring(t *testing.T) {
	const former, latest = "/former/vault.age", "/latest/vault.age"
	if os.Getenv(onKeychain) != "" {
		ctx := t.Context()
		for _, k := range []keychain{{former}, {latest}} {
			check(t, k.store(ctx, "AGE-SECRET-KEY-2"))
			if text, err := k.load(ctx); text != "AGE-SECRET-KEY-2" {
				t.Errorf("%s: %q, %v", k.vault, text, err)
			}
		}
		if items, err := (keychain{latest}).loadAll(ctx); err != nil || items[keychain{former}] != "AGE-SECRET-KEY-2" {
			t.Errorf("%q, %v", items, err)
		}
		check(t, keychain{former}.remove(ctx))
		return
	}
	d := desktoptest.Start(t, desktop.Options{Keyring: true})
	w := &kwallet{entries: map[string][]byte{}}
	w.begin(t, d)
	onDesktop(t, d, "TestDoorMethods")
	w.mu.Lock()
	if len(w.opened) > 0 || len(w.entries) > 0 {
		t.Errorf("the wallet was opened for what is not in it: %q, %q", w.opened, w.entries)
	}
	w.entries["kapu/kapu "+former] = []byte(`{"Data":"QUdFLVNFQ1JFVC1LRVktMQ=="}`)
	w.mu.Unlock()
	onDesktop(t, d, "TestKWalletBesideGnomeKeyring")
	w.mu.Lock()
	defer w.mu.Unlock()
	if !slices.Equal(w.written, []string{"kapu " + former}) || len(w.entries) > 0 {
		t.Errorf("written: %q, left: %q", w.written, w.entries)
	}
}
