package cli

import (
	"context"
	"fmt"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"kapu/agent"
	"kapu/lang"
	"kapu/office"
)

// reach is what a grant is about: clients, folders, or everything.
type reach struct {
	clients, folders []string
	all              bool
}

func (r *reach) flags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringArrayVar(&r.clients, "client", nil, "flag-office-client")
	f.StringArrayVar(&r.folders, "folder", nil, "flag-office-folder")
	f.BoolVar(&r.all, "all", false, "flag-office-all")
}

// check wants either everything or something.
func (r *reach) check(cmd *cobra.Command) error {
	if r.all == (len(r.clients)+len(r.folders) > 0) {
		return usageError{lang.E("office-reach", "Usage", cmd.UseLine())}
	}
	return nil
}

// officeGrantCommand delegates clients.
func (a *app) officeGrantCommand() *cobra.Command {
	var to reach
	var right, from, until string
	cmd := &cobra.Command{
		Use: "grant MEMBER", Short: "help-office-grant", Long: "help-office-grant-long", Args: args(1, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := to.check(cmd); err != nil {
				return err
			}
			g := agent.OfficeGrant{Right: office.Right(right)}
			if g.Right != office.Use && g.Right != office.Edit && g.Right != office.Codes {
				return usageError{lang.E("office-right-wrong", "Value", right)}
			}
			var err error
			if g.From, err = day(from, 0); err != nil {
				return usageError{err}
			}
			if g.Until, err = day(until, 1); err != nil {
				return usageError{err}
			}
			c, v, err := a.inOffice(cmd.Context())
			if err != nil {
				return err
			}
			m, err := member(v, args[0])
			if err != nil {
				return err
			}
			g.Member = m.ID
			grants, err := a.grants(cmd.Context(), c, g, to)
			if err != nil {
				return err
			}
			if err := c.OfficeGrant(cmd.Context(), grants...); err != nil {
				return err
			}
			if err := a.carryOut(cmd.Context(), c); err != nil {
				return err
			}
			a.say("office-granted", "Name", m.Name, "Right", a.texts.T("office-right-of-"+right))
			return nil
		},
	}
	to.flags(cmd)
	f := cmd.Flags()
	f.StringVar(&right, "right", string(office.Use), "flag-office-right")
	f.StringVar(&from, "from", "", "flag-office-from")
	f.StringVar(&until, "until", "", "flag-office-until")
	return cmd
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
func (a *app) grants(ctx context.Context, c *agent.Conn, g agent.OfficeGrant, to reach) ([]agent.OfficeGrant, error) {
	if to.all {
		return []agent.OfficeGrant{g}, nil
	}
	var list []agent.OfficeGrant
	for _, query := range to.clients {
		_, client, err := a.oneClient(ctx, query)
		if err != nil {
			return nil, err
		}
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

func (a *app) officeRevokeCommand() *cobra.Command {
	var of reach
	cmd := &cobra.Command{
		Use: "revoke MEMBER", Short: "help-office-revoke", Long: "help-office-revoke-long", Args: args(1, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := of.check(cmd); err != nil {
				return err
			}
			c, v, err := a.inOffice(cmd.Context())
			if err != nil {
				return err
			}
			m, err := member(v, args[0])
			if err != nil {
				return err
			}
			accounts := map[string]bool{}
			for _, query := range of.clients {
				_, client, err := a.oneClient(cmd.Context(), query)
				if err != nil {
					return err
				}
				accounts[client.Account] = true
			}
			folders := map[string]bool{}
			for _, f := range of.folders {
				folders[lang.Fold(f)] = true
			}
			accountOf, err := accountsOf(cmd.Context(), c)
			if err != nil {
				return err
			}
			var ids []string
			for _, g := range v.Grants {
				if g.Member == m.ID && (of.all || accounts[accountOf[g.Client]] || g.Folder != "" && folders[lang.Fold(g.Folder)]) {
					ids = append(ids, g.ID)
				}
			}
			if len(ids) == 0 {
				return lang.E("office-grant-unknown").Kind(agent.ErrNotFound)
			}
			if err := c.OfficeRevoke(cmd.Context(), ids...); err != nil {
				return err
			}
			if err := a.carryOut(cmd.Context(), c); err != nil {
				return err
			}
			a.sayN("office-revoked", len(ids), "Name", m.Name)
			a.remindWork(cmd.Context(), c)
			return nil
		},
	}
	of.flags(cmd)
	return cmd
}

// accountsOf are the accounts of all clients.
func accountsOf(ctx context.Context, c *agent.Conn) (map[string]string, error) {
	clients, err := c.List(ctx, "", "")
	accounts := make(map[string]string, len(clients))
	for _, client := range clients {
		accounts[client.ID] = client.Account
	}
	return accounts, err
}

func (a *app) officeRightsCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use: "rights [MEMBER]", Short: "help-office-rights", Args: args(0, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			_, v, err := a.inOffice(cmd.Context())
			if err != nil {
				return err
			}
			grants := v.Grants
			if len(args) == 1 {
				m, err := member(v, args[0])
				if err != nil {
					return err
				}
				grants = nil
				for _, g := range v.Grants {
					if g.Member == m.ID {
						grants = append(grants, g)
					}
				}
			}
			if asJSON {
				return a.printJSON(nonNil(grants))
			}
			t := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
			for _, g := range grants {
				fmt.Fprintf(t, "%s\t%s\t%s\t%s\n", g.Name, a.texts.T("office-right-of-"+string(g.Right)), a.granted(g), span(g))
			}
			return t.Flush()
		},
	}
	jsonFlag(cmd, &asJSON)
	return cmd
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
	text := g.Names[0]
	for _, name := range g.Names[1:] {
		text += ", " + name
	}
	return text
}

// span is from which day to which, the last included.
func span(g agent.OfficeGrant) string {
	text := ""
	if !g.From.IsZero() {
		text = g.From.In(office.Budapest).Format(time.DateOnly)
	}
	if !g.From.IsZero() || !g.Until.IsZero() {
		text += " – "
	}
	if !g.Until.IsZero() {
		text += g.Until.Add(-time.Second).In(office.Budapest).Format(time.DateOnly)
	}
	return text
}

func (a *app) officeShareCommand() *cobra.Command {
	return &cobra.Command{
		Use: "share CLIENT...", Short: "help-office-share", Long: "help-office-share-long", Args: args(1, 1000), ValidArgsFunction: a.completeClients,
		RunE: func(cmd *cobra.Command, args []string) error {
			c, _, err := a.inOffice(cmd.Context())
			if err != nil {
				return err
			}
			var ids []string
			for _, query := range args {
				_, client, err := a.oneClient(cmd.Context(), query)
				if err != nil {
					return err
				}
				ids = append(ids, client.ID)
			}
			if err := c.OfficeShare(cmd.Context(), ids...); err != nil {
				return err
			}
			if err := a.carryOut(cmd.Context(), c); err != nil {
				return err
			}
			a.sayN("office-shared", len(ids))
			return nil
		},
	}
}
