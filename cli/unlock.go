package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"kapu/agent"
	"kapu/lang"
	"kapu/vault"
)

type unlockOptions struct {
	folder   string // "" is the whole vault
	password bool   // a new vault is to have one
}

func (a *app) unlockCommand() *cobra.Command {
	var o unlockOptions
	cmd := &cobra.Command{
		Use: "unlock [FOLDER]", Short: "help-unlock", Long: "help-unlock-long", Args: args(0, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.folder = optional(args)
			return a.runUnlock(cmd.Context(), o)
		},
	}
	cmd.Flags().BoolVar(&o.password, "password", false, "flag-password")
	return cmd
}

func (a *app) runUnlock(ctx context.Context, o unlockOptions) error {
	if o.folder != "" && !o.password {
		if c, err := a.unlocked(ctx); !errors.Is(err, agent.ErrLocked) {
			return a.unlockFolder(ctx, c, err, o.folder)
		}
	}
	// An agent that was told to end may not have noticed yet, and be gone with the next question.
	if c, err := agent.DialOpen(ctx, a.paths); err == nil {
		if err := a.sayUnlocked(ctx, c); !errors.Is(err, agent.ErrLocked) {
			return err
		}
	}
	opts := agent.StartOptions{Create: true}
	if o.password {
		opts.Method = vault.Password
	}
	c, err := a.unlock(ctx, opts)
	if err != nil {
		return err
	}
	return a.sayUnlocked(ctx, c)
}

// unlockFolder opens a group that has locked itself; a vault that was locked altogether opens with all its groups.
func (a *app) unlockFolder(ctx context.Context, c *agent.Conn, err error, folder string) error {
	if err != nil {
		return err
	}
	s, err := c.Status(ctx)
	if err != nil {
		return err
	}
	secret := ""
	if len(s.LockedFolders) > 0 {
		if secret, err = a.askFor(s.Method, ""); err != nil {
			return err
		}
	}
	if err := c.UnlockFolder(ctx, folder, secret); err != nil {
		return err
	}
	return a.sayUnlocked(ctx, c)
}

// sayUnlocked says what is in the vault, and what the person should know of it.
func (a *app) sayUnlocked(ctx context.Context, c *agent.Conn) error {
	s, err := c.Status(ctx)
	if err != nil {
		return err
	}
	a.sayN("unlocked", s.Clients)
	a.sayWarning(s)
	a.sayLockedFolders(s)
	return nil
}

// sayLockedFolders says which groups have locked themselves: on standard error, since their clients are no part of the
// answer.
func (a *app) sayLockedFolders(s agent.Status) {
	for _, folder := range s.LockedFolders {
		fmt.Fprintln(a.err, a.texts.T("folder-locked", "Folder", folder, "ShellFolder", lang.Shell(folder)))
	}
}

func (a *app) sayWarning(s agent.Status) {
	if s.Warning != nil {
		fmt.Fprintln(a.err, a.texts.Error(s.Warning))
	}
}
