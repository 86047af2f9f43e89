package keeper

import (
	"context"
	"time"

	"kapu/agent"
	"kapu/office"
	"kapu/office/store"
	"kapu/vault"
)

const (
	// turnWait is for how long a copy waits to hear whether a colleague has used the same code. The code is on the
	// clipboard by then.
	turnWait = 300 * time.Millisecond
	// turnLimit is for how long a slow store is given the turn, for others to see.
	turnLimit = 10 * time.Second
	// maxTurns is how often in a row the next code is waited for.
	maxTurns = 3
)

// takeTurn takes the turn of a code that was handed out, and says who has taken it before; nil if nobody has, or if
// that cannot be known at once.
func (d *desk) takeTurn(ctx context.Context, account vault.Account, code vault.Code) *agent.Taken {
	st := d.store.Load()
	o := d.reader.Load()
	if st == nil || o == nil || !d.keeper.settings.Load().Office.Turns {
		return nil
	}
	answer := make(chan *agent.Taken, 1)
	go func() {
		ctx, cancel := context.WithTimeout(d.keeper.ending, turnLimit)
		defer cancel()
		answer <- take(ctx, o, *st, account, code)
	}()
	wait := time.NewTimer(turnWait)
	defer wait.Stop()
	select {
	case taken := <-answer:
		return taken
	case <-wait.C:
	case <-ctx.Done():
	}
	return nil
}

// take takes a turn in the store. A hint that cannot be had is none. It may have to read what the office's state has
// become, which takes long in a large one.
func take(ctx context.Context, o *office.Office, st store.Store, account vault.Account, code vault.Code) *agent.Taken {
	turn, err := o.Turn(&account, code)
	if turn == nil || err != nil {
		return nil
	}
	taken, err := turn.Take(ctx, st)
	if taken == nil || err != nil {
		return nil
	}
	return &agent.Taken{By: taken.Member, Machine: taken.Machine, Own: taken.Own, At: taken.At}
}
