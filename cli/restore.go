package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"kapu/agent"
	"kapu/lang"
	"kapu/vault"
)

type restoreOptions struct {
	which  string // a number of the list, or the beginning of a time; "" lists
	list   bool
	asJSON bool
	unite  uniteOptions
}

// restoreCommand lists the good backups, or puts one in the vault's place.
func (a *app) restoreCommand() *cobra.Command {
	var o restoreOptions
	var method methodFlags
	cmd := &cobra.Command{
		Use: "restore [NUMBER|TIME|FILE]", Short: "help-restore", Long: "help-restore-long", Args: args(0, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.which = optional(args)
			if o.unite.asked() {
				o.unite.which, o.unite.asJSON = o.which, o.asJSON
				return a.runUnite(cmd.Context(), o.unite)
			}
			path, ok := fileArgument(args)
			if !ok {
				return a.runRestore(cmd.Context(), o)
			}
			chosen, err := method.chosen(cmd, a.cfg.Policy)
			if err != nil {
				return err
			}
			return a.runRestoreFile(cmd.Context(), path, chosen)
		},
	}
	cmd.Flags().BoolVar(&o.list, "list", false, "flag-list")
	o.unite.add(cmd)
	method.add(cmd)
	jsonFlag(cmd, &o.asJSON)
	return cmd
}

func (a *app) runRestore(ctx context.Context, o restoreOptions) error {
	c, secret, backups, err := a.backups(ctx)
	if err != nil {
		return err
	}
	if o.list || o.which == "" {
		return a.printBackups(backups, o.asJSON)
	}
	chosen, err := choose(backups, o.which)
	if err != nil {
		return err
	}
	if c != nil {
		_, err = c.Restore(ctx, chosen.Name)
	} else {
		c, err = a.start(ctx, agent.StartOptions{Restore: chosen.Name, Secret: secret})
	}
	if err != nil {
		return err
	}
	a.say("restored", "Saved", localTime(chosen.Saved))
	return a.sayUnlocked(ctx, c)
}

// runRestoreFile makes the vault of a backup of everything on a machine that has none.
func (a *app) runRestoreFile(ctx context.Context, path, method string) error {
	opts := agent.StartOptions{Method: method}
	exists, err := vault.Exists(a.paths.Vault)
	if err == nil && exists {
		err = lang.E("archive-vault-exists", "Path", vault.Path(a.paths.Vault))
	}
	if err == nil {
		opts.Archive, err = readArchive(path)
	}
	if err != nil {
		return err
	}
	if opts.Passphrase, err = a.askSecret("ask-passphrase"); err != nil {
		return err
	}
	if opts.Secret, err = a.askNew(opts.Method); err != nil {
		return err
	}
	c, err := a.start(ctx, opts)
	if err != nil {
		return err
	}
	a.say("restored-file", "Path", path, "Config", a.paths.Config)
	return a.sayUnlocked(ctx, c)
}

func readArchive(path string) ([]byte, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, lang.E("archive-unreadable", "Path", path, "Reason", err)
	}
	return data, nil
}

// fileArgument says whether a file is meant: there is one of that name, or it can be nothing else.
func fileArgument(args []string) (path string, ok bool) {
	if len(args) == 0 {
		return "", false
	}
	_, err := os.Stat(args[0])
	path, absErr := filepath.Abs(args[0])
	return path, absErr == nil && (err == nil || strings.ContainsRune(args[0], filepath.Separator))
}

// backups asks the agent for them. While the vault is locked, or cannot be opened, an agent is started for just
// this; the PIN or password it took is returned for the next.
func (a *app) backups(ctx context.Context) (*agent.Conn, string, []vault.Backup, error) {
	c, err := a.unlocked(ctx)
	if err == nil {
		backups, err := c.Backups(ctx)
		return c, "", backups, err
	}
	if !errors.Is(err, agent.ErrLocked) {
		return nil, "", nil, err
	}
	secret, err := a.askFor(vault.Door{Dir: a.paths.Vault, State: a.paths.State}.Method(), "")
	if err != nil {
		return nil, "", nil, err
	}
	backups, err := agent.ListBackups(ctx, agent.StartOptions{Secret: secret})
	return nil, secret, backups, err
}

func (a *app) printBackups(backups []vault.Backup, asJSON bool) error {
	if asJSON {
		return a.printJSON(nonNil(backups))
	}
	if len(backups) == 0 {
		a.say("backups-none")
	}
	for i, b := range backups {
		row := a.texts.N("backup-row", b.Clients, "Number", i+1, "Saved", localTime(b.Saved))
		switch {
		case b.Apart:
			row += "  " + a.texts.T("backup-apart")
		case b.Here:
			row += "  " + a.texts.T("backup-here")
		}
		fmt.Fprintln(a.out, row)
	}
	return nil
}

// choose finds the backup with a number of the list or with a time that begins so.
func choose(backups []vault.Backup, which string) (vault.Backup, error) {
	if n, err := strconv.Atoi(which); err == nil && n >= 1 && n <= len(backups) {
		return backups[n-1], nil
	}
	var found []vault.Backup
	for _, b := range backups {
		if strings.HasPrefix(localTime(b.Saved), which) || b.Name == which {
			found = append(found, b)
		}
	}
	if len(found) != 1 {
		return vault.Backup{}, lang.E("backup-choice", "Which", which, "N", len(found)).Kind(agent.ErrNotFound)
	}
	return found[0], nil
}
