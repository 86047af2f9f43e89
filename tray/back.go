package tray

import (
	"context"
	"errors"

	"kapu/agent"
	"kapu/session"
)

func (a realAgents) returns(ctx context.Context) <-chan struct{} {
	events := session.Returns(ctx).Events()
	returns := make(chan struct{})
	go func() {
		for e := range events {
			e.Done()
			select {
			case returns <- struct{}{}:
			case <-ctx.Done():
			}
		}
	}()
	return returns
}

func (a realAgents) silent(ctx context.Context) bool {
	s, err := agent.StatusOf(ctx, a.paths)
	return err == nil && s.Method == agent.Keychain
}

// watchReturns begins to listen for the person's coming back, where the settings want that.
func (t *tray) watchReturns() {
	if t.cfg.Lock.UnlockWithSession && t.returns == nil {
		t.returns = t.agents.returns(t.ctx)
	}
}

// comeBack unlocks again for a person who has come back to the screen that they had left with the vault open. Where a
// PIN or a password is wanted, it is the person who unlocks: a question that nobody asked for would be answered with
// what was meant for another window.
func (t *tray) comeBack() {
	switch {
	case !t.cfg.Lock.UnlockWithSession || !t.left || t.starting:
		return
	case t.attached != nil:
		t.back = true // its agent is just ending
		return
	}
	t.back = false
	t.start(func(opts agent.StartOptions) (conn, error) {
		if !t.agents.silent(t.ctx) {
			return nil, errNotSilent
		}
		return t.agents.start(t.ctx, opts)
	}, func(err error) {
		switch {
		case err == nil, errors.Is(err, errNotSilent):
		case errors.Is(err, agent.ErrLocked): // the screen is locked still: there will be one more return
		default:
			t.left = false // said once, not at each return
			t.report(err)
		}
	})
}

var errNotSilent = errors.New("unlocking asks the person")
