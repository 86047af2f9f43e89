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

func (a *app) protectCommand() *cobra.Command {
	return &cobra.Command{
		Use: "protect keychain|pin|password", Short: "help-protect", Long: "help-protect-long", Args: args(1, 1),
		ValidArgs: []string{vault.Keychain, vault.PIN, vault.Password},
		RunE:      func(cmd *cobra.Command, args []string) error { return a.runProtect(cmd.Context(), args[0]) },
	}
}

// runProtect changes the method by which the vault is unlocked.
func (a *app) runProtect(ctx context.Context, method string) error {
	if err := vault.Fit(method, ""); errors.Is(err, vault.ErrInvalid) {
		return usageError{err}
	}
	if err := a.cfg.Policy.AllowsMethod(method); err != nil { // before anything is asked
		return err
	}
	c, err := a.unlocked(ctx)
	if err != nil {
		return err
	}
	if err := a.askCurrent(ctx, c); err != nil {
		return err
	}
	p := agent.Protect{Method: method}
	if p.Secret, err = a.askNew(method); err != nil {
		return err
	}
	if err := c.Protect(ctx, p); err != nil {
		return err
	}
	a.sayProtected(method)
	return nil
}

func (a *app) sayProtected(method string) {
	switch method {
	case vault.PIN:
		a.say("protected-pin")
	case vault.Password:
		a.say("protected-password")
	default:
		a.say("protected-keychain")
	}
}

// askCurrent asks for the PIN or the password of the unlocked vault, if it has one, for a command that asks for more
// afterwards. Where that is all that is asked, the agent says when it wants it (askAgain).
func (a *app) askCurrent(ctx context.Context, c *agent.Conn) error {
	s, err := c.Status(ctx)
	if err != nil || s.Method == vault.Keychain {
		return err
	}
	a.secret, err = a.askMethod(map[string]string{vault.PIN: "ask-pin-now", vault.Password: "ask-password-now"}[s.Method])
	c.Authenticate(a.secret)
	return err
}

// askAgain is the agent.Asker of a command: it says why the agent asks, and asks once. A wrong answer ends the command.
func (a *app) askAgain(_ context.Context, method string, why error) (_ string, err error) {
	if !errors.Is(why, agent.ErrAsked) {
		return "", why
	}
	if a.secret == "" {
		fmt.Fprintln(a.err, a.texts.Error(why))
		a.secret, err = a.askMethod(map[string]string{vault.PIN: "ask-pin", vault.Password: "ask-password"}[method])
	}
	return a.secret, err
}

// askMethod asks for the PIN or password; no answer is none.
func (a *app) askMethod(question string) (string, error) {
	secret, err := a.askSecret(question)
	if err == nil && secret == "" {
		err = lang.E("secret-none").Kind(agent.ErrCancelled)
	}
	return secret, err
}

// askToReveal is askCurrent before a secret is shown. Where the vault asks nothing, that is said once, and how to be
// asked.
func (a *app) askToReveal(ctx context.Context, c *agent.Conn) error {
	s, err := c.Status(ctx)
	if err != nil {
		return err
	}
	if s.Method == vault.Keychain && !s.PINOffered {
		fmt.Fprintln(a.err, a.texts.T("pin-offer"))
		if err := c.PINOffered(ctx); err != nil {
			return err
		}
	}
	return a.askCurrent(ctx, c)
}

// askNew asks for a new PIN or password, twice on a terminal, where nobody sees what they type.
func (a *app) askNew(method string) (string, error) {
	first, again := "ask-pin-new", "ask-pin-again"
	switch method {
	case vault.PIN:
	case vault.Password:
		first, again = "ask-password-new", "ask-password-again"
	default:
		return "", nil
	}
	return a.askTwice(first, again, method)
}

// askTwice asks for a new secret that must be fit for a method; on a terminal, where nobody sees what they type, twice.
func (a *app) askTwice(first, again, method string) (string, error) {
	secret, err := a.askSecret(first)
	if err == nil {
		err = vault.Fit(method, secret)
	}
	if err != nil || !isTerminal(a.in) {
		return secret, err
	}
	repeated, err := a.askSecret(again)
	if err == nil && repeated != secret {
		err = lang.E("secrets-differ")
	}
	return secret, err
}
