package cli

import "github.com/spf13/cobra"

// officeCommand is the parent of the commands that share accounts: office_NAME.go each, on the frame in officeframe.go.
func (a *app) officeCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "office", Short: "help-office", Long: "help-office-long", Args: a.noCommand,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(
		a.officeCreateCommand(), a.officeJoinCommand(), a.officeRecoverCommand(), a.officeLeaveCommand(),
		a.officeInviteCommand(), a.officeApproveCommand(), a.officeRefuseCommand(), a.officeWithdrawCommand(),
		a.officeMembersCommand(), a.officeDevicesCommand(), a.officeRemoveCommand(), a.officeRoleCommand(),
		a.officeGrantCommand(), a.officeRevokeCommand(), a.officeRightsCommand(), a.officeShareCommand(),
		a.officeVerifyCommand(), a.officeStatusCommand(), a.officeSyncCommand(), a.officeStoreCommand(), a.officeSettingsCommand(),
		a.officeHistoryCommand(), a.officeWorklistCommand(), a.officeJournalCommand(),
	)
	return cmd
}
