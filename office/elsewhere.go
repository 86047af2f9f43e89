package office

import (
	"context"
	"errors"

	"kapu/lang"
	"kapu/office/store"
)

// StoreOf is the address of the store that an invitation names, or an error of the kind ErrInvite.
func StoreOf(invitation string) (string, error) {
	v, err := readInvitation(invitation)
	if err != nil {
		return "", err
	}
	return v.Store, nil
}

// Elsewhere rewrites an invitation for a machine that sees the same store at another address: a share has another
// letter there, and a synchronised folder lies in another person's home.
func Elsewhere(invitation, store string) (string, error) {
	v, err := readInvitation(invitation)
	if err != nil {
		return "", err
	}
	v.Store = store
	return v.String(), nil
}

// MoveTo changes the address of the store: a share has another path, or all objects were copied to another server. It
// refuses a store that does not have the office, or has it rolled back to before what this device knows.
func (o *Office) MoveTo(ctx context.Context, address string, open OpenStore) error {
	return o.locked(ctx, func() error {
		s := o.state
		if s.Roster == nil {
			return lang.E("office-not-seen-yet").Kind(ErrInvalid)
		}
		to, err := open(address)
		if err != nil {
			return err
		}
		must := func(name string, without *lang.Error) error {
			_, err := to.Get(ctx, name)
			if errors.Is(err, store.ErrNotExist) {
				return without.Kind(ErrInvalid)
			}
			return err
		}
		other := lang.E("office-store-other", "Office", s.Roster.Name, "Store", address)
		older := lang.E("office-store-older", "Office", s.Roster.Name, "Store", address)
		if err := must(prefixOffice+s.Office, other); err != nil {
			return err
		}
		if err := must(rosterName(s.Roster.Number), older); err != nil {
			return err
		}
		s.Store, o.store, o.dirty = address, to, true
		o.relist = true // what did not come along is put there again
		return nil
	})
}
