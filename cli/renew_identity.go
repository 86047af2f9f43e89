package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"kapu/agent"
	"kapu/config"
	"kapu/lang"
	"kapu/vault"
)

type renewOptions struct {
	backups string // "" asks, and keeps them where nobody is asked
	csv     string // file for the list of keys
	yes     bool
}

func (a *app) renewIdentityCommand() *cobra.Command {
	var o renewOptions
	cmd := &cobra.Command{
		Use: "renew-identity", Short: "help-renew-identity", Long: "help-renew-identity-long", Args: args(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error { return a.runRenewIdentity(cmd.Context(), o) },
	}
	cmd.Flags().StringVar(&o.backups, "backups", "", "flag-renew-backups")
	cmd.Flags().StringVar(&o.csv, "csv", "", "flag-renew-csv")
	cmd.Flags().BoolVarP(&o.yes, "yes", "y", false, "flag-renew-yes")
	return cmd
}

// runRenewIdentity gives the vault a new identity, and says what is left to do.
func (a *app) runRenewIdentity(ctx context.Context, o renewOptions) error {
	if o.csv != "" { // before anything is changed
		if _, err := os.Lstat(o.csv); !errors.Is(err, fs.ErrNotExist) {
			return lang.E("renew-csv-exists", "Path", o.csv)
		}
	}
	c, err := a.unlocked(ctx)
	if err != nil {
		return err
	}
	if !o.yes && !a.confirm("ask-renew") {
		a.say("renew-not")
		return nil
	}
	r := agent.Renew{Backups: o.backups}
	if r.Backups == "" {
		r.Backups = vault.KeepBackups
		if isTerminal(a.in) && a.confirm("ask-renew-delete") {
			r.Backups = vault.DeleteBackups
		}
	}
	if err := a.askCurrent(ctx, c); err != nil {
		return err
	}
	clients, err := c.List(ctx, "", "")
	if err != nil {
		return err
	}
	keys := agent.EveryKey(clients, time.Now())
	done := a.busy("renew-busy")
	renewed, err := c.RenewIdentity(ctx, r)
	done()
	if err != nil {
		return err
	}
	a.say("renewed")
	if renewed.Backups > 0 {
		fmt.Fprintln(a.err, a.texts.N("renewed-backups", renewed.Backups))
	}
	if len(keys) > 0 {
		fmt.Fprintln(a.err, a.texts.N("renewed-keys", len(keys)))
	}
	return a.saveKeys(o.csv, keys)
}

// saveKeys writes the list of keys to be registered anew, for a spreadsheet.
func (a *app) saveKeys(name string, keys []agent.OfficeTodo) error {
	if name == "" {
		return nil
	}
	var b bytes.Buffer
	err := agent.WriteWorklist(&b, a.texts, keys)
	path := name
	if err == nil {
		path, err = filepath.Abs(name)
	}
	if err == nil {
		err = config.WriteNew(path, b.Bytes())
	}
	if err == nil {
		a.say("renewed-csv", "Path", path)
	}
	return err
}
