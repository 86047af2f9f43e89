package cli

import (
	"context"
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
		RunE: func(cmd *cobra.Command, args []string) error { return a.runBackup(cmd.Context(), args[0]) },
	}
}

func (a *app) runBackup(ctx context.Context, path string) error {
	c, err := a.unlocked(ctx)
	if err != nil {
		return err
	}
	if err := absent(path); err != nil { // before a passphrase is asked for
		return err
	}
	if err := a.askCurrent(ctx, c); err != nil {
		return err
	}
	var m agent.MakeArchive
	if m.Passphrase, err = a.askTwice("ask-passphrase-new", "ask-passphrase-again", vault.Password); err != nil {
		return err
	}
	settings, err := os.ReadFile(a.paths.Config)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return lang.E("config-unreadable", "Path", a.paths.Config, "Reason", err)
	}
	m.Config = string(settings)
	data, err := c.Archive(ctx, m)
	if err != nil {
		return err
	}
	if err := config.WriteNew(path, data); err != nil {
		return err
	}
	a.say("backed-up", "Path", path)
	return nil
}
