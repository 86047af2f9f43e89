package cli

import (
	"context"

	"github.com/spf13/cobra"
)

func (a *app) lockCommand() *cobra.Command {
	return &cobra.Command{
		Use: "lock", Short: "help-lock", Args: args(0, 0), Annotations: map[string]string{anyConfig: "yes"},
		RunE: func(cmd *cobra.Command, _ []string) error { return a.runLock(cmd.Context()) },
	}
}

// runLock ends the agent, and with it the process that holds the keys. It is idempotent: without an agent the vault is
// locked already.
func (a *app) runLock(ctx context.Context) error {
	c, err := a.unlocked(ctx)
	if err == nil {
		err = c.Lock(ctx)
	}
	if err != nil && !isLocked(err) {
		return err
	}
	a.say("locked")
	return nil
}
