package cli

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"kapu/agent"
	"kapu/lang"
	"kapu/office"
)

type officeJoinOptions struct {
	store      string // in place of the one that the invitation names
	keys       bool   // ask for the store's credentials
	background bool   // do not wait until an admin has approved
}

func (a *app) officeJoinCommand() *cobra.Command {
	var o officeJoinOptions
	cmd := &cobra.Command{
		Use: "join", Short: "help-office-join", Long: "help-office-join-long", Args: args(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error { return a.runOfficeJoin(cmd.Context(), o) },
	}
	f := cmd.Flags()
	f.StringVar(&o.store, "store", "", "flag-office-store")
	f.BoolVar(&o.keys, "keys", false, "flag-office-keys")
	f.BoolVar(&o.background, "no-wait", false, "flag-office-no-wait")
	return cmd
}

func (a *app) runOfficeJoin(ctx context.Context, o officeJoinOptions) error {
	c, err := a.unlockedOrNew(ctx)
	if err != nil {
		return err
	}
	var r agent.OfficeJoin
	if r.Invitation, err = a.askInvitation(); err != nil {
		return err
	}
	invitedTo, err := office.StoreOf(r.Invitation)
	if err != nil {
		return err
	}
	if o.store != "" {
		r.Store, r.Keys, err = a.storeAddress(o.store, o.keys)
	} else {
		_, r.Keys, err = a.storeAddress(invitedTo, o.keys)
	}
	if err != nil {
		return err
	}
	listening, stop := context.WithCancel(ctx)
	defer stop()
	events, err := c.Events(listening)
	if err != nil {
		return err
	}
	v, err := c.OfficeJoin(ctx, r)
	if err != nil {
		return err
	}
	if v.Joining {
		a.say("office-words", "Office", v.Name, "Words", v.Words)
	}
	if o.background {
		return nil
	}
	return a.waitToJoin(ctx, c, events)
}

// askInvitation reads an invitation, which a mail may have broken into lines. It is a secret until it has been used.
func (a *app) askInvitation() (string, error) {
	text := ""
	for id := "ask-invitation"; ; id = "ask-invitation-more" {
		line, err := a.askSecret(id)
		if err != nil && text == "" {
			return "", err
		}
		text += line
		if _, wrong := office.StoreOf(text); wrong == nil || err != nil || strings.TrimSpace(line) == "" {
			return text, nil
		}
	}
}

// waitToJoin waits until an admin has approved this device. It polls each second beside the events: one may have come
// before anybody listened.
func (a *app) waitToJoin(ctx context.Context, c *agent.Conn, events <-chan agent.Event) error {
	done := a.busy("office-waiting")
	defer done()
	poll := time.NewTicker(time.Second)
	defer poll.Stop()
	for {
		v, err := c.OfficeView(ctx)
		switch {
		case err != nil && ctx.Err() == nil:
			return err
		case err == nil && !v.Joining:
			done()
			return a.sayJoined(v)
		}
		select {
		case <-poll.C:
		case e, open := <-events:
			switch {
			case !open && ctx.Err() == nil:
				return agent.ErrLocked
			case e.Type == agent.Problem:
				return e.Problem
			}
		case <-ctx.Done():
		}
		if ctx.Err() != nil {
			done()
			fmt.Fprintln(a.err, a.texts.T("office-join-later"))
			return ctx.Err()
		}
	}
}

// sayJoined says how the waiting has ended: with the office, or without it where an admin has refused.
func (a *app) sayJoined(v agent.OfficeView) error {
	if !v.In {
		return lang.E("office-none").Kind(office.ErrNone)
	}
	a.say("office-joined", "Office", v.Name)
	return nil
}
