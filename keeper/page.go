package keeper

import (
	"context"

	"kapu/agent"
	"kapu/config"
)

// Page is the face that a browser shows. It is served by the agent's own process, so that it ends with the keys, but
// it knows no more than any other face: it speaks to the agent through a Conn. A room above this one makes it.
type Page interface {
	// Link returns an address that opens a view, once and within half a minute.
	Link(ctx context.Context, view string) (string, error)
	// Close ends it, before the process does.
	Close()
}

// NewPage makes the page of an agent that Conn reaches.
type NewPage func(c *agent.Conn, paths config.Paths) Page

func (k *keeper) link(ctx context.Context, r agent.LinkRequest) (agent.LinkAnswer, error) {
	link, err := k.page.Link(ctx, r.View)
	return agent.LinkAnswer{Link: link}, err
}
