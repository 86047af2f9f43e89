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

func (a *app) unlockCommand() *cobra.Command {
	var password bool
	cmd := &cobra.Command{
		Use: "unlock [FOLDER]", Short: "help-unlock", Long: "help-unlock-long", Args: args(0, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 && !password {
				if c, err := a.unlocked(cmd.Context()); !errors.Is(err, agent.ErrLocked) {
					return a.unlockFolder(cmd.Context(), c, err, args[0])
				}
			}
			opts := agent.StartOptions{Create: true}
			if password {
				opts.Method = vault.Password
			}
			c, err := a.unlock(cmd.Context(), opts)
			if err != nil {
				return err
			}
			return a.sayUnlocked(cmd.Context(), c)
		},
	}
	cmd.Flags().BoolVar(&password, "password", false, "flag-password")
	return cmd
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
	a.warn(s)
	a.sayShut(s)
	return nil
}

// sayShut says which groups have locked themselves: on standard error, since their clients are no part of the answer.
func (a *app) sayShut(s agent.Status) {
	for _, folder := range s.LockedFolders {
		fmt.Fprintln(a.err, a.texts.T("folder-locked", "Folder", folder))
	}
}

func (a *app) warn(s agent.Status) {
	if s.Warning != nil {
		fmt.Fprintln(a.err, a.texts.Error(s.Warning))
	}
}

// unlock connects to the agent, or starts one. A PIN or password is asked for here, where there is a terminal or
// something on standard input; else the agent asks on the desktop.
func (a *app) unlock(ctx context.Context, opts agent.StartOptions) (*agent.Conn, error) {
	c, err := a.unlocked(ctx)
	if !errors.Is(err, agent.ErrLocked) {
		return c, err
	}
	s, err := agent.StatusOf(ctx, a.paths)
	if err != nil {
		return nil, err
	}
	isNew := s.Method == ""
	if opts.Method == vault.Password && !isNew && s.Method != vault.Password {
		return nil, usageError{lang.E("unlock-has-method")}
	}
	if opts.Secret, err = a.askFor(s.Method, opts.Method); err != nil {
		return nil, err
	}
	c, err = agent.Start(ctx, a.paths, opts)
	if errors.Is(err, agent.ErrNoPrompt) && opts.Secret == "" && isTerminal(a.in) {
		// That a PIN is wanted had been forgotten; it is known again now.
		if s, err = agent.StatusOf(ctx, a.paths); err == nil {
			if opts.Secret, err = a.askFor(s.Method, ""); err == nil {
				c, err = agent.Start(ctx, a.paths, opts)
			}
		}
	}
	if err == nil && isNew && isTerminal(a.err) {
		fmt.Fprintln(a.err, a.texts.T("recovery-hint"))
	}
	return c, err
}

// askFor asks for the PIN or password of a locked vault, or for a new password; "" if there is nobody here to
// ask or nothing to be asked.
func (a *app) askFor(method, wanted string) (string, error) {
	if method == "" && wanted == vault.Password {
		return a.askNew(wanted)
	}
	id := map[string]string{vault.PIN: "ask-pin", vault.Password: "ask-password"}[method]
	if id == "" {
		return "", nil
	}
	secret, err := a.askSecret(id)
	if usage := (usageError{}); errors.As(err, &usage) {
		return "", nil // nothing on standard input: a dialog will ask
	}
	if err == nil && secret == "" {
		err = lang.E("prompt-cancelled").Kind(agent.ErrCancelled)
	}
	return secret, err
}

func (a *app) lockCommand() *cobra.Command {
	return &cobra.Command{
		Use: "lock", Short: "help-lock", Args: args(0, 0), Annotations: map[string]string{anyConfig: "yes"},
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := a.unlocked(cmd.Context())
			if err == nil {
				err = c.Lock(cmd.Context())
			}
			if err != nil && !isLocked(err) {
				return err
			}
			a.say("locked")
			return nil
		},
	}
}
