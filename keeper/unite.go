package keeper

import (
	"context"
	"errors"

	"kapu/agent"
	"kapu/office"
	"kapu/vault"
)

// unite takes over what another version of the vault has, as one change that can be taken back, or discards that
// version. A dry run is a transaction that gives up. What is the office's and not this person's to change comes from
// the office itself.
func (k *keeper) unite(ctx context.Context, r agent.Unite) (agent.United, error) {
	var done agent.United
	if locked := k.groups.locked(); locked != nil { // what would be shown and changed may be theirs
		return done, k.groups.lockedError(locked)
	}
	rights := k.desk.rights()
	if rights != nil && rights.broken != nil {
		return done, rights.broken
	}
	if err := k.saveUsage(); err != nil {
		return done, err
	}
	k.contents() // what is on disk now is what the version is compared with
	found, other, base, err := k.vault.Version(r.Name)
	if r.Name == "" && errors.Is(err, vault.ErrNone) {
		found, other, err = k.vault.Lost()
		if err == nil && !r.Discard {
			return done, k.vault.Warning() // there is nothing to take over from
		}
	}
	if err != nil {
		return done, err
	}
	if !r.DryRun && !r.Discard {
		if err := k.keepOwn(ctx, other); err != nil {
			return done, err
		}
	}
	done.Version, done.Differences = found, []vault.Difference{}
	err = k.update(ctx, func(tx *vault.Tx) error {
		if r.Discard && !r.DryRun {
			tx.Discard(other)
			tx.Note(vault.LogEntry{Act: vault.Discarded, Name: savedAt(found)})
			return nil
		}
		differences, err := tx.Unite(other, base, func(a *vault.Account) bool { return !rights.allows(a, office.Full) })
		if err != nil {
			return err
		}
		beside := besides(tx.Contents)
		for _, d := range differences {
			d.Name = vault.Label(d.Name, beside[d.Client])
			done.Differences = append(done.Differences, d)
		}
		if r.DryRun {
			return errDryRun
		}
		done.Undo = tx.Undoable(vault.United, savedAt(found))
		tx.Note(vault.LogEntry{Act: vault.United, Name: savedAt(found)})
		return nil
	})
	if err == errDryRun {
		err = nil
	}
	if err == nil && !r.DryRun {
		k.reportProblem(k.vault.Warning())
		k.desk.requestSync()
	}
	return done, err
}

// keepOwn lets what another version of the vault brings in be the person's own: only they decide what becomes the
// office's.
func (k *keeper) keepOwn(ctx context.Context, other *vault.Contents) error {
	if k.desk.current.Load() == nil {
		return nil
	}
	var accounts []string
	now := k.vault.Contents()
	for i := range other.Accounts {
		a := &other.Accounts[i]
		if _, there := now.Account(a.ID); !there && a.Key.Kind != vault.Book {
			accounts = append(accounts, a.ID)
		}
	}
	o, err := office.Open(k.desk.home(), k.vault.Identity(), unreached)
	if err != nil || len(accounts) == 0 {
		return err
	}
	return o.KeepOwn(ctx, accounts...)
}

func savedAt(b vault.Backup) string { return office.TimeOf(b.Saved) }
