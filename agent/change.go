package agent

import (
	"context"
	"errors"
	"slices"

	"kapu/exchange"
	"kapu/lang"
	"kapu/vault"
)

// add takes a single client in by the rules of an import: a known key becomes a further client of its account.
func (k *keeper) add(ctx context.Context, n New) (Client, error) {
	key, err := vault.ParseKey(n.Key)
	if err != nil {
		return Client{}, err
	}
	entry := exchange.Entry{
		Name: n.Client.Name, TaxNumber: n.Client.TaxNumber, Folder: n.Client.Folder, Service: n.Client.Service,
		UserName: n.Client.UserName, Key: key, DeletionCode: n.DeletionCode, Note: n.Note, Favourite: n.Client.Favourite,
	}
	return k.changeClient(ctx, func(tx *vault.Tx) (string, error) {
		if i := slices.IndexFunc(tx.Accounts, func(a vault.Account) bool { return a.Key.Secret == key.Secret }); i >= 0 {
			entry.Key = tx.Accounts[i].Key // the person gave the secret only; how its codes are made is known here
		}
		report, err := exchange.Apply(tx, []exchange.Entry{entry})
		if err != nil {
			return "", err
		}
		switch row := report.Rows[0]; row.Fate {
		case exchange.New, exchange.Merged:
			id := tx.Clients[len(tx.Clients)-1].ID // a new client is the last
			return id, setMandate(tx, id, n.Client.MandateUntil)
		case exchange.Refused:
			return "", row.Reason.Kind(vault.ErrInvalid)
		default:
			return "", lang.E("client-exists", "Client", n.Client.Name).Kind(vault.ErrInvalid)
		}
	})
}

func setMandate(tx *vault.Tx, id, until string) error {
	c, _ := tx.Client(id)
	if until == "" {
		return nil
	}
	c.MandateUntil = until
	_, err := tx.PutClient(c)
	return err
}

func (k *keeper) edit(ctx context.Context, e Edit) (Client, error) {
	return k.changeClient(ctx, func(tx *vault.Tx) (string, error) {
		c, ok := tx.Client(e.ID)
		if !ok {
			return "", lang.E("client-gone").Kind(ErrNotFound)
		}
		a, _ := tx.Account(c.Account)
		if e.Key != nil {
			a.Key.Secret, a.Key.Counter = *e.Key, 0 // a new key of the same service: its codes are made the same way
		}
		accountChanged := set(&a.Service, e.Service, &a.UserName, e.UserName, &a.DeletionCode, e.DeletionCode, &a.Note, e.Note)
		if accountChanged || e.Key != nil {
			if _, err := tx.PutAccount(a); err != nil {
				return "", err
			}
		}
		clientChanged := set(&c.Name, e.Name, &c.TaxNumber, e.TaxNumber, &c.Folder, e.Folder, &c.MandateUntil, e.MandateUntil)
		if e.Favourite != nil {
			c.Favourite, clientChanged = *e.Favourite, true
		}
		if clientChanged {
			if _, err := tx.PutClient(c); err != nil {
				return "", err
			}
		}
		return c.ID, nil
	})
}

// set stores each given text, in pairs of where and what, and says whether there was any.
func set(pairs ...*string) (any bool) {
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] != nil {
			*pairs[i], any = *pairs[i+1], true
		}
	}
	return any
}

func (k *keeper) remove(ctx context.Context, r removeRequest) (Client, error) {
	contents := k.contents()
	c, ok := contents.Client(r.ID)
	if !ok {
		return Client{}, lang.E("client-gone").Kind(ErrNotFound)
	}
	removed := view(contents, &c)
	return removed, k.update(ctx, func(tx *vault.Tx) error {
		tx.RemoveClient(r.ID)
		return nil
	})
}

// importEntries takes a file's entries in, all in one transaction. A dry run is a transaction that gives up.
func (k *keeper) importEntries(ctx context.Context, i Import) (exchange.Report, error) {
	var report exchange.Report
	err := k.update(ctx, func(tx *vault.Tx) (err error) {
		if report, err = exchange.Apply(tx, i.Entries); err == nil && i.DryRun {
			err = errDryRun
		}
		return err
	})
	if err == errDryRun {
		err = nil
	}
	return report, err
}

var errDryRun = errors.New("only a dry run")

// changeClient runs a transaction on one client and returns the client as it is then.
func (k *keeper) changeClient(ctx context.Context, change func(*vault.Tx) (id string, err error)) (Client, error) {
	var after Client
	err := k.update(ctx, func(tx *vault.Tx) error {
		id, err := change(tx)
		if err != nil {
			return err
		}
		c, _ := tx.Client(id)
		after = view(tx.Contents, &c)
		return nil
	})
	return after, err
}
