package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"
)

// undoCommand reverts the last import, removal or change.
func (a *app) undoCommand() *cobra.Command {
	var list, asJSON bool
	cmd := &cobra.Command{
		Use: "undo", Short: "help-undo", Long: "help-undo-long", Args: args(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if list {
				return a.runUndoList(cmd.Context(), asJSON)
			}
			return a.runUndo(cmd.Context(), asJSON)
		},
	}
	cmd.Flags().BoolVar(&list, "list", false, "flag-list-undo")
	jsonFlag(cmd, &asJSON)
	return cmd
}

func (a *app) runUndo(ctx context.Context, asJSON bool) error {
	c, err := a.unlocked(ctx)
	if err != nil {
		return err
	}
	undone, err := c.Undo(ctx, "")
	if err != nil {
		return err
	}
	if asJSON {
		return a.printJSON(undone)
	}
	fmt.Fprintln(a.out, undone.Said(a.texts))
	return nil
}

// runUndoList lists what can be reverted, newest first.
func (a *app) runUndoList(ctx context.Context, asJSON bool) error {
	c, err := a.unlocked(ctx)
	if err != nil {
		return err
	}
	undos, err := c.Undos(ctx)
	if err != nil {
		return err
	}
	if asJSON {
		return a.printJSON(undos)
	}
	for _, u := range undos {
		fmt.Fprintf(a.out, "%s  %s\n", localTime(u.At), u.Deed(a.texts))
	}
	return nil
}
