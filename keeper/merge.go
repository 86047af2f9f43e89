package keeper

import (
	"context"

	"kapu/agent"
	"kapu/lang"
	"kapu/vault"
)

// merge makes one client of two, as one change that can be taken back. A dry run is a transaction that gives up.
func (k *keeper) merge(ctx context.Context, m agent.Merge) (agent.Merged, error) {
	var done agent.Merged
	if err := k.saveUsage(); err != nil { // when the one who goes was used a moment ago counts too
		return done, err
	}
	err := k.update(ctx, func(tx *vault.Tx) error {
		keep, err := k.mergeable(tx, m.Keep)
		if err != nil {
			return err
		}
		other, err := k.mergeable(tx, m.Other)
		if err != nil {
			return err
		}
		before := redacted(tx.Contents, k.desk.rights(), &keep)
		done.Other = redacted(tx.Contents, k.desk.rights(), &other)
		beside := besides(tx.Contents)
		before.Beside, done.Other.Beside = beside[keep.ID], beside[other.ID]
		done.ForAll = done.Other.Right != ""
		after, err := tx.Merge(keep.ID, other.ID, m.OtherKey)
		if err != nil {
			return err
		}
		done.Client = redacted(tx.Contents, k.desk.rights(), &after)
		done.Client.Beside = besides(tx.Contents)[after.ID]
		done.Taken = taken(before, done.Client)
		done.KeyGone = len(tx.Accounts) < len(k.vault.Contents().Accounts)
		if m.DryRun {
			if err := k.desk.rights().mayChange(k.vault.Contents(), tx.Contents); err != nil {
				return err
			}
			return errDryRun
		}
		names := before.Label() + " ← " + done.Other.Label()
		done.Undo = tx.Undoable(vault.Merged, names)
		tx.Note(vault.LogEntry{Act: vault.Merged, Client: after.ID, Name: names})
		return nil
	})
	if err == errDryRun {
		err = nil
	}
	return done, err
}

// mergeable is the client with an id, if it is there and the person may touch it now.
func (k *keeper) mergeable(tx *vault.Tx, id string) (vault.Client, error) {
	c, ok := tx.Client(id)
	if !ok {
		return c, lang.E("client-gone").Kind(agent.ErrNotFound)
	}
	return c, k.mayTouch(&c)
}

// taken are the fields that a client has got from another, by the names that they travel under.
func taken(before, after agent.Client) []string {
	names := []string{}
	for _, f := range []struct {
		name    string
		changed bool
	}{
		{"tax_number", before.TaxNumber != after.TaxNumber},
		{"folder", before.Folder != after.Folder},
		{"service", before.Service != after.Service},
		{"user_name", before.UserName != after.UserName},
		{"mandate_until", before.MandateUntil != after.MandateUntil},
		{"password_until", before.PasswordUntil != after.PasswordUntil},
		{"favourite", before.Favourite != after.Favourite},
		{"last_used", !before.LastUsed.Equal(after.LastUsed)},
	} {
		if f.changed {
			names = append(names, f.name)
		}
	}
	return names
}
