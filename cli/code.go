package cli

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"kapu/agent"
)

type codeOptions struct {
	query  string
	next   bool // the code after the current one
	asJSON bool
}

func (a *app) codeCommand() *cobra.Command {
	var o codeOptions
	cmd := &cobra.Command{
		Use: "code QUERY", Short: "help-code", Args: args(1, 1), ValidArgsFunction: a.completeClients,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.query = args[0]
			return a.runCode(cmd.Context(), o)
		},
	}
	cmd.Flags().BoolVar(&o.next, "next", false, "flag-next")
	jsonFlag(cmd, &o.asJSON)
	return cmd
}

// runCode prints a one-time code, and nothing else on standard output.
func (a *app) runCode(ctx context.Context, o codeOptions) error {
	c, err := a.unlocked(ctx)
	if err != nil {
		return err
	}
	code, err := c.Code(ctx, o.query, o.next)
	if errors.Is(err, agent.ErrAmbiguous) {
		a.listMatches(ctx, c, o.query)
	}
	if err != nil {
		return err
	}
	if o.asJSON {
		return a.printJSON(code)
	}
	fmt.Fprintln(a.out, code.Code)
	if isTerminal(a.out) && !code.Until.IsZero() {
		fmt.Fprintln(a.err, a.texts.T("code-valid", "Client", code.Label(), "Until", code.Until.Local().Format(time.TimeOnly)))
	}
	return nil
}
