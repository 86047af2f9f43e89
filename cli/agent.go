package cli

import (
	"os"

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

// sweepCommand is how an agent starts the process that clears the clipboard after it.
func (a *app) sweepCommand() *cobra.Command {
	return &cobra.Command{
		Use: keeper.SweeperCommand, Hidden: true, Args: args(0, 0), Annotations: map[string]string{anyConfig: "yes"},
		RunE: func(cmd *cobra.Command, _ []string) error {
			return keeper.RunSweeper(cmd.Context(), a.paths, os.Stdin, os.Stdout)
		},
	}
}
