package cli

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"kapu/agent"
)

func (a *app) officeRightsCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use: "rights [MEMBER]", Short: "help-office-rights", Args: args(0, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.runOfficeRights(cmd.Context(), optional(args), asJSON)
		},
	}
	jsonFlag(cmd, &asJSON)
	return cmd
}

// runOfficeRights lists the grants of a member, or of all if there is no name.
func (a *app) runOfficeRights(ctx context.Context, name string, asJSON bool) error {
	return a.readOffice(ctx, asJSON, func(_ *agent.Conn, v agent.OfficeView) (any, [][]string, error) {
		var only string
		if name != "" {
			m, err := findMember(v, name)
			if err != nil {
				return nil, nil, err
			}
			only = m.ID
		}
		grants, rows := []agent.OfficeGrant{}, [][]string{}
		for _, g := range v.Grants {
			if only == "" || g.Member == only {
				grants = append(grants, g)
				rows = append(rows, []string{g.Name, a.texts.T("office-right-of-" + string(g.Right)), a.granted(g), span(g.Days())})
			}
		}
		return grants, rows, nil
	})
}

// granted says what a grant is about.
func (a *app) granted(g agent.OfficeGrant) string {
	switch {
	case g.Folder != "":
		return a.texts.T("office-whole-folder", "Folder", g.Folder)
	case g.Names == nil:
		return a.texts.T("office-everything")
	case len(g.Names) == 0:
		return a.texts.T("office-unseen")
	}
	return strings.Join(g.Names, ", ")
}

// span is from which day to which, the last included.
func span(d agent.OfficeDays) string {
	if d == (agent.OfficeDays{}) {
		return ""
	}
	return d.From + " – " + d.Until
}
