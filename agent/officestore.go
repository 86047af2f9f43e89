package agent

import (
	"context"

	"kapu/office/store"
)

// openStore opens the store at an address.
func (d *desk) openStore(address string) (store.Store, error) { return store.Open(address, nil) }

func (d *desk) keepKeys(ctx context.Context, address string, keys StoreKeys) error { return nil }

func (d *desk) dropKeys(ctx context.Context, address string, keys StoreKeys) {}
