package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"kapu/agent"
	"kapu/lang"
	"kapu/office"
)

type officeGrantOptions struct {
	member             string
	scope              scope
	right, from, until string // the days as the person wrote them; until is the last
	yes                bool
}

// officeGrantCommand grants a member a right to clients.
func (a *app) officeGrantCommand() *cobra.Command {
	var o officeGrantOptions
	cmd := &cobra.Command{
		Use: "grant MEMBER", Short: "help-office-grant", Long: "help-office-grant-long", Args: args(1, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := o.scope.check(cmd); err != nil {
				return err
			}
			o.member = args[0]
			return a.runOfficeGrant(cmd.Context(), o)
		},
	}
	o.scope.flags(cmd)
	f := cmd.Flags()
	f.StringVar(&o.right, "right", string(office.Use), "flag-office-right")
	f.StringVar(&o.from, "from", "", "flag-office-from")
	f.StringVar(&o.until, "until", "", "flag-office-until")
	f.BoolVarP(&o.yes, "yes", "y", false, "flag-yes")
	return cmd
}

func (a *app) runOfficeGrant(ctx context.Context, o officeGrantOptions) error {
	if !slices.Contains([]office.Right{office.Codes, office.Use, office.Edit}, office.Right(o.right)) {
		return usageError{lang.E("office-right-wrong", "Value", o.right)}
	}
	days := agent.OfficeDays{From: o.from, Until: o.until}
	if _, _, err := days.Span(); err != nil {
		return usageError{err}
	}
	return a.changeOffice(ctx, func(c *agent.Conn, v agent.OfficeView) (func(), error) {
		m, err := findMember(v, o.member)
		if err != nil {
			return nil, err
		}
		r := agent.OfficeAssignment{Members: []string{m.ID}, Right: office.Right(o.right), OfficeDays: days}
		r.All = o.scope.all
		var labels []string
		if r.Clients, labels, err = a.findClients(ctx, o.scope.clients); err != nil {
			return nil, err
		}
		if r.Folders, err = a.asFiled(ctx, c, o.scope.folders); err != nil {
			return nil, err
		}
		reach, err := c.OfficeReach(ctx, agent.OfficeProspect{OfficeAssignment: r})
		if err != nil {
			return nil, err
		}
		a.sayReach(m.Name, reach)
		if !o.yes && isTerminal(a.in) && !a.confirm("ask-office-grant", "Name", m.Name) {
			a.say("office-not-granted")
			return nil, nil
		}
		_, err = c.OfficeSetRights(ctx, r)
		return func() {
			right := a.texts.T("office-right-of-" + o.right)
			a.sayN("office-granted", reach.Clients, "Name", m.Name, "Right", right, "What", a.named(r.All, slices.Concat(r.Folders, labels)))
		}, err
	})
}

// named is a scope in words.
func (a *app) named(all bool, names []string) string {
	if all {
		return a.texts.T("office-everything")
	}
	return strings.Join(names, ", ")
}

// sayReach says what a right would come to, before it is given.
func (a *app) sayReach(member string, reach agent.OfficeReach) {
	if more := len(reach.More); more > 0 {
		names := strings.Join(reach.More, ", ")
		fmt.Fprintln(a.err, a.texts.T("office-reach-more", "N", reach.Clients, "More", more, "Clients", names))
	} else {
		fmt.Fprintln(a.err, a.texts.T("office-reach-all", "N", reach.Clients))
	}
	if reach.Keys != nil {
		fmt.Fprintln(a.err, a.texts.T("office-reach-keys", "Name", member, "Now", reach.Keys.Now, "Then", reach.Keys.Then))
	}
}

// asFiled are folders as they are written in the vault, for on the command line case and accents do not count.
func (a *app) asFiled(ctx context.Context, c *agent.Conn, folders []string) ([]string, error) {
	var filed []string
	for _, folder := range folders {
		inside, err := c.List(ctx, "", folder)
		if err != nil {
			return nil, err
		}
		if folder != "" && len(inside) > 0 {
			folder = inside[0].Folder
		} else {
			fmt.Fprintln(a.err, a.texts.T("office-folder-empty", "Folder", folder))
		}
		filed = append(filed, folder)
	}
	return filed, nil
}
