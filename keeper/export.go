package keeper

import (
	"context"
	"strconv"

	"kapu/agent"
	"kapu/exchange"
	"kapu/internal/audit"
	"kapu/lang"
	"kapu/office"
	"kapu/vault"
)

// export hands keys out in another program's format, to who can open the vault, and not before the log tells it.
func (k *keeper) export(ctx context.Context, e agent.Export) (agent.Exported, error) {
	w, err := exchange.WriterOf(e.Format)
	if err != nil {
		return agent.Exported{}, err
	}
	policy, err := k.policy()
	if err == nil {
		err = policy.AllowsExport(w.Sealed())
	}
	if err != nil {
		return agent.Exported{}, err
	}
	if w.Sealed() {
		if err := vault.Fit(vault.Password, e.Passphrase); err != nil {
			return agent.Exported{}, err
		}
	}
	entries, kept, err := k.entries(e)
	if err != nil {
		return agent.Exported{}, err
	}
	files, left, err := exchange.Write(w, entries, exchange.Options{Passphrase: e.Passphrase, Language: e.Language})
	if err != nil {
		return agent.Exported{}, err
	}
	done := agent.Exported{Files: files, N: len(entries) - left, Left: left, Kept: kept}
	if err := k.vault.Note(ctx, vault.LogEntry{Act: vault.Exported, Name: w.Name(), N: done.N}); err != nil {
		return agent.Exported{}, err
	}
	k.audit.log.Write(audit.Exported, "format", e.Format, "clients", strconv.Itoa(done.N))
	return done, nil
}

// entries are the clients that were asked for, and kept is how many more are the office's and stay in it. Deletion
// codes are among them only if they were asked for by name.
func (k *keeper) entries(e agent.Export) (_ []exchange.Entry, kept int, err error) {
	ids := map[string]bool{}
	x := k.visible()
	var refused error
	for _, row := range x.filter(e.Folder, e.Query) {
		c, _ := x.contents.Client(row.ID)
		if a, _ := x.contents.Account(c.Account); !k.desk.rights().allows(&a, office.Full) {
			if kept++; refused == nil {
				refused = k.maySee(x.contents, &c)
			}
			continue
		}
		ids[row.ID] = true
	}
	if len(ids) == 0 && refused != nil {
		return nil, 0, refused
	}
	entries := exchange.Entries(x.contents, ids)
	if locked := k.groups.locked(); len(entries) == 0 && locked != nil {
		return nil, 0, k.groups.lockedError(locked)
	}
	if len(entries) == 0 {
		return nil, 0, lang.E("export-nothing").Kind(agent.ErrNotFound)
	}
	if !e.DeletionCodes {
		for i := range entries {
			entries[i].DeletionCode = ""
		}
	}
	return entries, kept, nil
}
