package cli

import (
	"github.com/spf13/cobra"

	"kapu/agent"
	"kapu/config"
	"kapu/keeper"
	"kapu/panel"
)

// agentCommand is how the program starts its own agent; agent.Start calls it.
func (a *app) agentCommand() *cobra.Command {
	var opts agent.StartOptions
	cmd := &cobra.Command{
		Use: agent.Command, Hidden: true, Args: args(0, 0),
		RunE: func(*cobra.Command, []string) error {
			return keeper.Run(a.paths, a.cfg, opts, func(c *agent.Conn, p config.Paths) keeper.Page { return panel.New(c, p) })
		},
	}
	cmd.Flags().BoolVar(&opts.Create, agent.FlagCreate, false, "")
	cmd.Flags().BoolVar(&opts.Lifeline, agent.FlagLifeline, false, "")
	cmd.Flags().BoolVar(&opts.List, agent.FlagList, false, "")
	cmd.Flags().BoolVar(&opts.Handover, agent.FlagHandover, false, "")
	cmd.Flags().StringVar(&opts.Method, agent.FlagMethod, "", "")
	cmd.Flags().StringVar(&opts.Restore, agent.FlagRestore, "", "")
	return cmd
}
