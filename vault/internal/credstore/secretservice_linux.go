package credstore

import (
	"context"
	"slices"

	"github.com/godbus/dbus/v5"
)

// The Secret Service's names, by its specification (specifications.freedesktop.org/secret-service).
const (
	secretsName = "org.freedesktop.secrets"
	secretsPath = "/org/freedesktop/secrets"
	secretsAPI  = "org.freedesktop.Secret."

	loginCollection = secretsPath + "/collection/login"
	none            = dbus.ObjectPath("/") // where there is no object: no collection, no prompt
)

// secretService is the store of a desktop with a Secret Service. An item is found by its attribute `profile` in
// whatever collection it lies, and a new one is put into the collection that opens when the person signs in.
type secretService struct {
	bus     *dbus.Conn
	session dbus.ObjectPath // by which secrets are handed over; "" until one is needed
}

// secret is a Secret of the specification, for a session without encryption: who may listen on a session bus is the
// same user, and could ask as well.
type secret struct {
	Session     dbus.ObjectPath
	Parameters  []byte
	Value       []byte
	ContentType string
}

func (s *secretService) Close() { s.bus.Close() }

func (s *secretService) at(path dbus.ObjectPath) dbus.BusObject {
	return s.bus.Object(secretsName, path)
}

func (s *secretService) call(ctx context.Context, path dbus.ObjectPath, method string, args ...any) *dbus.Call {
	return s.at(path).CallWithContext(ctx, secretsAPI+method, 0, args...)
}

// property reads a property into what value points to.
func (s *secretService) property(ctx context.Context, path dbus.ObjectPath, iface, name string, value any) error {
	var v dbus.Variant
	err := s.at(path).CallWithContext(ctx, "org.freedesktop.DBus.Properties.Get", 0, secretsAPI+iface, name).Store(&v)
	if err != nil {
		return err
	}
	return dbus.Store([]any{v.Value()}, value)
}

// MayAsk is the first question of a connection. gnome-keyring (42, and the source of 2026) may handle the first message
// of a connection before it has come to know the connection, if other programs come and go at that moment. Where that
// message opens a session or asks for a property it then aborts, and with it goes every program's open keychain: once
// in a thousand unlocks. ReadAlias does it no harm, and once it is answered the connection is known.
//
// A service that does not know a question, or refuses it, may ask the person; one that is silent is an error.
func (s *secretService) MayAsk(ctx context.Context) (bool, error) {
	locked := true
	collection, err := s.collection(ctx)
	if err == nil && collection != none {
		err = s.property(ctx, collection, "Collection", "Locked", &locked)
	}
	if err != nil {
		return true, ctx.Err()
	}
	return locked, nil
}

// collection is where new items go: `login`, which opens when the person signs in, else the one that the person made
// the default; none without either.
func (s *secretService) collection(ctx context.Context) (dbus.ObjectPath, error) {
	standard := none
	_ = s.call(ctx, secretsPath, "Service.ReadAlias", "default").Store(&standard) // some have no aliases
	var all []dbus.ObjectPath
	if err := s.property(ctx, secretsPath, "Service", "Collections", &all); err != nil {
		return none, err
	}
	if slices.Contains(all, dbus.ObjectPath(loginCollection)) {
		return loginCollection, nil
	}
	return standard, nil
}

// open begins a session, once.
func (s *secretService) open(ctx context.Context) error {
	if s.session != "" {
		return nil
	}
	var output dbus.Variant
	return s.call(ctx, secretsPath, "Service.OpenSession", "plain", dbus.MakeVariant("")).Store(&output, &s.session)
}

// items are those of a name, unlocked.
func (s *secretService) items(ctx context.Context, name string) ([]dbus.ObjectPath, error) {
	var open, locked []dbus.ObjectPath
	err := s.call(ctx, secretsPath, "Service.SearchItems", attributes(name)).Store(&open, &locked)
	if err == nil && len(locked) > 0 {
		err = s.unlock(ctx, locked...)
	}
	return append(open, locked...), err
}

func attributes(name string) map[string]string { return map[string]string{"profile": name} }

func (s *secretService) Get(ctx context.Context, name string) (string, error) {
	found, err := s.items(ctx, name)
	if err == nil && len(found) == 0 {
		err = ErrNotFound
	}
	if err == nil {
		err = s.open(ctx)
	}
	if err != nil {
		return "", err
	}
	var got secret
	if err := s.call(ctx, found[0], "Item.GetSecret", s.session).Store(&got); err != nil {
		return "", err
	}
	return unpack(got.Value)
}

func (s *secretService) Set(ctx context.Context, name, text string) error {
	found, err := s.items(ctx, name)
	if err == nil {
		err = s.open(ctx)
	}
	if err != nil {
		return err
	}
	packed := secret{s.session, []byte{}, pack(name, text), "application/json"}
	if len(found) > 0 {
		return s.call(ctx, found[0], "Item.SetSecret", packed).Err
	}
	return s.create(ctx, name, packed)
}

// create puts a new item into the collection for such, which it makes where there is none.
func (s *secretService) create(ctx context.Context, name string, packed secret) error {
	collection, err := s.collection(ctx)
	if err == nil && collection == none {
		collection, err = s.createCollection(ctx)
	}
	if err == nil {
		err = s.unlock(ctx, collection)
	}
	if err != nil {
		return err
	}
	properties := map[string]dbus.Variant{
		secretsAPI + "Item.Label":      dbus.MakeVariant(name),
		secretsAPI + "Item.Attributes": dbus.MakeVariant(attributes(name)),
	}
	var item, prompt dbus.ObjectPath
	err = s.call(ctx, collection, "Collection.CreateItem", properties, packed, true).Store(&item, &prompt)
	if err == nil {
		_, err = s.prompt(ctx, prompt)
	}
	return err
}

func (s *secretService) createCollection(ctx context.Context) (made dbus.ObjectPath, err error) {
	properties := map[string]dbus.Variant{secretsAPI + "Collection.Label": dbus.MakeVariant("login")}
	var prompt dbus.ObjectPath
	err = s.call(ctx, secretsPath, "Service.CreateCollection", properties, "default").Store(&made, &prompt)
	if err != nil || made != none {
		return made, err
	}
	result, err := s.prompt(ctx, prompt)
	if path, ok := result.Value().(dbus.ObjectPath); ok {
		made = path
	}
	if err == nil && made == none {
		err = ErrDismissed
	}
	return made, err
}

// unlock opens objects, which may ask the person.
func (s *secretService) unlock(ctx context.Context, objects ...dbus.ObjectPath) error {
	var unlocked []dbus.ObjectPath
	var prompt dbus.ObjectPath
	err := s.call(ctx, secretsPath, "Service.Unlock", objects).Store(&unlocked, &prompt)
	if err == nil {
		_, err = s.prompt(ctx, prompt)
	}
	return err
}

func (s *secretService) Remove(ctx context.Context, name string) error {
	found, err := s.items(ctx, name)
	if err == nil && len(found) == 0 {
		return ErrNotFound
	}
	for _, item := range found {
		var prompt dbus.ObjectPath
		if err == nil {
			err = s.call(ctx, item, "Item.Delete").Store(&prompt)
		}
		if err == nil {
			_, err = s.prompt(ctx, prompt)
		}
	}
	return err
}

// Names looks at every item of the collections that are open: the specification has no search by a part of a name. The
// one for new items is opened first, since a locked one may show nothing of what it has.
func (s *secretService) Names(ctx context.Context) ([]string, error) {
	ours, err := s.collection(ctx)
	if err == nil && ours != none {
		err = s.unlock(ctx, ours)
	}
	if err != nil {
		return nil, err
	}
	var collections, items []dbus.ObjectPath
	if err := s.property(ctx, secretsPath, "Service", "Collections", &collections); err != nil {
		return nil, err
	}
	for _, collection := range collections {
		var here []dbus.ObjectPath
		if err := s.property(ctx, collection, "Collection", "Items", &here); err != nil {
			return nil, err
		}
		items = append(items, here...)
	}
	var names []string
	for _, item := range items {
		var attributes map[string]string
		if s.property(ctx, item, "Item", "Attributes", &attributes) == nil && attributes["profile"] != "" {
			names = append(names, attributes["profile"])
		}
	}
	return names, ctx.Err()
}
