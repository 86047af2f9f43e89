package agent

import (
	"context"

	"kapu/exchange"
	"kapu/lang"
	"kapu/vault"
)

// export hands keys out in another program's format, to who can open the vault, and not before the log tells it.
func (k *keeper) export(ctx context.Context, e Export) (Exported, error) {
	w, err := exchange.WriterOf(e.Format)
	if err != nil {
		return Exported{}, err
	}
	if w.Sealed() {
		if err := vault.Fit(vault.Password, e.Passphrase); err != nil {
			return Exported{}, err
		}
	}
	if err := k.door.Authenticate(ctx, k.vault, e.Current); err != nil {
		return Exported{}, err
	}
	entries, kept, err := k.entries(e)
	if err != nil {
		return Exported{}, err
	}
	files, left, err := exchange.Write(w, entries, exchange.Options{Passphrase: e.Passphrase, Language: e.Language})
	if err != nil {
		return Exported{}, err
	}
	done := Exported{Files: files, N: len(entries) - left, Left: left, Kept: kept}
	return done, k.vault.Note(ctx, vault.LogEntry{Act: vault.Exported, Name: w.Name(), N: done.N})
}

// entries are the clients that were asked for, and kept is how many more are the office's and stay in it. Deletion
// codes are among them only if they were asked for by name.
func (k *keeper) entries(e Export) (_ []exchange.Entry, kept int, err error) {
	ids := map[string]bool{}
	x := k.visible()
	var refused error
	for _, row := range x.in(e.Folder, e.Query) {
		c, _ := x.contents.Client(row.ID)
		if err := k.maySee(x.contents, &c); err != nil {
			refused = err
			kept++
			continue
		}
		ids[row.ID] = true
	}
	if len(ids) == 0 && refused != nil {
		return nil, 0, refused
	}
	entries := exchange.Entries(x.contents, ids)
	if shut := k.groups.shut(); len(entries) == 0 && shut != nil {
		return nil, 0, k.groups.locked(shut)
	}
	if len(entries) == 0 {
		return nil, 0, lang.E("export-nothing").Kind(ErrNotFound)
	}
	if !e.DeletionCodes {
		for i := range entries {
			entries[i].DeletionCode = ""
		}
	}
	return entries, kept, nil
}
