package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"kapu/agent"
)

type copyOptions struct {
	query string
	next  bool // wait for the code after the current one
}

func (a *app) copyCommand() *cobra.Command {
	var o copyOptions
	cmd := &cobra.Command{
		Use: "copy QUERY", Short: "help-copy", Args: args(1, 1), ValidArgsFunction: a.completeClients,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.query = args[0]
			return a.runCopy(cmd.Context(), o)
		},
	}
	cmd.Flags().BoolVar(&o.next, "next", false, "flag-next-wait")
	return cmd
}

// runCopy lets the agent put a fresh code on the clipboard.
func (a *app) runCopy(ctx context.Context, o copyOptions) error {
	c, err := a.unlocked(ctx)
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	if events, err := c.Events(ctx); err == nil {
		go a.sayWaiting(events)
	}
	copied, err := c.Copy(ctx, o.query, o.next)
	if errors.Is(err, agent.ErrAmbiguous) {
		a.listMatches(ctx, c, o.query)
	}
	if err != nil {
		return err
	}
	if copied.Until.IsZero() {
		a.say("copied-counter", "Client", copied.Label())
	} else {
		a.sayN("copied", copied.Remaining, "Client", copied.Label())
	}
	if copied.UsedBefore {
		fmt.Fprintln(a.err, a.texts.T("copied-again", "Query", o.query))
	}
	return nil
}

// sayWaiting tells why nothing happens for a few seconds.
func (a *app) sayWaiting(events <-chan agent.Event) {
	for e := range events {
		if e.Type == agent.Waiting {
			fmt.Fprintln(a.err, a.texts.N("copy-waiting", e.Seconds, "Client", e.Client.Label()))
		}
	}
}
