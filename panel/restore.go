package panel

import (
	"context"
	"errors"
	"strings"

	"kapu/agent"
	"kapu/lang"
	"kapu/qr"
)

// restoreWays are what there is to come back from on this machine.
type restoreWays struct {
	Vault   bool   `json:"vault"`
	Backups bool   `json:"backups"`
	Path    string `json:"path"`
}

// foundBackup is a backup beside the vault.
type foundBackup struct {
	Name    string `json:"name"`
	Saved   int64  `json:"saved"` // seconds since 1970
	Clients int    `json:"clients"`
	Here    bool   `json:"here"`  // kept by this machine, in no folder of the vault
	Apart   bool   `json:"apart"` // and the vault does not continue it
}

// foundBackups are the good ones, or why they cannot be listed yet.
type foundBackups struct {
	entered
	Backups []foundBackup `json:"backups"`
}

// restoring says how the vault is to be unlocked when it is back, and what opens what it is made of.
type restoring struct {
	Method     string `json:"method"`
	Secret     string `json:"secret"`
	Passphrase string `json:"passphrase,omitempty"` // of a backup file
	Key        string `json:"key,omitempty"`        // the recovery key
	// Of an office, whose clients come back from its store.
	Store string          `json:"store,omitempty"`
	Keys  agent.StoreKeys `json:"keys,omitzero"`
}

func (l *lobby) restoreRoutes(r *routes) {
	api(r, "restore-ways", func(ctx context.Context, _ struct{}) (restoreWays, error) {
		s, err := agent.StatusOf(ctx, l.paths)
		return restoreWays{s.Method != "", agent.HasBackups(l.paths), s.Vault}, err
	})
	api(r, "restore-list", l.listBackups)
	api(r, "restore-backup", func(ctx context.Context, q struct {
		Name   string `json:"name"`
		Secret string `json:"secret"`
	},
	) (entered, error) {
		return l.restore(ctx, agent.StartOptions{Restore: q.Name, Secret: q.Secret}, restoring{})
	})
	upload(r, "restore-file", func(ctx context.Context, q restoring, file []byte) (entered, error) {
		return l.restore(ctx, agent.StartOptions{
			Method: q.Method, Secret: q.Secret, Archive: file, Passphrase: q.Passphrase,
		}, restoring{})
	})
	upload(r, "restore-read", func(ctx context.Context, _ struct{}, picture []byte) (string, error) {
		return readSheet(ctx, picture)
	})
	upload(r, "restore-sheet", l.restoreBySheet)
}

// restoreBySheet opens the vault that is there with the recovery key, else a copy of it, else nothing: an office's
// clients then come from its store.
func (l *lobby) restoreBySheet(ctx context.Context, q restoring, file []byte) (entered, error) {
	opts := agent.StartOptions{Method: q.Method, Secret: q.Secret, RecoveryKey: q.Key}
	exists, err := agent.HasVault(l.paths)
	switch {
	case err != nil:
		return entered{}, err
	case exists || agent.HasBackups(l.paths):
	case len(file) > 0:
		opts.Archive = file
	case strings.TrimSpace(q.Store) == "":
		return entered{}, lang.E("lobby-sheet-alone")
	default:
		opts.Create = true
	}
	return l.restore(ctx, opts, q)
}

// restore is then for an agent that must not be there already: it would only be connected to.
func (l *lobby) restore(ctx context.Context, opts agent.StartOptions, q restoring) (entered, error) {
	if c, err := agent.Dial(ctx, l.paths); !errors.Is(err, agent.ErrLocked) {
		if err == nil {
			c.Close()
			err = lang.E("lobby-unlocked")
		}
		return entered{}, err
	}
	return l.then(ctx, opts, "", func(c *agent.Conn) error {
		if q.Store == "" {
			return nil
		}
		_, err := c.OfficeRecover(agent.WithSecret(ctx, q.Secret), agent.OfficeRecover{Store: q.Store, Keys: q.Keys})
		return err
	})
}

func (l *lobby) listBackups(ctx context.Context, q struct {
	Secret string `json:"secret"`
},
) (foundBackups, error) {
	backups, err := agent.ListBackups(ctx, agent.StartOptions{Secret: q.Secret})
	found := foundBackups{Backups: shownBackups(backups)}
	if err != nil {
		found.entered, err = l.refused(ctx, err)
	}
	return found, err
}

func shownBackups(backups []agent.Backup) []foundBackup {
	shown := []foundBackup{}
	for _, b := range backups {
		shown = append(shown, foundBackup{b.Name, b.Saved.Unix(), b.Clients, b.Here, b.Apart})
	}
	return shown
}

// readSheet finds the recovery key in a picture of the sheet.
func readSheet(ctx context.Context, picture []byte) (string, error) {
	symbols, err := qr.Read(ctx, picture)
	if err != nil {
		return "", err
	}
	for _, s := range symbols {
		if agent.IsRecoveryKey(s.Text) {
			return s.Text, nil
		}
	}
	return "", lang.E("lobby-other-code")
}
