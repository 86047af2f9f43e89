package office

import (
	"context"
	"errors"

	"kapu/lang"
	"kapu/office/store"
)

// StoreOf is the address of the store that an invitation names.
func StoreOf(invitation string) (string, error) {
	v, err := readInvitation(invitation)
	if err != nil {
		return "", err
	}
	return v.Store, nil
}

// Elsewhere is an invitation for a machine that sees the same store at another address: a share has another letter
// there, and a folder that a program synchronises lies in another person's home.
func Elsewhere(invitation, store string) (string, error) {
	v, err := readInvitation(invitation)
	if err != nil {
		return "", err
	}
	v.Store = store
	return v.String(), nil
}

// MoveTo takes the store to be at another address from now on: a share has another path, or all objects were copied to
// another server. It refuses one that does not have the office, or has it as it was before what this device knows.
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
		if err := must(prefixOffice+s.Office, lang.E("office-store-other", "Office", s.Roster.Name, "Store", address)); err != nil {
			return err
		}
		if err := must(rosterName(s.Roster.Number), lang.E("office-store-older", "Office", s.Roster.Name, "Store", address)); err != nil {
			return err
		}
		s.Store, o.store, o.dirty = address, to, true
		o.relist = true // what did not come along is put there again
		return nil
	})
}
