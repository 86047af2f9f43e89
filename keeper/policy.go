package keeper

import (
	"context"
	"errors"

	"kapu/config"
	"kapu/lang"
	"kapu/vault"
)

// policy is the administrator's as it is now: a change counts at once.
func (k *keeper) policy() (config.Policy, error) { return config.PolicyOf(k.paths) }

// comply changes the method of a vault that is being unlocked to one that the policy allows; the vault stays locked
// where that does not come about. secret is the new PIN or password; without it the person is asked on the desktop.
func comply(ctx context.Context, d vault.Door, v *vault.Vault, policy config.Policy, secret string, p prompt) error {
	refused := policy.AllowsMethod(d.Method())
	if refused == nil {
		return nil
	}
	method := policy.NewMethod()
	for why, given := refused, secret; ; {
		if method != vault.Keychain && given == "" {
			var err error
			if given, err = p.choose(ctx, method, why); err != nil {
				return err
			}
		}
		err := d.Protect(ctx, v, method, given)
		if secret != "" || !errors.Is(err, vault.ErrWeak) {
			return err
		}
		why, given = err, "" // it comes again, with the reason
	}
}

// checkStore refuses an address that says something else to another program, or that the policy does not allow.
func (k *keeper) checkStore(address string) error {
	if err := checkAddress(address); err != nil {
		return err
	}
	return k.allowsStore(address)
}

func (k *keeper) allowsStore(address string) error {
	p, err := k.policy()
	if err == nil {
		err = p.AllowsStore(address)
	}
	return err
}

// choose asks for a new PIN or password, twice; why is what the person should know first.
func (p prompt) choose(ctx context.Context, method string, why error) (string, error) {
	first, again := "ask-pin-new", "ask-pin-again"
	if method == vault.Password {
		first, again = "ask-password-new", "ask-password-again"
	}
	for {
		secret, err := p.entry(ctx, p.texts.Error(why)+"\n\n"+p.texts.T(first))
		if err != nil {
			return "", err
		}
		repeated, err := p.entry(ctx, p.texts.T(again))
		if err != nil || repeated == secret {
			return secret, err
		}
		why = lang.E("secrets-differ")
	}
}
