package agent

import (
	"bufio"
	"context"
	"crypto/hmac"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"kapu/config"
	"kapu/internal/process"
	"kapu/lang"
)

// channel is a connection on which the agent has proved itself.
type channel struct {
	net.Conn
	in   *bufio.Reader
	made time.Time
}

// Dial connects to the running agent of this session. Without one the vault is locked: ErrLocked.
func Dial(ctx context.Context, paths config.Paths) (*Conn, error) {
	path := findLocator(paths.Runtime)
	l, err := readLocator(path)
	if err != nil {
		return nil, err
	}
	c := &Conn{locator: l, path: path}
	if c.first, err = c.dial(ctx); err != nil {
		return nil, c.unreachable(ctx, ErrLocked)
	}
	return c, nil
}

// DialOpen is Dial for who is about to unlock: an agent that is just ending may still prove itself, but answers nothing
// more, and is not taken for one that serves.
func DialOpen(ctx context.Context, paths config.Paths) (*Conn, error) {
	c, err := Dial(ctx, paths)
	if err != nil {
		return nil, err
	}
	if _, err := c.Status(ctx); err != nil {
		return nil, err
	}
	return c, nil
}

// Serves says whether the agent of this desktop session answers, without waiting for one that does not.
func Serves(ctx context.Context, paths config.Paths) bool {
	l, err := readLocator(LocatorPath(paths))
	if err != nil {
		return false
	}
	ctx, cancel := context.WithTimeout(ctx, HelloTime)
	defer cancel()
	ch, err := l.Conn().hello(ctx)
	if err == nil {
		ch.Close()
	}
	return err == nil
}

const (
	// HelloTime is what the agent may take to prove that it is the agent, and half of what it lets a connection stand
	// without a request.
	HelloTime = 5 * time.Second
	// redialTime is the pause after a connection that failed though the agent is there.
	redialTime = 20 * time.Millisecond
	// endingTime is how long an agent whose connections break may still hold its lock, before it counts as running.
	endingTime = time.Second
)

// alive says whether the agent that this client speaks of runs. Its lock tells, which the system releases when the
// process ends; that a connection fails does not: a machine under load and a queue filled by others (on Windows a full
// one refuses) look the same as an agent that has gone. Only what it says locks.
func (c *Conn) alive() bool {
	if c.path == "" {
		return true // it is this process
	}
	l, err := readLocator(c.path)
	return err == nil && l.Token == c.locator.Token && process.Taken(lockOf(c.path))
}

// dial opens a connection on which the agent has proved itself, and tries again for HelloTime while it is alive.
// Nothing has been told to anybody before that, so trying again does no harm.
func (c *Conn) dial(ctx context.Context) (*channel, error) {
	ctx, cancel := context.WithTimeout(ctx, HelloTime)
	defer cancel()
	for {
		ch, err := c.hello(ctx)
		if err == nil || !c.alive() {
			return ch, err
		}
		select {
		case <-time.After(redialTime):
		case <-ctx.Done():
			return nil, err
		}
	}
}

// hello opens a connection and lets the other end prove that it knows the token before anything is told to it.
func (c *Conn) hello(ctx context.Context) (_ *channel, err error) {
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", c.locator.Address)
	if err != nil {
		return nil, err
	}
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	defer func() {
		if !stop() && err == nil {
			err = ctx.Err()
		}
		if err != nil {
			conn.Close()
		}
	}()
	nonce := newToken()
	if _, err := fmt.Fprintf(conn, "GET "+HelloPath+" HTTP/1.1\r\nHost: %s\r\n%s: %s\r\n\r\n",
		c.locator.Address, NonceHeader, nonce); err != nil {
		return nil, err
	}
	in := bufio.NewReader(conn)
	answer, err := http.ReadResponse(in, nil)
	if err != nil {
		return nil, err
	}
	proof, err := io.ReadAll(io.LimitReader(answer.Body, 100))
	if err != nil {
		return nil, err
	}
	if !hmac.Equal(proof, []byte(c.locator.Prove(nonce))) {
		return nil, lang.Cause("cause-address-taken")
	}
	return &channel{conn, in, time.Now()}, nil
}

// channel returns an open connection for one request.
func (c *Conn) channel(ctx context.Context) (*channel, error) {
	c.mu.Lock()
	ch := c.first
	c.first = nil
	c.mu.Unlock()
	switch {
	case ch == nil:
	case time.Since(ch.made) < HelloTime:
		return ch, nil
	default: // the person was asked something meanwhile; the agent lets nobody stand there silent
		ch.Close()
	}
	return c.dial(ctx)
}

// unreachable is the error of a connection that could not be made: gone where the agent has ended, and agent-silent
// where it runs and did not answer in HelloTime, which is no lock.
func (c *Conn) unreachable(ctx context.Context, gone error) error {
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case c.alive():
		return lang.E("agent-silent", "Seconds", int(HelloTime.Seconds()))
	}
	return gone
}

// broken is the error of a connection that ended before the answer: what was asked for may or may not have happened.
// That of an agent that has ended ends a moment before or after its lock.
func (c *Conn) broken(ctx context.Context) error {
	for until := time.Now().Add(endingTime); ctx.Err() == nil && c.alive(); time.Sleep(redialTime) {
		if time.Now().After(until) {
			return lang.E("agent-cut")
		}
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return agentGone()
}

// agentGone is that the agent has ended while it was asked.
func agentGone() error { return lang.E("agent-gone").Kind(ErrLocked) }
