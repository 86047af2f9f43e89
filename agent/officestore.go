package agent

import (
	"context"

	"kapu/office/store"
)

// openStore opens the store at an address, with the keys to it that are kept here, if there are any.
func (d *desk) openStore(address string) (store.Store, error) {
	return store.Open(address, func(ctx context.Context, address string) (access, secret string, err error) {
		return d.keeper.door.StoreKeys(ctx, d.keeper.vault, address)
	})
}

func (d *desk) keepKeys(ctx context.Context, address string, keys StoreKeys) error {
	if keys == (StoreKeys{}) {
		return nil
	}
	return d.keeper.door.KeepStoreKeys(ctx, d.keeper.vault, address, keys.Access, keys.Secret)
}

// dropKeys forgets keys that were given for what came to nothing, or is over.
func (d *desk) dropKeys(ctx context.Context, address string) error {
	if !store.WantsKeys(address) {
		return nil
	}
	return d.keeper.door.DropStoreKeys(ctx, d.keeper.vault, address)
}
