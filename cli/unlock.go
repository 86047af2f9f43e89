package cli

import (
	"github.com/spf13/cobra"

	"kapu/agent"
)

func (a *app) unlockCommand() *cobra.Command {
	return &cobra.Command{
		Use: "unlock", Short: "help-unlock", Args: args(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := agent.Start(cmd.Context(), a.paths, agent.StartOptions{Create: true})
			if err != nil {
				return err
			}
			s, err := c.Status(cmd.Context())
			if err != nil {
				return err
			}
			a.sayN("unlocked", s.Clients)
			return nil
		},
	}
}

func (a *app) lockCommand() *cobra.Command {
	return &cobra.Command{
		Use: "lock", Short: "help-lock", Args: args(0, 0), Annotations: map[string]string{anyConfig: "yes"},
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := a.unlocked(cmd.Context())
			if err == nil {
				err = c.Lock(cmd.Context())
			}
			if err != nil && !isLocked(err) {
				return err
			}
			a.say("locked")
			return nil
		},
	}
}
