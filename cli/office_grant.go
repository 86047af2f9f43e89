package cli

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"kapu/agent"
	"kapu/lang"
	"kapu/office"
)

type officeGrantOptions struct {
	member             string
	scope              scope
	right, from, until string // the days as the person wrote them; until is the last
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
	return cmd
}

func (a *app) runOfficeGrant(ctx context.Context, o officeGrantOptions) error {
	g, err := o.grant()
	if err != nil {
		return usageError{err}
	}
	return a.changeOffice(ctx, func(c *agent.Conn, v agent.OfficeView) (func(), error) {
		m, err := findMember(v, o.member)
		if err != nil {
			return nil, err
		}
		g.Member = m.ID
		grants, err := a.grants(ctx, c, g, o.scope)
		if err != nil {
			return nil, err
		}
		return func() {
			a.say("office-granted", "Name", m.Name, "Right", a.texts.T("office-right-of-"+o.right))
		}, c.OfficeGrant(ctx, grants...)
	})
}

// grant is what is granted, without to whom and of what.
func (o officeGrantOptions) grant() (agent.OfficeGrant, error) {
	g := agent.OfficeGrant{Right: office.Right(o.right)}
	if g.Right != office.Use && g.Right != office.Edit && g.Right != office.Codes {
		return g, lang.E("office-right-wrong", "Value", o.right)
	}
	var err error
	if g.From, err = day(o.from, 0); err == nil {
		g.Until, err = day(o.until, 1)
	}
	return g, err
}

// day is the beginning of a day, or of that so many days later, by the clock that the office goes by; "" is none.
func day(text string, later int) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	d, err := time.ParseInLocation(time.DateOnly, text, office.Budapest)
	if err != nil {
		return d, lang.E("date-wrong", "Value", text)
	}
	return d.AddDate(0, 0, later), nil
}

// grants are one for each client and folder.
func (a *app) grants(ctx context.Context, c *agent.Conn, g agent.OfficeGrant, to scope) ([]agent.OfficeGrant, error) {
	if to.all {
		return []agent.OfficeGrant{g}, nil
	}
	clients, err := a.findClients(ctx, to.clients)
	if err != nil {
		return nil, err
	}
	var list []agent.OfficeGrant
	for _, client := range clients {
		one := g
		one.Client = client.ID
		list = append(list, one)
	}
	for _, folder := range to.folders {
		inside, err := c.List(ctx, "", folder)
		if err != nil {
			return nil, err
		}
		one := g
		if one.Folder = folder; len(inside) == 0 {
			fmt.Fprintln(a.err, a.texts.T("office-folder-empty", "Folder", folder))
		} else {
			one.Folder = inside[0].Folder // as it is written in the vault
		}
		list = append(list, one)
	}
	return list, nil
}
