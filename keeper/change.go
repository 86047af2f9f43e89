package keeper

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"kapu/agent"
	"kapu/exchange"
	"kapu/lang"
	"kapu/office"
	"kapu/vault"
)

// add takes a single client in by the rules of an import: a known key becomes a further client of its account.
func (k *keeper) add(ctx context.Context, n agent.New) (agent.Client, error) {
	read, err := k.keyOf(n)
	if err != nil {
		return agent.Client{}, err
	}
	entry := exchange.Entry{
		Name: n.Client.Name, TaxNumber: n.Client.TaxNumber, Folder: n.Client.Folder, Service: n.Client.Service,
		UserName: n.Client.UserName, Key: read.Key, Stated: read.Stated, Doubt: read.Doubt, DeletionCode: n.DeletionCode,
		Note: n.Note, Favourite: n.Client.Favourite,
		MandateUntil: n.Client.MandateUntil, PasswordUntil: n.Client.PasswordUntil,
	}
	return k.changeClient(ctx, vault.Added, func(tx *vault.Tx) (string, error) {
		same := func(a vault.Account) bool { return a.Key.Secret == read.Key.Secret }
		if i := slices.IndexFunc(tx.Accounts, same); i >= 0 && n.Key != "" {
			entry.Key = tx.Accounts[i].Key // the person gave the secret only; how its codes are made is known here
		}
		report, err := exchange.Apply(ctx, tx, []exchange.Entry{entry}, exchange.Decisions{Doubtful: n.Confirmed, NewKeys: exchange.KeepBoth})
		if err != nil {
			return "", err
		}
		switch row := report.Rows[0]; row.Fate {
		case exchange.New, exchange.Merged:
			id := tx.Clients[len(tx.Clients)-1].ID // a new client is the last
			return id, nil
		case exchange.Refused:
			return "", row.Reason.Kind(vault.ErrInvalid)
		case exchange.Doubtful:
			return "", row.Reason.Kind(agent.ErrDoubtful)
		default:
			same := func(c vault.Client) bool {
				a, _ := tx.Account(c.Account)
				return a.Key.Secret == read.Key.Secret && lang.Fold(c.Name) == lang.Fold(n.Client.Name)
			}
			label := n.Client.Name
			if i := slices.IndexFunc(tx.Clients, same); i >= 0 {
				label = labelIn(tx.Contents, &tx.Clients[i])
			}
			return "", lang.E("client-exists", "Client", label).Kind(vault.ErrInvalid)
		}
	})
}

// keyOf is the key of a client to add, with what the file or the QR code that it comes from says of it.
func (k *keeper) keyOf(n agent.New) (read exchange.Entry, err error) {
	switch {
	case n.Staged != "":
		return k.stages.only(n.Staged)
	case n.Scanned != nil:
		return *n.Scanned, nil
	}
	read.Key, err = vault.ParseKey(n.Key)
	return read, err
}

func (k *keeper) edit(ctx context.Context, e agent.Edit) (agent.Client, error) {
	return k.changeClient(ctx, vault.Edited, func(tx *vault.Tx) (string, error) {
		c, ok := tx.Client(e.ID)
		if !ok {
			return "", lang.E("client-gone").Kind(agent.ErrNotFound)
		}
		if err := k.mayTouch(&c); err != nil {
			return "", err
		}
		a, _ := tx.Account(c.Account)
		before := exchange.EntryOf(c, a)
		if e.Key != nil {
			if err := k.desk.rights().may(&a, office.Edit, tx.Contents, &c); err != nil { // a book would take no notice of it
				return "", err
			}
			a.Key.Secret, a.Key.Counter = *e.Key, 0 // a new key of the same service: its codes are made the same way
		}
		accountChanged := set(&a.Service, e.Service, &a.UserName, e.UserName, &a.DeletionCode, e.DeletionCode, &a.Note, e.Note,
			&a.PasswordUntil, e.PasswordUntil)
		if accountChanged || e.Key != nil {
			var err error
			if a, err = tx.PutAccount(a); err != nil {
				return "", err
			}
		}
		clientChanged := set(&c.Name, e.Name, &c.TaxNumber, e.TaxNumber, &c.Folder, e.Folder, &c.MandateUntil, e.MandateUntil)
		if accountChanged || e.Key != nil || clientChanged { // a star is its own inverse
			tx.Undoable(vault.Edited, labelIn(tx.Contents, &c))
		}
		if e.Favourite != nil {
			c.Favourite, clientChanged = *e.Favourite, true
		}
		if clientChanged {
			var err error
			if c, err = tx.PutClient(c); err != nil {
				return "", err
			}
		}
		return c.ID, plausible(before, exchange.EntryOf(c, a), e.Confirmed)
	})
}

// plausible refuses what becomes of a client if that is hardly what the person means, unless they have confirmed it. It
// is asked at the end of the transaction, about the texts as the vault keeps them.
func plausible(before, after exchange.Entry, confirmed bool) error {
	if doubt := exchange.DoubtChange(before, after); doubt != nil && !confirmed {
		return doubt.Kind(agent.ErrDoubtful)
	}
	return nil
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

// editMany changes the same fields of several clients at once. Those that are gone meanwhile are left out.
func (k *keeper) editMany(ctx context.Context, e agent.EditMany) (agent.Done, error) {
	return k.changeMany(ctx, vault.Edited, e.IDs, func(tx *vault.Tx, clients []vault.Client) error {
		for _, c := range clients {
			a, _ := tx.Account(c.Account)
			before := exchange.EntryOf(c, a)
			if set(&c.Folder, e.Folder, &c.MandateUntil, e.MandateUntil) || e.Favourite != nil {
				if e.Favourite != nil {
					c.Favourite = *e.Favourite
				}
				var err error
				if c, err = tx.PutClient(c); err != nil {
					return err
				}
			}
			if e.PasswordUntil != nil && a.PasswordUntil != *e.PasswordUntil {
				a.PasswordUntil = *e.PasswordUntil
				if _, err := tx.PutAccount(a); err != nil {
					return err
				}
			}
			if err := plausible(before, exchange.EntryOf(c, a), e.Confirmed); err != nil {
				return err
			}
		}
		return nil
	})
}

// changeMany runs a transaction on several clients that can be undone as one.
func (k *keeper) changeMany(ctx context.Context, act vault.Act, ids []string, change func(*vault.Tx, []vault.Client) error) (agent.Done, error) {
	var done agent.Done
	err := k.update(ctx, func(tx *vault.Tx) error {
		var clients []vault.Client
		beside, label := besides(tx.Contents), ""
		for _, id := range ids {
			if c, ok := tx.Client(id); ok {
				if err := k.mayTouch(&c); err != nil {
					return err
				}
				clients = append(clients, c)
				label = vault.Label(c.Name, beside[c.ID])
				tx.Note(vault.LogEntry{Act: act, Client: c.ID, Name: label})
			}
		}
		if len(clients) == 0 {
			return lang.E("client-gone").Kind(agent.ErrNotFound)
		}
		if len(clients) > 1 {
			label = ""
		}
		done = agent.Done{N: len(clients), Name: label, Undo: tx.Undoable(act, label)}
		return change(tx, clients)
	})
	return done, err
}

// undo takes the last change that can be taken back, or the one with an id, back.
func (k *keeper) undo(ctx context.Context, r agent.ByID) (agent.Undone, error) {
	var undone agent.Undone
	err := k.update(ctx, func(tx *vault.Tx) error {
		u, kept, err := tx.Undo(r.ID)
		undone = agent.Undone{Undoable: agent.Undoable{ID: u.ID, At: u.At, Act: u.Act, Name: u.Name, N: u.N}, Kept: kept}
		tx.Note(vault.LogEntry{Act: vault.Undone, Name: u.Name, N: u.N})
		return err
	})
	return undone, err
}

// undos lists what can be taken back, newest first.
func (k *keeper) undos(context.Context, agent.None) ([]agent.Undoable, error) {
	list := []agent.Undoable{}
	for _, u := range slices.Backward(k.contents().Undos) {
		list = append(list, agent.Undoable{ID: u.ID, At: u.At, Act: u.Act, Name: u.Name, N: u.N})
	}
	return list, nil
}

// importEntries takes a file's entries in, all in one transaction. A dry run is a transaction that gives up.
func (k *keeper) importEntries(ctx context.Context, i agent.Import) (agent.Imported, error) {
	var done agent.Imported
	err := k.update(ctx, func(tx *vault.Tx) (err error) {
		if done.Report, err = exchange.Apply(ctx, tx, i.Entries, i.Decisions); err != nil {
			return err
		}
		if i.DryRun { // of what would be refused, too
			return cmp.Or(k.desk.rights().mayChange(k.vault.Contents(), tx.Contents), errDryRun)
		}
		if i.Whole && done.Left() > 0 {
			return errDryRun
		}
		if n := done.Taken(); n > 0 {
			done.Undo = tx.Undoable(vault.Imported, i.Format)
			tx.Note(vault.LogEntry{Act: vault.Imported, Name: i.Format, N: n})
		}
		return nil
	})
	if err == nil && len(i.Columns) > 0 {
		k.rememberColumns(i.Columns)
	}
	if err == errDryRun {
		err = nil
	}
	return done, err
}

var errDryRun = errors.New("only a dry run")

// changeClient runs a transaction on one client and returns the client as it is then.
func (k *keeper) changeClient(ctx context.Context, act vault.Act, change func(*vault.Tx) (id string, err error)) (agent.Client, error) {
	var after agent.Client
	err := k.update(ctx, func(tx *vault.Tx) error {
		id, err := change(tx)
		if err != nil {
			return err
		}
		c, _ := tx.Client(id)
		after = redacted(tx.Contents, k.desk.rights(), &c)
		after.Beside = besides(tx.Contents)[c.ID]
		tx.Note(vault.LogEntry{Act: act, Client: c.ID, Name: after.Label()})
		return nil
	})
	return after, err
}
