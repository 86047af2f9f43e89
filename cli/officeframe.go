package cli

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"kapu/agent"
	"kapu/config"
	"kapu/lang"
	"kapu/office"
	"kapu/office/store"
)

// The frame of the office's commands: what all of them do in the same order stands here once, and a command declares
// only what it differs in.
//
//	changeOffice   in an office? → the command decides → carried out → said
//	readOffice     in an office? → the command reads → printed as columns or JSON
//	officefind.go  the member, device or request that a person means by a name

// inOffice connects to the agent of a vault that is in an office, and returns a snapshot of how the office stands.
func (a *app) inOffice(ctx context.Context) (*agent.Conn, agent.OfficeView, error) {
	c, err := a.unlocked(ctx)
	if err != nil {
		return nil, agent.OfficeView{}, err
	}
	v, err := c.OfficeView(ctx)
	if err == nil && !v.In {
		err = lang.E("office-none").Kind(office.ErrNone)
	}
	return c, v, err
}

// decision is a command's own part of changing the office: it finds what is meant, asks the person, and tells the
// agent. What it returns is called once the change has been carried out; nil means that the person has changed
// nothing.
type decision func(c *agent.Conn, v agent.OfficeView) (done func(), err error)

// changeOffice runs a command that changes the office.
func (a *app) changeOffice(ctx context.Context, decide decision) error {
	c, v, err := a.inOffice(ctx)
	if err != nil {
		return err
	}
	done, err := decide(c, v)
	if err != nil || done == nil {
		return err
	}
	if err := a.carryOut(ctx, c); err != nil {
		return err
	}
	done()
	return nil
}

// carryOut synchronises until what was decided has come about, as far as it can now, and says how much is left.
func (a *app) carryOut(ctx context.Context, c *agent.Conn) error {
	s, err := a.syncOffice(ctx, c)
	if err == nil && s.Left > 0 {
		fmt.Fprintln(a.err, a.texts.N("office-left", s.Left))
	}
	return err
}

// syncOffice synchronises with the store, and says meanwhile how much is left.
func (a *app) syncOffice(ctx context.Context, c *agent.Conn) (agent.OfficeSynced, error) {
	done := a.busyWith(func() string {
		text := a.texts.T("office-syncing")
		v, err := c.OfficeView(ctx)
		switch {
		case err == nil && v.Left > 0:
			text += " " + a.texts.T("page-office-left", "N", v.Left)
		case err == nil && v.Waiting > 0:
			text += " " + a.texts.T("page-office-arriving", "N", v.Waiting)
		}
		return text
	})
	defer done()
	return c.OfficeSync(ctx)
}

// listing is a command's own part of showing something of the office: the value for a program, and the same as rows for
// the person.
type listing func(c *agent.Conn, v agent.OfficeView) (value any, rows [][]string, err error)

// readOffice runs a command that shows something of the office.
func (a *app) readOffice(ctx context.Context, asJSON bool, list listing) error {
	c, v, err := a.inOffice(ctx)
	if err != nil {
		return err
	}
	value, rows, err := list(c, v)
	switch {
	case err != nil:
		return err
	case asJSON:
		return a.printJSON(value)
	default:
		return printColumns(a.out, rows)
	}
}

// storeAddress is the address of a store as the agent knows it, and its credentials if they are to be asked for.
func (a *app) storeAddress(address string, ask bool) (string, agent.StoreKeys, error) {
	var keys agent.StoreKeys
	if !store.WantsKeys(address) {
		path, err := filepath.Abs(address)
		return path, keys, err
	}
	var err error
	if ask || isTerminal(a.in) {
		if keys.Access, err = a.askSecret("ask-store-access"); err == nil && keys.Access != "" {
			keys.Secret, err = a.askSecret("ask-store-secret")
		}
	}
	return address, keys, err
}

// remindWork says how many keys are still known to people who should not know them any more.
func (a *app) remindWork(ctx context.Context, c *agent.Conn) {
	if todo, err := c.OfficeWorklist(ctx); err == nil && len(todo) > 0 {
		fmt.Fprintln(a.err, a.texts.N("office-work", len(todo)))
	}
}

// refused says whether it is the office that does not let the person do it.
func refused(err error) bool {
	return errors.Is(err, agent.ErrRight) || errors.Is(err, office.ErrNotAdmin) || errors.Is(err, config.ErrPolicy)
}

// nonNil is a list that JSON writes as one even when it is empty.
func nonNil[T any](list []T) []T { return append([]T{}, list...) }
