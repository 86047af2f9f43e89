package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"kapu/agent"
	"kapu/vault"
)

// uniteOptions are those of `kapu restore` that put no backup in the vault's place, but take over what is missing.
type uniteOptions struct {
	which          string // as of restore; "" is what the vault does not continue
	merge, discard bool
	dryRun         bool
	yes, asJSON    bool
}

func (o *uniteOptions) add(cmd *cobra.Command) {
	f := cmd.Flags()
	f.BoolVar(&o.merge, "merge", false, "flag-restore-merge")
	f.BoolVar(&o.discard, "discard", false, "flag-restore-discard")
	f.BoolVar(&o.dryRun, "dry-run", false, "flag-dry-run")
	f.BoolVarP(&o.yes, "yes", "y", false, "flag-yes")
	cmd.MarkFlagsMutuallyExclusive("merge", "discard", "list")
	cmd.MarkFlagsMutuallyExclusive("discard", "dry-run")
}

// asked says whether anything of it was; a dry run is one of taking over.
func (o *uniteOptions) asked() bool { return o.merge || o.discard || o.dryRun }

// runUnite shows what another version of the vault has that this one has not, and takes it over or discards it.
func (a *app) runUnite(ctx context.Context, o uniteOptions) error {
	c, err := a.unlocked(ctx)
	if err != nil {
		return err
	}
	u := agent.Unite{DryRun: true, Discard: o.discard}
	if o.which != "" {
		backups, err := c.Backups(ctx)
		if err != nil {
			return err
		}
		chosen, err := choose(backups, o.which)
		if err != nil {
			return err
		}
		u.Name = chosen.Name
	}
	plan, err := c.Unite(ctx, u)
	if errors.Is(err, vault.ErrNone) && o.asJSON && !o.discard {
		return a.printJSON(agent.United{Differences: []vault.Difference{}})
	}
	if err != nil {
		return err
	}
	saved := localTime(plan.Version.Saved)
	lost := plan.Version.Name == "" // no copy is left of it, so what it had is not known
	if !o.asJSON && !lost {
		a.sayDifferences(plan.Differences, saved)
	}
	if !o.dryRun {
		question := "ask-unite"
		if o.discard {
			question = "ask-discard-version"
		}
		if !o.yes && isTerminal(a.in) && !a.confirm(question, "Saved", saved) {
			a.say("not-united")
			return nil
		}
		u.DryRun, u.Name = false, plan.Version.Name
		if plan, err = c.Unite(ctx, u); err != nil {
			return err
		}
	}
	switch {
	case o.asJSON:
		return a.printJSON(plan)
	case lost:
		a.say("version-given-up", "Saved", saved)
	case o.discard:
		a.say("version-discarded", "Saved", saved)
	case !o.dryRun:
		a.say("united", "Saved", saved)
	}
	return nil
}

func (a *app) sayDifferences(list []vault.Difference, saved string) {
	if len(list) == 0 {
		a.say("unite-nothing", "Saved", saved)
		return
	}
	a.say("unite-plan", "Saved", saved)
	for _, d := range list {
		fmt.Fprintln(a.out, "  "+agent.DifferenceSaid(a.texts, d))
	}
}
