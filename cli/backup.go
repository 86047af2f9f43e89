package cli

import (
	"errors"
	"io/fs"
	"os"

	"github.com/spf13/cobra"

	"kapu/agent"
	"kapu/config"
	"kapu/lang"
	"kapu/vault"
)

// backupCommand writes everything into one file, for another place and for the next machine.
func (a *app) backupCommand() *cobra.Command {
	return &cobra.Command{
		Use: "backup FILE", Short: "help-backup", Long: "help-backup-long", Args: args(1, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := a.unlocked(cmd.Context())
			if err != nil {
				return err
			}
			if err := absent(args[0]); err != nil { // before a passphrase is asked for
				return err
			}
			var m agent.MakeArchive
			if m.Current, err = a.askCurrent(cmd.Context(), c); err != nil {
				return err
			}
			if m.Passphrase, err = a.askTwice("ask-passphrase-new", "ask-passphrase-again", vault.Password); err != nil {
				return err
			}
			settings, err := os.ReadFile(a.paths.Config)
			if err != nil && !errors.Is(err, fs.ErrNotExist) {
				return lang.E("config-unreadable", "Path", a.paths.Config, "Reason", err)
			}
			m.Config = string(settings)
			data, err := c.Archive(cmd.Context(), m)
			if err != nil {
				return err
			}
			if err := config.WriteNew(args[0], data); err != nil {
				return err
			}
			a.say("backed-up", "Path", args[0])
			return nil
		},
	}
}

// restoreFile makes the vault of a backup of everything on a machine that has none.
func (a *app) restoreFile(cmd *cobra.Command, opts agent.StartOptions) error {
	exists, err := vault.Exists(a.paths.Vault)
	if err == nil && exists {
		err = lang.E("archive-vault-exists", "Path", vault.Path(a.paths.Vault))
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
	c, err := agent.Start(cmd.Context(), a.paths, opts)
	if err != nil {
		return err
	}
	a.say("restored-file", "Path", opts.Archive, "Config", a.paths.Config)
	return a.sayUnlocked(cmd.Context(), c)
}
