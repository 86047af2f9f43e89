package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"kapu/agent"
	"kapu/lang"
	"kapu/vault"
)

// unlocked connects to the running agent. Without one the vault is locked: agent.ErrLocked.
func (a *app) unlocked(ctx context.Context) (*agent.Conn, error) {
	c, err := agent.Dial(ctx, a.paths)
	if err == nil {
		c.AskBy(a.askAgain)
	}
	return c, err
}

// start starts an agent, or connects to the one that is running. Whoever has just typed the PIN or password for that is
// not asked for it again by the same command.
func (a *app) start(ctx context.Context, opts agent.StartOptions) (*agent.Conn, error) {
	c, err := agent.Start(ctx, a.paths, opts)
	if err == nil {
		a.secret = cmp.Or(opts.New, opts.Secret)
		c.AskBy(a.askAgain)
	}
	return c, err
}

// unlockedOrNew is unlocked for the commands with which a person begins: on an empty machine they make the vault
// and leave it unlocked.
func (a *app) unlockedOrNew(ctx context.Context) (*agent.Conn, error) {
	c, err := a.unlockedOrNone(ctx)
	if c != nil || err != nil {
		return c, err
	}
	return a.unlock(ctx, agent.StartOptions{Create: true})
}

// unlockedOrNone is unlocked for who can do without a vault that is yet to be made: then the connection and the error
// are nil. That it cannot be said whether there is one is an error, and is said before "locked".
func (a *app) unlockedOrNone(ctx context.Context) (*agent.Conn, error) {
	c, err := a.unlocked(ctx)
	if !isLocked(err) {
		return c, err
	}
	if exists, existsErr := vault.Exists(a.paths.Vault); existsErr != nil || exists {
		return nil, errors.Join(existsErr, err)
	}
	return nil, nil
}

func isLocked(err error) bool { return errors.Is(err, agent.ErrLocked) }

// unlock connects to the agent, or starts one. A PIN or password is asked for here, where there is a terminal or
// something on standard input; else the agent asks on the desktop.
func (a *app) unlock(ctx context.Context, opts agent.StartOptions) (*agent.Conn, error) {
	c, err := agent.DialOpen(ctx, a.paths)
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
	if isNew && a.cfg.Policy.NewMethod() == vault.Password {
		opts.Method = vault.Password
	}
	if opts.Secret, err = a.askFor(s.Method, opts.Method); err == nil {
		opts.New, err = a.askAllowed(s.Method, opts.Method)
	}
	if err != nil {
		return nil, err
	}
	c, err = a.start(ctx, opts)
	if errors.Is(err, agent.ErrNoPrompt) && opts.Secret == "" && isTerminal(a.in) {
		// That a PIN is wanted had been forgotten; it is known again now.
		if s, err = agent.StatusOf(ctx, a.paths); err == nil {
			if opts.Secret, err = a.askFor(s.Method, ""); err == nil {
				c, err = a.start(ctx, opts)
			}
		}
	}
	if err == nil && isNew && isTerminal(a.err) {
		fmt.Fprintln(a.err, a.texts.T("recovery-hint"))
	}
	return c, err
}

// askAllowed asks for the new PIN or password that the machine's policy wants in place of the vault's method, or of
// that which a new one is made with; "" if that is allowed, or nobody is here to ask.
func (a *app) askAllowed(method, wanted string) (string, error) {
	if method == "" && wanted == vault.Password {
		method = wanted
	}
	refused := a.cfg.Policy.AllowsMethod(method)
	if refused == nil {
		return "", nil
	}
	fmt.Fprintln(a.err, a.texts.Error(refused))
	secret, err := a.askNew(a.cfg.Policy.NewMethod())
	if usage := (usageError{}); errors.As(err, &usage) {
		return "", nil // nothing on standard input: a dialog will ask
	}
	return secret, err
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
