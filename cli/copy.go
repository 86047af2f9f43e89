package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"kapu/agent"
	"kapu/lang"
)

type copyOptions struct {
	query    string
	next     bool // wait for the code after the current one
	userName bool // in place of the code
	both     bool // the user name, then the code
}

func (a *app) copyCommand() *cobra.Command {
	var o copyOptions
	cmd := &cobra.Command{
		Use: "copy QUERY", Short: "help-copy", Long: "help-copy-long", Args: args(1, 1), ValidArgsFunction: a.completeClients,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.query = args[0]
			return a.runCopy(cmd.Context(), o)
		},
	}
	cmd.Flags().BoolVar(&o.next, "next", false, "flag-next-wait")
	cmd.Flags().BoolVar(&o.userName, "user-name", false, "flag-copy-user-name")
	cmd.Flags().BoolVar(&o.both, "both", false, "flag-copy-both")
	exclusive(cmd, "next", "user-name", "both")
	return cmd
}

// what is what the options ask for.
func (o copyOptions) what() agent.What {
	switch {
	case o.userName:
		return agent.UserName
	case o.both:
		return agent.SignIn
	}
	return agent.TheCode
}

// runCopy lets the agent put a fresh code on the clipboard, or the user name.
func (a *app) runCopy(ctx context.Context, o copyOptions) error {
	c, err := a.unlocked(ctx)
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	events, err := c.Events(ctx)
	if err != nil {
		return err
	}
	news := a.sayWaiting(events)
	copied, err := c.Copy(ctx, agent.Copy{Query: o.query, What: o.what(), Next: o.next})
	if errors.Is(err, agent.ErrAmbiguous) {
		a.listMatches(ctx, c, o.query)
	}
	if err != nil {
		return err
	}
	a.sayCopied(copied)
	if copied.Follows == "" || !isTerminal(a.in) {
		return nil
	}
	return a.copyFollowing(ctx, c, copied, news)
}

func (a *app) sayCopied(c agent.Copied) {
	fmt.Fprintln(a.out, c.Said(a.texts, c.Label()))
	if c.UsedBefore {
		fmt.Fprintln(a.err, a.texts.T("copied-again", "ShellClient", lang.Shell(c.Label())))
	}
}

// copyFollowing waits for the code that follows a user name: until it comes by itself, or the person presses Enter.
func (a *app) copyFollowing(ctx context.Context, c *agent.Conn, name agent.Copied, news <-chan agent.Event) error {
	fmt.Fprintln(a.err, a.texts.T("copy-enter"))
	enter := make(chan error, 1)
	go func() {
		_, err := bufio.NewReader(a.in).ReadString('\n')
		enter <- err
	}()
	over := time.After(time.Duration(name.ClearAfter) * time.Second)
	for {
		select {
		case e, open := <-news:
			switch {
			case !open:
				return lang.E("agent-gone").Kind(agent.ErrLocked)
			case e.Client == nil || e.Client.ID != name.ID:
			case e.Type == agent.Waiting:
				over = nil // it was pasted
			case e.Type == agent.CodeCopied:
				a.sayCopied(*e.Copied)
				return nil
			}
		case err := <-enter:
			if err != nil { // the terminal's end: there is nobody to wait
				return nil
			}
			copied, err := c.Copy(ctx, agent.Copy{Query: name.ID})
			if err == nil {
				a.sayCopied(copied)
			}
			return err
		case <-over:
			return lang.E("copy-over", "Client", name.Label())
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// sayWaiting tells why nothing happens for a few seconds, and passes the events on.
func (a *app) sayWaiting(events <-chan agent.Event) <-chan agent.Event {
	news := make(chan agent.Event, 16)
	go func() {
		defer close(news)
		for e := range events {
			if e.Type == agent.Waiting && e.Taken != nil {
				fmt.Fprintln(a.err, e.Taken.Said(a.texts, e.Client.Label(), e.Seconds))
			} else if e.Type == agent.Waiting {
				fmt.Fprintln(a.err, a.texts.N("copy-waiting", e.Seconds, "Client", e.Client.Label()))
			}
			select {
			case news <- e:
			default: // nobody waits for them
			}
		}
	}()
	return news
}
