package keeper

import (
	"context"
	"path/filepath"

	"kapu/agent"
	"kapu/lang"
	"kapu/office"
	"kapu/office/store"
)

// checkAddress refuses an address that says something else to another program.
func checkAddress(address string) error {
	if !store.WantsKeys(address) && !filepath.IsAbs(address) { // whose working folder would count?
		return lang.E("store-address", "Reason", lang.E("store-address-form")).Kind(office.ErrInvalid)
	}
	return nil
}

// openStore opens the store at an address, with the keys to it that are kept here, if there are any.
func (d *desk) openStore(address string) (store.Store, error) {
	if err := d.keeper.allowsStore(address); err != nil {
		return nil, err
	}
	return store.Open(address, func(ctx context.Context, address string) (access, secret string, err error) {
		return d.keeper.door.StoreKeys(ctx, d.keeper.vault, address)
	})
}

// openWatched opens it, and lets a sync begin whenever something is new there.
func (d *desk) openWatched(address string) (store.Store, error) {
	st, err := d.openStore(address)
	if err == nil {
		d.store.Store(&st)
		d.watch(st)
	}
	return st, err
}

// watch lets a sync begin whenever something is new in the store, and no longer for what it watched before.
func (d *desk) watch(st store.Store) {
	d.watching.Lock()
	defer d.watching.Unlock()
	if d.unwatch != nil {
		d.unwatch()
		d.unwatch = nil
	}
	w, ok := st.(store.Watcher)
	if !ok {
		return
	}
	ctx, stop := context.WithCancel(d.keeper.ending)
	d.unwatch = stop
	for _, prefix := range []string{"feed/", "roster/"} {
		go func() {
			for range w.Watch(ctx, prefix) {
				d.requestSync()
			}
		}()
	}
}

// openStoreWith opens it with keys that are not kept yet; without any it is as openStore.
func (d *desk) openStoreWith(address string, keys agent.StoreKeys) (store.Store, error) {
	if keys == (agent.StoreKeys{}) {
		return d.openStore(address)
	}
	return store.Open(address, func(context.Context, string) (access, secret string, err error) {
		return keys.Access, keys.Secret, nil
	})
}

func (d *desk) keepKeys(ctx context.Context, address string, keys agent.StoreKeys) error {
	if keys == (agent.StoreKeys{}) {
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
