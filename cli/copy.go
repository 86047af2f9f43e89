package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"kapu/agent"
)

func (a *app) copyCommand() *cobra.Command {
	var next bool
	cmd := &cobra.Command{
		Use: "copy QUERY", Short: "help-copy", Args: args(1, 1), ValidArgsFunction: a.completeClients,
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := a.unlocked(cmd.Context())
			if err != nil {
				return err
			}
			ctx, stop := context.WithCancel(cmd.Context())
			defer stop()
			if events, err := c.Events(ctx); err == nil {
				go a.sayWaiting(events)
			}
			copied, err := c.Copy(ctx, args[0], next)
			if errors.Is(err, agent.ErrAmbiguous) {
				a.listMatches(ctx, c, args[0])
			}
			if err != nil {
				return err
			}
			if copied.Until.IsZero() {
				a.say("copied-counter", "Client", copied.Name)
			} else {
				a.sayN("copied", copied.Remaining, "Client", copied.Name)
			}
			if copied.UsedBefore {
				fmt.Fprintln(a.err, a.texts.T("copied-again", "Query", args[0]))
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&next, "next", false, "flag-next-wait")
	return cmd
}

// sayWaiting tells why nothing happens for a few seconds.
func (a *app) sayWaiting(events <-chan agent.Event) {
	for e := range events {
		if e.Type == agent.Waiting {
			fmt.Fprintln(a.err, a.texts.N("copy-waiting", e.Seconds, "Client", e.Client.Name))
		}
	}
}

func (a *app) sayN(id string, n int, values ...any) {
	fmt.Fprintln(a.out, a.texts.N(id, n, values...))
}
