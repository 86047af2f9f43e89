package keeper

import (
	"context"
	"time"

	"kapu/agent"
	"kapu/config"
	"kapu/lang"
)

// passwordTime is what a person needs between pasting the user name and pasting the code: for the password, and for the
// portal's next page. A code that follows by itself has so much more life than a fresh one.
const passwordTime = 7 * time.Second

// signsIn says whether the user name of a client is on the clipboard and its code is to follow.
func (c *copier) signsIn(client string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.signingIn == client
}

// putText puts a text of a client on the clipboard, and lets the code follow if that is asked for. It is no use of the
// client: nothing is logged, and no timer of a lock begins anew.
func (k *keeper) putText(
	found indexedClient, what agent.What, text string, follow bool, show string,
) (agent.Copied, error) {
	if text == "" {
		return agent.Copied{}, noText(what, found.Label())
	}
	c := &k.copies
	ctx, done := c.newest(k.ending, found.Client)
	c.mu.Lock()
	defer c.mu.Unlock()
	if ctx.Err() != nil {
		return agent.Copied{}, context.Cause(ctx)
	}
	if err := c.board.Copy(text); err != nil {
		done()
		return agent.Copied{}, err
	}
	copied := agent.Copied{Client: found.Client, What: what, ClearAfter: k.clearLater(found)}
	if show != config.ShowNever && !c.board.Crosses() {
		copied.Reach = agent.OnlyHere
	}
	if !follow {
		done()
		return copied, nil
	}
	copied.Follows = agent.WhenAsked
	pasted := c.board.Pasted()
	if pasted != nil {
		copied.Follows = agent.AfterPaste
	}
	c.signingIn = found.ID
	go k.followUp(ctx, done, found.ID, pasted, time.Duration(copied.ClearAfter)*time.Second)
	return copied, nil
}

// noText is the error of a client who has no such text.
func noText(what agent.What, client string) error {
	if what == agent.TaxNumber {
		return lang.E("tax-number-none", "Client", client).Kind(agent.ErrNotFound)
	}
	return lang.E("user-name-none", "Client", client).Kind(agent.ErrNotFound)
}

// followUp lets the code of a client follow its user name once that was pasted. It gives up when the user name is
// cleared, or when something else is copied.
func (k *keeper) followUp(ctx context.Context, done func(), client string, pasted <-chan struct{}, cleared time.Duration) {
	defer done()
	timer := time.NewTimer(cleared)
	defer timer.Stop()
	select {
	case <-pasted:
	case <-ctx.Done():
		return
	case <-timer.C:
		k.copies.signedIn(ctx)
		return
	}
	found, account, err := k.resolveAccount(client)
	var copied agent.Copied
	if err == nil {
		copied, err = k.putCode(ctx, found, account, false, passwordTime, config.ShowNever)
	}
	switch {
	case ctx.Err() != nil: // a newer copy has come, or a lock
	case err != nil:
		f, _ := agent.NewFailure(err)
		k.events.send(agent.Event{Type: agent.Problem, Problem: f.Sentence})
	default:
		k.events.send(agent.Event{Type: agent.CodeCopied, Client: &found.Client, Copied: &copied})
	}
	k.copies.signedIn(ctx)
}

// signedIn is the end of a sign-in, unless a newer copy has ended it.
func (c *copier) signedIn(ctx context.Context) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if ctx.Err() == nil {
		c.signingIn = ""
	}
}
