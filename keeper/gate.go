package keeper

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"kapu/agent"
	"kapu/lang"
	"kapu/vault"
)

// The gate is the one place where it is decided whether a request needs the person's PIN or password again (step-up
// authentication). Each endpoint says in the agent's table what it asks; the gate is passed before its method runs, so
// that no method can forget it.

// authenticatedKey marks a context whose request has brought the right PIN or password along, which is its value.
type authenticatedKey struct{}

// gate lets a request through, or says why not: ErrAsked if the secret is missing, ErrSecret or ErrWait if it is wrong,
// which is counted as at the unlocking. The context that it returns knows whether there was one.
func (k *keeper) gate(ctx context.Context, asks agent.Asks, request any, secret string) (context.Context, error) {
	switch asks {
	case agent.Never, agent.ByDialog:
		return ctx, nil
	case agent.ByReach: // only the change tells whether it is needed; see update
		if secret == "" {
			return ctx, nil
		}
	case agent.ByRequest:
		if guarded, ok := request.(agent.Guarded); ok && !guarded.Asks() {
			return ctx, nil
		}
	}
	return k.stepUp(ctx, secret)
}

// stepUp is the step-up check itself. With the method of the keychain alone there is nothing to be asked.
func (k *keeper) stepUp(ctx context.Context, secret string) (context.Context, error) {
	if secret == "" && k.method() != vault.Keychain {
		return ctx, lang.E("asked").Kind(agent.ErrAsked)
	}
	if err := k.authenticate(ctx, secret); err != nil {
		return ctx, err
	}
	return context.WithValue(ctx, authenticatedKey{}, secret), nil
}

// method is what the person is asked for. That the files which say so are gone does not mean that nothing is: whoever
// sits at the screen can have deleted them.
func (k *keeper) method() string {
	if method := k.door.Method(); method != vault.Keychain {
		return method
	}
	return k.vault.Method()
}

// mayWiden refuses a change of the vault by which others come to a key or to codes who could not before, unless the
// person has shown that they may, and notes for each client who they are.
func (k *keeper) mayWiden(ctx context.Context, before *vault.Contents, tx *vault.Tx) error {
	openings := k.widened(before, tx.Contents)
	if len(openings) == 0 {
		return nil
	}
	all, first := map[string]bool{}, ""
	beside := besides(tx.Contents)
	for _, o := range openings {
		label := vault.Label(o.client.Name, beside[o.client.ID])
		first = cmp.Or(first, label)
		maps.Copy(all, o.names)
		tx.Note(vault.LogEntry{Act: vault.Opened, Client: o.client.ID, Name: label + " → " + listed(o.names)})
	}
	if ctx.Value(authenticatedKey{}) != nil || k.method() == vault.Keychain {
		return nil
	}
	if n := len(openings); n > 1 {
		return lang.E("asked-reach-n", "N", n, "Names", listed(all)).Kind(agent.ErrAsked)
	}
	return lang.E("asked-reach", "Client", first, "Names", listed(all)).Kind(agent.ErrAsked)
}

// listed are names in order, with commas.
func listed(names map[string]bool) string {
	list := slices.Collect(maps.Keys(names))
	lang.Sort(list, func(name string) string { return name })
	return strings.Join(list, ", ")
}
