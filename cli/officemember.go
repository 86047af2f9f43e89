package cli

import (
	"context"
	"fmt"
	"os"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"kapu/agent"
	"kapu/lang"
	"kapu/office"
	"kapu/qr"
)

func (a *app) officeInviteCommand() *cobra.Command {
	var r agent.OfficeInvite
	var admin, device, asJSON bool
	cmd := &cobra.Command{
		Use: "invite NAME", Short: "help-office-invite", Long: "help-office-invite-long", Args: args(1, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			c, v, err := a.inOffice(cmd.Context())
			if err != nil {
				return err
			}
			r.Name = args[0]
			if device {
				m, err := member(v, args[0])
				if err != nil {
					return err
				}
				r.Member, r.Name = m.ID, m.Name
			}
			if admin {
				r.Role = office.Admin
			}
			if r.Current, err = a.askCurrent(cmd.Context(), c); err != nil {
				return err
			}
			i, err := c.OfficeInvite(cmd.Context(), r)
			switch {
			case err != nil:
				return err
			case asJSON:
				return a.printJSON(i)
			}
			fmt.Fprintln(a.out, i.Text)
			a.drawInvitation(i.Text)
			fmt.Fprintln(a.err, a.texts.T("office-invited", "Name", i.Name, "Until", localTime(i.Until)))
			return nil
		},
	}
	f := cmd.Flags()
	f.BoolVar(&admin, "admin", false, "flag-office-admin")
	f.BoolVar(&device, "device", false, "flag-office-device")
	f.IntVar(&r.Days, "days", 7, "flag-office-days")
	f.BoolVar(&r.Auto, "auto", false, "flag-office-auto")
	f.StringVar(&r.EMail, "email", "", "flag-office-email")
	jsonFlag(cmd, &asJSON)
	cmd.MarkFlagsMutuallyExclusive("device", "admin")
	cmd.MarkFlagsMutuallyExclusive("device", "email")
	return cmd
}

// drawInvitation shows the invitation as a QR code too, on a terminal that has room for it.
func (a *app) drawInvitation(text string) {
	code, err := qr.MakeSmall(text)
	if err != nil || !isTerminal(a.out) {
		return
	}
	picture := code.Terminal()
	width, height, err := term.GetSize(int(a.out.(*os.File).Fd()))
	if err == nil && width >= code.Size+2*qr.Quiet && height >= strings.Count(picture, "\n") {
		showColours()
		fmt.Fprint(a.out, picture)
	}
}

func (a *app) officeApproveCommand() *cobra.Command {
	var yes bool
	cmd := &cobra.Command{
		Use: "approve [NAME]", Short: "help-office-approve", Long: "help-office-approve-long", Args: args(0, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			c, r, err := a.request(cmd.Context(), first(args))
			if err != nil {
				return err
			}
			a.say("office-asks", "Name", r.Name, "Machine", r.Machine, "Words", r.Words, "Time", localTime(r.At))
			if !yes && !a.confirm("ask-office-words") {
				a.say("office-not-approved")
				return nil
			}
			if err := c.OfficeApprove(cmd.Context(), r.Device); err != nil {
				return err
			}
			if err := a.carryOut(cmd.Context(), c); err != nil {
				return err
			}
			a.say("office-approved", "Name", r.Name, "Machine", r.Machine)
			return nil
		},
	}
	cmd.Flags().BoolVarP(&yes, "yes", "y", false, "flag-office-words")
	return cmd
}

func (a *app) officeRefuseCommand() *cobra.Command {
	return &cobra.Command{
		Use: "refuse [NAME]", Short: "help-office-refuse", Args: args(0, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			c, r, err := a.request(cmd.Context(), first(args))
			if err == nil {
				err = c.OfficeRefuse(cmd.Context(), r.Device)
			}
			if err != nil {
				return err
			}
			a.say("office-refused", "Name", r.Name, "Machine", r.Machine)
			return nil
		},
	}
}

// request finds the machine that waits to be let in and that the person means: the only one, or that of a name.
func (a *app) request(ctx context.Context, name string) (*agent.Conn, agent.OfficeRequest, error) {
	none := agent.OfficeRequest{}
	c, _, err := a.inOffice(ctx)
	if err != nil {
		return nil, none, err
	}
	done := a.busy("office-syncing")
	_, err = c.OfficeSync(ctx)
	done()
	if err != nil {
		return nil, none, err
	}
	v, err := c.OfficeView(ctx)
	if err != nil {
		return nil, none, err
	}
	if !v.Admin {
		return nil, none, lang.E("office-not-admin").Kind(office.ErrNotAdmin)
	}
	var found []agent.OfficeRequest
	for _, r := range v.Asking {
		if r.Device == name || strings.Contains(lang.Fold(r.Name+" "+r.Machine), lang.Fold(name)) {
			found = append(found, r)
		}
	}
	switch len(found) {
	case 0:
		return nil, none, lang.E("office-nobody-asks").Kind(agent.ErrNotFound)
	case 1:
		return c, found[0], nil
	}
	t := tabwriter.NewWriter(a.err, 0, 0, 2, ' ', 0)
	for _, r := range found {
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\n", r.Name, r.Machine, r.Words, r.Device)
	}
	_ = t.Flush()
	return nil, none, lang.E("office-several-ask").Kind(agent.ErrAmbiguous)
}

func (a *app) officeWithdrawCommand() *cobra.Command {
	return &cobra.Command{
		Use: "withdraw NAME", Short: "help-office-withdraw", Args: args(1, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			c, v, err := a.inOffice(cmd.Context())
			if err != nil {
				return err
			}
			n := 0
			for _, i := range v.Invites {
				if i.ID == args[0] || lang.Fold(i.Name) == lang.Fold(args[0]) {
					if err := c.OfficeWithdraw(cmd.Context(), i.ID); err != nil {
						return err
					}
					n++
				}
			}
			if n == 0 {
				return lang.E("office-no-invite", "Name", args[0]).Kind(agent.ErrNotFound)
			}
			a.say("office-withdrawn", "Name", args[0])
			return nil
		},
	}
}

func (a *app) officeMembersCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use: "members", Short: "help-office-members", Args: args(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, v, err := a.inOffice(cmd.Context())
			if err != nil {
				return err
			}
			if asJSON {
				return a.printJSON(nonNil(v.Members))
			}
			t := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
			for _, m := range v.Members {
				fmt.Fprintf(t, "%s\t%s\t%s\t%s\n", m.Name, a.texts.T("office-role-"+string(m.Role)), a.texts.N("office-machines", len(m.Devices)), m.EMail)
			}
			return t.Flush()
		},
	}
	jsonFlag(cmd, &asJSON)
	return cmd
}

// machine is a device with its member, as a list shows it.
type machine struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Member string `json:"member"`
	Seen   string `json:"seen,omitempty"` // day; admins know it
	This   bool   `json:"this"`
}

func (a *app) officeDevicesCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use: "devices", Short: "help-office-devices", Args: args(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, v, err := a.inOffice(cmd.Context())
			if err != nil {
				return err
			}
			list := machines(v)
			if v.Admin {
				seen, err := c.OfficeSeen(cmd.Context())
				if err != nil {
					return err
				}
				for i := range list {
					if at, ok := seen[list[i].ID]; ok {
						list[i].Seen = at.Local().Format("2006-01-02")
					}
				}
			}
			if asJSON {
				return a.printJSON(list)
			}
			t := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
			for _, m := range list {
				mark := ""
				if m.This {
					mark = a.texts.T("office-this-machine")
				}
				fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\n", m.Member, m.Name, m.Seen, m.ID, mark)
			}
			return t.Flush()
		},
	}
	jsonFlag(cmd, &asJSON)
	return cmd
}

func machines(v agent.OfficeView) []machine {
	list := []machine{}
	for _, m := range v.Members {
		for _, d := range m.Devices {
			list = append(list, machine{ID: d.ID, Name: d.Name, Member: m.Name, This: d.ID == v.Device})
		}
	}
	return list
}

// officeRemoveCommand takes a person out, or one machine of theirs.
func (a *app) officeRemoveCommand() *cobra.Command {
	var device, yes bool
	cmd := &cobra.Command{
		Use: "remove NAME", Short: "help-office-remove", Long: "help-office-remove-long", Args: args(1, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx := cmd.Context()
			c, v, err := a.inOffice(ctx)
			if err != nil {
				return err
			}
			var name string
			var remove func() error
			if device {
				m, err := theMachine(v, args[0])
				if err != nil {
					return err
				}
				name, remove = m.Member+", "+m.Name, func() error { return c.OfficeRemoveDevice(ctx, m.ID) }
			} else {
				m, err := member(v, args[0])
				if err != nil {
					return err
				}
				name, remove = m.Name, func() error { return c.OfficeRemoveMember(ctx, m.ID) }
			}
			if !yes && !a.confirm("ask-office-remove", "Name", name) {
				a.say("office-not-removed")
				return nil
			}
			if err := remove(); err != nil {
				return err
			}
			if err := a.carryOut(ctx, c); err != nil {
				return err
			}
			a.say("office-removed", "Name", name)
			a.remindWork(ctx, c)
			return nil
		},
	}
	cmd.Flags().BoolVar(&device, "device", false, "flag-office-one-device")
	cmd.Flags().BoolVarP(&yes, "yes", "y", false, "flag-yes")
	return cmd
}

// remindWork says how many keys are known to who should not know them.
func (a *app) remindWork(ctx context.Context, c *agent.Conn) {
	if todo, err := c.OfficeWorklist(ctx); err == nil && len(todo) > 0 {
		fmt.Fprintln(a.err, a.texts.N("office-work", len(todo)))
	}
}

func (a *app) officeRoleCommand() *cobra.Command {
	return &cobra.Command{
		Use: "role NAME admin|staff", Short: "help-office-role", Args: args(2, 2), ValidArgs: []string{"admin", "staff"},
		RunE: func(cmd *cobra.Command, args []string) error {
			c, v, err := a.inOffice(cmd.Context())
			if err != nil {
				return err
			}
			m, err := member(v, args[0])
			if err != nil {
				return err
			}
			role, current := office.Role(args[1]), ""
			switch role {
			case office.Admin:
				if current, err = a.askCurrent(cmd.Context(), c); err != nil {
					return err
				}
			case office.Staff:
			default:
				return usageError{lang.E("usage-args", "Usage", cmd.UseLine())}
			}
			if err := c.OfficeSetRole(cmd.Context(), m.ID, role, current); err != nil {
				return err
			}
			a.say("office-role-set", "Name", m.Name, "Role", a.texts.T("office-role-"+args[1]))
			if role == office.Staff { // what they were granted before they became an admin is not remembered
				fmt.Fprintln(a.err, a.texts.T("office-role-no-rights", "Name", m.Name))
			}
			return a.carryOut(cmd.Context(), c)
		},
	}
}

// member finds the one member that a text means: by id, by the whole name, or by a part that no other has.
func member(v agent.OfficeView, text string) (agent.OfficeMember, error) {
	var found []agent.OfficeMember
	for _, m := range v.Members {
		switch {
		case m.ID == text, lang.Fold(m.Name) == lang.Fold(text):
			return m, nil
		case strings.Contains(lang.Fold(m.Name), lang.Fold(text)):
			found = append(found, m)
		}
	}
	if len(found) == 1 {
		return found[0], nil
	}
	if len(found) > 1 {
		return agent.OfficeMember{}, lang.E("office-member-ambiguous", "Name", text).Kind(agent.ErrAmbiguous)
	}
	return agent.OfficeMember{}, lang.E("office-member-unknown", "Name", text).Kind(agent.ErrNotFound)
}

// theMachine finds one by its id or its name.
func theMachine(v agent.OfficeView, text string) (machine, error) {
	var found []machine
	for _, m := range machines(v) {
		if m.ID == text || lang.Fold(m.Name) == lang.Fold(text) {
			found = append(found, m)
		}
	}
	switch len(found) {
	case 0:
		return machine{}, lang.E("office-device-unknown").Kind(agent.ErrNotFound)
	case 1:
		return found[0], nil
	}
	return machine{}, lang.E("office-device-ambiguous", "Name", text).Kind(agent.ErrAmbiguous)
}

// nonNil is a list that JSON writes as one.
func nonNil[T any](list []T) []T { return append([]T{}, list...) }
