package keeper

import (
	"context"
	"time"

	"kapu/agent"
	"kapu/config"
	"kapu/lang"
	"kapu/vault"
)

// code hands out the code that is valid now, or the one after it.
func (k *keeper) code(ctx context.Context, r agent.CodeRequest) (agent.Code, error) {
	found, account, err := k.resolveAccount(r.Query)
	if err != nil {
		return agent.Code{}, err
	}
	now := time.Now()
	code, err := k.make(ctx, account, now, r.Next)
	if err != nil {
		return agent.Code{}, err
	}
	k.recordUse(found, vault.Shown)
	return agent.Code{Client: found.Client, Code: code.Digits, From: code.From, Until: code.Until, Remaining: secondsLeft(code, now)}, nil
}

// copy puts a code with enough life left on the clipboard, or what else is asked for.
func (k *keeper) copy(ctx context.Context, r agent.Copy) (agent.Copied, error) {
	return k.handOut(ctx, r, config.ShowNever)
}

// copyOrShow does so too, and hands the digits out where they are to be shown.
func (k *keeper) copyOrShow(ctx context.Context, r agent.Copy) (agent.Copied, error) {
	done, err := k.handOut(ctx, r, k.settings.Load().Copy.ShowCode)
	if err == nil && r.Announce && done.Code == "" && !done.UsedBefore {
		done.Announced = k.events.announce(agent.Event{Type: agent.CodeCopied, Copied: &done})
	}
	return done, err
}

func (k *keeper) handOut(ctx context.Context, r agent.Copy, show string) (agent.Copied, error) {
	c := &k.copies
	if c.open(); c.err != nil && (show == config.ShowNever || r.What != agent.TheCode) {
		return agent.Copied{}, c.err
	}
	found, account, err := k.resolveAccount(r.Query)
	if err != nil {
		return agent.Copied{}, err
	}
	switch signIn := r.What == agent.SignIn; {
	case r.What == agent.TaxNumber:
		return k.putText(found, agent.TaxNumber, found.TaxNumber, false, show)
	case r.What == agent.UserName, signIn && !c.signsIn(found.ID):
		return k.putText(found, agent.UserName, account.UserName, signIn, show)
	}
	ctx, done := c.newest(ctx, found.Client)
	defer done()
	return k.putCode(ctx, found, account, r.Next, 0, show)
}

// putCode puts a code on the clipboard that is fresh, lives for some time more, and that nobody else in the office has
// used, as far as that can be known at once.
func (k *keeper) putCode(
	ctx context.Context, found indexedClient, account vault.Account, next bool, more time.Duration, show string,
) (agent.Copied, error) {
	client := found.Client
	var taken *agent.Taken
	for range maxTurns {
		waited, err := k.waitForFresh(ctx, client, account, next, more, taken)
		if waited { // the client may have been changed, removed or locked meanwhile
			found, account, err = k.resolveAccount(client.ID)
		}
		if err != nil {
			return agent.Copied{}, err
		}
		copied, code, err := k.putNow(ctx, found, account, show)
		if err != nil {
			return agent.Copied{}, err
		}
		copied.Waited, copied.Taken = waited, taken
		if copied.UsedBefore {
			return copied, nil
		}
		again := k.desk.takeTurn(ctx, account, code)
		if again == nil {
			return copied, nil
		}
		taken, next = again, true
	}
	return agent.Copied{}, lang.E("code-taken-often", "Client", client.Label())
}

// putNow puts the code of this moment on the clipboard.
func (k *keeper) putNow(
	ctx context.Context, found indexedClient, account vault.Account, show string,
) (agent.Copied, vault.Code, error) {
	c := &k.copies
	now := time.Now()
	code, err := k.make(ctx, account, now, false)
	if err != nil {
		return agent.Copied{}, code, err
	}

	c.mu.Lock()
	defer c.mu.Unlock()
	if ctx.Err() != nil {
		return agent.Copied{}, code, context.Cause(ctx)
	}
	reach, err := c.put(code.Digits, show)
	if err != nil {
		return agent.Copied{}, code, err
	}
	before := account.Key.Kind != vault.HOTP && c.used[account.ID].Equal(code.Until)
	c.used[account.ID] = code.Until
	copied := agent.Copied{
		Client: found.Client, Reach: reach, Until: code.Until, Remaining: secondsLeft(code, now), UsedBefore: before,
	}
	if show == config.ShowAlways || reach != "" {
		copied.Code = code.Digits
	}
	if reach == agent.Nowhere {
		k.recordUse(found, vault.Shown)
		return copied, code, nil
	}
	copied.ClearAfter = k.clearLater(found)
	k.recordUse(found, vault.Copied)
	return copied, code, nil
}

// clearLater sees to it that what was just copied of a client is cleared, and says after how many seconds.
func (k *keeper) clearLater(found indexedClient) int {
	k.copies.groups = found.groups
	after := k.settings.Load().Copy.ClearAfter.Duration
	k.copies.clearIn(after)
	return int(after.Seconds())
}

// waitForFresh waits for the next window if the code of this one is about to expire, or does not live for some time
// more, or if the next was asked for, and says whether it did. Faces are told, also by whom this one was taken.
func (k *keeper) waitForFresh(
	ctx context.Context, client agent.Client, account vault.Account, next bool, more time.Duration, taken *agent.Taken,
) (bool, error) {
	if account.Key.Kind == vault.HOTP {
		return false, nil
	}
	code, err := k.codeAt(&account, time.Now())
	if err != nil {
		return false, err
	}
	// A window shorter than twice the wished life would be waited for again and again.
	fresh := min(k.settings.Load().Copy.FreshFor.Duration+more, code.Until.Sub(code.From)/2)
	if !next && time.Until(code.Until) >= fresh {
		return false, nil
	}
	wait := time.Until(code.Until)
	k.events.send(agent.Event{Type: agent.Waiting, Client: &client, Seconds: wholeSeconds(wait), Taken: taken})
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true, nil
	case <-ctx.Done():
		return false, context.Cause(ctx)
	}
}

// make makes a code. A counter-based key is stepped on in the vault first: a code is never handed out twice,
// and if the step cannot be saved there is no code.
func (k *keeper) make(ctx context.Context, account vault.Account, now time.Time, next bool) (vault.Code, error) {
	if account.Key.Kind != vault.HOTP {
		if next {
			now = now.Add(time.Duration(account.Key.Period) * time.Second)
		}
		return k.codeAt(&account, now)
	}
	var code vault.Code
	err := k.update(ctx, func(tx *vault.Tx) (err error) {
		a, ok := tx.Account(account.ID)
		if !ok {
			return lang.E("account-gone").Kind(agent.ErrNotFound)
		}
		if next {
			a.Key.Counter++
		}
		if code, err = a.Key.Code(now); err != nil {
			return err
		}
		a.Key.Counter++
		_, err = tx.PutAccount(a)
		return err
	})
	return code, err
}

// codeAt is the code of a moment: made of the key, or out of the book of who has no key.
func (k *keeper) codeAt(a *vault.Account, at time.Time) (vault.Code, error) {
	if a.Key.Kind != vault.Book {
		return a.Key.Code(at)
	}
	o, err := k.desk.reading()
	if err != nil {
		return vault.Code{}, err
	}
	return o.Code(a.ID, at)
}

// resolveAccount resolves a query to its client and the client's account.
func (k *keeper) resolveAccount(query string) (indexedClient, vault.Account, error) {
	r, err := k.resolve(query)
	if err != nil {
		return indexedClient{}, vault.Account{}, err
	}
	account, ok := k.vault.Contents().Account(r.Account)
	if !ok { // removed in this very moment
		return indexedClient{}, vault.Account{}, lang.E("account-gone").Kind(agent.ErrNotFound)
	}
	return r, account, nil
}

func secondsLeft(c vault.Code, now time.Time) int {
	if c.Until.IsZero() {
		return 0
	}
	return int(c.Until.Sub(now) / time.Second)
}

// wholeSeconds rounds up: what is left to wait is never nothing.
func wholeSeconds(d time.Duration) int { return int((d + time.Second - 1) / time.Second) }
