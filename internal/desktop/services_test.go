//go:build linux

package desktop_test

import (
	"slices"
	"testing"

	"github.com/godbus/dbus/v5"

	"kapu/internal/desktop"
	"kapu/internal/desktop/desktoptest"
)

func TestNotificationsStandIn(t *testing.T) {
	t.Parallel()
	d := desktoptest.Start(t, desktop.Options{Notifications: true})
	ctx := desktoptest.Context(t)
	conn, err := dbus.Connect(d.BusAddress(), dbus.WithSignalHandler(dbus.NewSequentialSignalHandler()))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := conn.AddMatchSignal(dbus.WithMatchInterface("org.freedesktop.Notifications")); err != nil {
		t.Fatal(err)
	}
	service := conn.Object("org.freedesktop.Notifications", "/org/freedesktop/Notifications")
	notify := func(replaces uint32, summary string) (id uint32) {
		err := service.Call("org.freedesktop.Notifications.Notify", 0, "kapu", replaces, "", summary, "body",
			[]string{"default", "Megnyitás", "stop", "Állj"}, map[string]dbus.Variant{"urgency": dbus.MakeVariant(byte(2))}, int32(-1)).Store(&id)
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	first := notify(0, "one")
	second := notify(0, "two")
	if again := notify(first, "one again"); again != first || second == first {
		t.Errorf("ids are %d, %d and, replacing the first, %d", first, second, again)
	}
	signals := make(chan *dbus.Signal, 10) // only now: the bus has greeted the connection
	conn.Signal(signals)
	n := d.Notifications()
	note, err := n.Wait(ctx, func(n desktop.Notification) bool { return n.Summary == "two" })
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(note.Actions, []desktop.Action{{Key: "default", Label: "Megnyitás"}, {Key: "stop", Label: "Állj"}}) ||
		note.Hints["urgency"] != byte(2) || note.Body != "body" {
		t.Errorf("it recorded %+v", note)
	}
	if got := len(n.Sent()); got != 3 {
		t.Errorf("it recorded %d notifications", got)
	}
	if err := n.Act(second, "stop"); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"org.freedesktop.Notifications.ActionInvoked", "org.freedesktop.Notifications.NotificationClosed"} {
		select {
		case s := <-signals:
			if s.Name != want || s.Body[0] != second {
				t.Errorf("signal %s %v, want %s", s.Name, s.Body, want)
			}
		case <-ctx.Done():
			t.Fatal(ctx.Err())
		}
	}
	if n.Open(second) || !n.Open(first) {
		t.Error("the wrong notification is open")
	}
	n.Stop()
	if owned, err := d.HasName("org.freedesktop.Notifications"); owned || err != nil {
		t.Errorf("after Stop, the service is there: %v, %v", owned, err)
	}
}

func TestKeyringWithoutADisplay(t *testing.T) {
	t.Parallel()
	d := desktoptest.Start(t, desktop.Options{Keyring: true})
	ctx := desktoptest.Context(t)
	conn, err := d.Connect()
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	const collection = "/org/freedesktop/secrets/collection/login"
	type secret struct {
		Session     dbus.ObjectPath
		Parameters  []byte
		Value       []byte
		ContentType string
	}
	open := func() (session dbus.ObjectPath) {
		var output dbus.Variant
		if err := conn.Object("org.freedesktop.secrets", "/org/freedesktop/secrets").
			Call("org.freedesktop.Secret.Service.OpenSession", 0, "plain", dbus.MakeVariant("")).Store(&output, &session); err != nil {
			t.Fatal(err)
		}
		return session
	}
	var item, prompt dbus.ObjectPath
	props := map[string]dbus.Variant{
		"org.freedesktop.Secret.Item.Label":      dbus.MakeVariant("probe"),
		"org.freedesktop.Secret.Item.Attributes": dbus.MakeVariant(map[string]string{"probe": "1"}),
	}
	if err := conn.Object("org.freedesktop.secrets", collection).Call("org.freedesktop.Secret.Collection.CreateItem", 0,
		props, secret{open(), nil, []byte("value"), "text/plain"}, true).Store(&item, &prompt); err != nil {
		t.Fatal(err)
	}
	if item == "/" {
		t.Fatalf("writing asked for the prompt %s", prompt)
	}

	// What it held is still there when the keychain comes back.
	d.StopKeyring()
	if owned, err := d.HasName("org.freedesktop.secrets"); owned || err != nil {
		t.Fatalf("after StopKeyring, the keychain is there: %v, %v", owned, err)
	}
	if err := d.StartKeyring(ctx); err != nil {
		t.Fatal(err)
	}
	var items []dbus.ObjectPath
	if err := conn.Object("org.freedesktop.secrets", collection).Call("org.freedesktop.Secret.Collection.SearchItems", 0,
		map[string]string{"probe": "1"}).Store(&items); err != nil || len(items) != 1 {
		t.Fatalf("found %v, %v", items, err)
	}
	var got secret
	if err := conn.Object("org.freedesktop.secrets", items[0]).Call("org.freedesktop.Secret.Item.GetSecret", 0, open()).Store(&got); err != nil {
		t.Fatal(err)
	}
	if string(got.Value) != "value" {
		t.Errorf("the keychain gave %q", got.Value)
	}
}
