package cli

import (
	"context"
	"slices"

	"github.com/spf13/cobra"

	"kapu/agent"
	"kapu/lang"
)

func (a *app) officeRevokeCommand() *cobra.Command {
	var of scope
	cmd := &cobra.Command{
		Use: "revoke MEMBER", Short: "help-office-revoke", Long: "help-office-revoke-long", Args: args(1, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := of.check(cmd); err != nil {
				return err
			}
			return a.runOfficeRevoke(cmd.Context(), args[0], of)
		},
	}
	of.flags(cmd)
	return cmd
}

func (a *app) runOfficeRevoke(ctx context.Context, name string, of scope) error {
	return a.changeOffice(ctx, func(c *agent.Conn, v agent.OfficeView) (func(), error) {
		m, err := findMember(v, name)
		if err != nil {
			return nil, err
		}
		r := agent.OfficeAssignment{Members: []string{m.ID}, AnyScope: of.all}
		r.Folders = asGranted(v, m.ID, of.folders)
		if r.Clients, _, err = a.findClients(ctx, of.clients); err != nil {
			return nil, err
		}
		done, err := c.OfficeSetRights(ctx, r)
		if err == nil && done.Ended == 0 {
			err = lang.E("office-grant-unknown").Kind(agent.ErrNotFound)
		}
		return func() {
			a.sayN("office-revoked", done.Ended, "Name", m.Name)
			a.remindWork(ctx, c)
		}, err
	})
}

// asGranted are folders as they are written in the rights of a member, which may be in several ways, for on the command
// line case and accents do not count.
func asGranted(v agent.OfficeView, member string, folders []string) []string {
	granted := slices.Clone(folders)
	for _, g := range v.Grants {
		same := func(folder string) bool { return lang.Fold(folder) == lang.Fold(g.Folder) }
		if g.Member == member && g.Folder != "" && slices.ContainsFunc(folders, same) {
			granted = append(granted, g.Folder)
		}
	}
	return granted
}
