package cli

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"kapu/agent"
	"kapu/lang"
)

type mergeOptions struct {
	keep, other string // queries
	key         string // whose key stays: "keep" or "other"
	dryRun      bool
	yes, asJSON bool
}

// mergeCommand makes one client of two that are the same.
func (a *app) mergeCommand() *cobra.Command {
	var o mergeOptions
	cmd := &cobra.Command{
		Use: "merge KEEP OTHER", Short: "help-merge", Long: "help-merge-long", Args: args(2, 2),
		ValidArgsFunction: a.completeClients,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.keep, o.other = args[0], args[1]
			return a.runMerge(cmd.Context(), o)
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.key, "key", keyOfKept, "flag-merge-key")
	f.BoolVarP(&o.yes, "yes", "y", false, "flag-yes")
	f.BoolVar(&o.dryRun, "dry-run", false, "flag-dry-run")
	jsonFlag(cmd, &o.asJSON)
	return cmd
}

// The values of --key.
const (
	keyOfKept  = "keep"
	keyOfOther = "other"
)

func (a *app) runMerge(ctx context.Context, o mergeOptions) error {
	if o.key != keyOfKept && o.key != keyOfOther {
		return usageError{lang.E("merge-key-wrong", "Value", o.key)}
	}
	c, keep, err := a.oneClient(ctx, o.keep)
	if err != nil {
		return err
	}
	_, other, err := a.oneClient(ctx, o.other)
	if err != nil {
		return err
	}
	m := agent.Merge{Keep: keep.ID, Other: other.ID, OtherKey: o.key == keyOfOther, DryRun: true}
	done, err := c.Merge(ctx, m)
	if err != nil {
		return err
	}
	if !o.asJSON {
		a.sayMerge(keep, done)
	}
	if !o.dryRun {
		if !o.yes && isTerminal(a.in) && !a.confirm("ask-merge", "Client", other.Label(), "Keep", keep.Label()) {
			a.say("not-merged")
			return nil
		}
		m.DryRun = false
		if done, err = c.Merge(ctx, m); err != nil {
			return err
		}
	}
	if o.asJSON {
		return a.printJSON(done)
	}
	if !o.dryRun {
		a.say("merged", "Client", done.Client.Label())
	}
	return nil
}

// sayMerge says what comes of a merge.
func (a *app) sayMerge(keep agent.Client, m agent.Merged) {
	a.say("merge-plan", "Client", keep.Label(), "Other", m.Other.Label())
	if fields := a.fieldNames(m.Taken); fields != "" {
		a.say("merge-taken", "Fields", fields)
	}
	if m.KeyGone {
		a.say("merge-key-former")
	}
	if m.ForAll {
		a.say("merge-for-all", "Client", m.Other.Label())
	}
}

// fieldNames are the fields of a client in words; of the name alone others come along without being told.
func (a *app) fieldNames(fields []string) string {
	var names []string
	for _, f := range fields {
		names = append(names, a.texts.T("field-"+strings.ReplaceAll(f, "_", "-")))
	}
	return strings.Join(names, ", ")
}
