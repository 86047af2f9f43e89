package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"kapu/lang"
	"kapu/vault"
)

// recoveryKeyCommand shows the one thing that opens the vault without anything else.
func (a *app) recoveryKeyCommand() *cobra.Command {
	var print bool
	cmd := &cobra.Command{
		Use: "recovery-key", Short: "help-recovery-key", Long: "help-recovery-key-long", Args: args(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if !print && !isTerminal(a.out) {
				return lang.E("recovery-no-terminal")
			}
			c, err := a.unlocked(cmd.Context())
			if err != nil {
				return err
			}
			s, err := c.Status(cmd.Context())
			if err != nil {
				return err
			}
			if s.Method == vault.Keychain && !print && !a.confirm("ask-recovery") {
				a.say("recovery-not-shown")
				return nil
			}
			current, err := a.askCurrent(cmd.Context(), c)
			if err != nil {
				return err
			}
			key, err := c.RecoveryKey(cmd.Context(), current)
			if err != nil {
				return err
			}
			fmt.Fprintln(a.out, key)
			fmt.Fprintln(a.err, a.texts.T("recovery-keep"))
			return nil
		},
	}
	cmd.Flags().BoolVar(&print, "print", false, "flag-print")
	return cmd
}
