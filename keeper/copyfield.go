package keeper

import (
	"context"

	"kapu/agent"
	"kapu/lang"
)

// copyField puts a text of a client on the clipboard, as it stands. A copy that still waits for its code gives way to
// it; like a code, it is cleared later.
func (k *keeper) copyField(ctx context.Context, r agent.FieldRequest) (agent.Copied, error) {
	c := &k.copies
	if c.open(); c.err != nil {
		return agent.Copied{}, c.err
	}
	found, account, err := k.resolveAccount(r.ID)
	if err != nil {
		return agent.Copied{}, err
	}
	text := map[agent.Field]string{agent.UserNameField: account.UserName, agent.TaxNumberField: found.TaxNumber}[r.Field]
	if text == "" {
		return agent.Copied{}, lang.E("copy-field-empty", "Client", found.Label()).Kind(agent.ErrNotFound)
	}
	_, done := c.newest(ctx, found.Client)
	defer done()
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.board.Copy(text); err != nil {
		return agent.Copied{}, err
	}
	copied := agent.Copied{Client: found.Client}
	if !c.board.Crosses() {
		copied.Reach = agent.OnlyHere
	}
	c.groups = found.groups
	clearAfter := k.settings.Load().Copy.ClearAfter.Duration
	c.clearIn(clearAfter)
	copied.ClearAfter = int(clearAfter.Seconds())
	return copied, nil
}
