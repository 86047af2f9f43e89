package cli

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"kapu/agent"
	"kapu/config"
	"kapu/lang"
	"kapu/vault"
)

type recoverOptions struct {
	method string // by which the vault is to be unlocked from now on
	empty  bool   // make an empty vault where there is none
}

// recoverCommand opens the vault with the recovery key and sets a method that works here.
func (a *app) recoverCommand() *cobra.Command {
	var o recoverOptions
	var method methodFlags
	cmd := &cobra.Command{
		Use: "recover", Short: "help-recover", Long: "help-recover-long", Args: args(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			if o.method, err = method.chosen(cmd, a.cfg.Policy); err != nil {
				return err
			}
			return a.runRecover(cmd.Context(), o)
		},
	}
	method.add(cmd)
	cmd.Flags().BoolVar(&o.empty, "empty", false, "flag-recover-empty")
	return cmd
}

func (a *app) runRecover(ctx context.Context, o recoverOptions) (err error) {
	opts := agent.StartOptions{Method: o.method}
	if opts.RecoveryKey, err = a.askSecret("ask-recovery-key"); err != nil {
		return err
	}
	if !vault.IsRecoveryKey(opts.RecoveryKey) {
		return lang.E("recovery-form")
	}
	if opts.Secret, err = a.askNew(opts.Method); err != nil {
		return err
	}
	c, err := a.unlocked(ctx)
	switch {
	case err == nil && o.empty:
		return lang.E("archive-vault-exists", "Path", a.paths.Vault)
	case err == nil: // the PIN or password was forgotten while the vault is open
		c.Authenticate(opts.RecoveryKey)
		err = c.Protect(ctx, agent.Protect{Method: opts.Method, Secret: opts.Secret})
	case errors.Is(err, agent.ErrLocked):
		opts.Create = o.empty
		c, err = a.start(ctx, opts)
	}
	if err != nil {
		return err
	}
	a.sayProtected(opts.Method)
	return a.sayUnlocked(ctx, c)
}

// methodFlags say how a vault that comes to this machine is to be unlocked here.
type methodFlags struct{ pin, password bool }

func (m *methodFlags) add(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&m.pin, "pin", false, "flag-recover-pin")
	cmd.Flags().BoolVar(&m.password, "password", false, "flag-recover-password")
}

// chosen is the method that was asked for, else the one that the machine's policy wants.
func (m *methodFlags) chosen(cmd *cobra.Command, policy config.Policy) (string, error) {
	switch {
	case m.pin && m.password:
		return "", usageError{lang.E("usage-args", "Usage", usage(cmd))}
	case m.pin:
		return vault.PIN, nil
	case m.password:
		return vault.Password, nil
	default:
		return policy.NewMethod(), nil
	}
}
