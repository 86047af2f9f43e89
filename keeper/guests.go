package keeper

import (
	"context"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"

	"kapu/agent"
)

// guests are the connections that have not shown the token. The loopback interface is everybody's: another user of
// the machine may open connections, and must not be able to take the agent's memory or its person's place. So a guest
// has little time, and when there are many the oldest goes. A face of this user needs a few milliseconds.
type guests struct {
	mu   sync.Mutex
	open []guest // oldest first
}

type guest struct {
	net.Conn
	late *time.Timer // sends it away
}

const (
	maxGuests = 64
	guestTime = 2 * agent.HelloTime
	// maxHeader is what a guest may make the agent read. Ours are a fifth of it.
	maxHeader = 2 << 10
)

// watch makes a server keep its guests short.
func (g *guests) watch(s *http.Server) {
	s.ReadHeaderTimeout, s.MaxHeaderBytes = guestTime, maxHeader
	s.ConnContext = func(ctx context.Context, c net.Conn) context.Context {
		g.enter(c)
		return context.WithValue(ctx, guestKey{}, c)
	}
	s.ConnState = func(c net.Conn, state http.ConnState) {
		if state == http.StateClosed || state == http.StateHijacked {
			g.leave(c)
		}
	}
}

type guestKey struct{}

// known tells that the connection of a request has shown the token.
func (g *guests) known(r *http.Request) {
	if c, ok := r.Context().Value(guestKey{}).(net.Conn); ok {
		g.leave(c)
	}
}

func (g *guests) enter(c net.Conn) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.open) == maxGuests {
		g.open[0].late.Stop()
		g.open[0].Close()
		g.open = slices.Delete(g.open, 0, 1)
	}
	g.open = append(g.open, guest{c, time.AfterFunc(guestTime, func() { c.Close() })})
}

func (g *guests) leave(c net.Conn) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if i := slices.IndexFunc(g.open, func(o guest) bool { return o.Conn == c }); i >= 0 {
		g.open[i].late.Stop()
		g.open = slices.Delete(g.open, i, i+1)
	}
}
