package cli

import (
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"kapu/agent"
	"kapu/office"
	"kapu/qr"
)

type officeInviteOptions struct {
	agent.OfficeInvite      // with the name as the person wrote it
	device             bool // a further device of that member
	asJSON             bool
}

func (a *app) officeInviteCommand() *cobra.Command {
	var o officeInviteOptions
	var admin bool
	cmd := &cobra.Command{
		Use: "invite NAME", Short: "help-office-invite", Long: "help-office-invite-long", Args: args(1, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if o.Name = args[0]; admin {
				o.Role = office.Admin
			}
			return a.runOfficeInvite(cmd.Context(), o)
		},
	}
	f := cmd.Flags()
	f.BoolVar(&admin, "admin", false, "flag-office-admin")
	f.BoolVar(&o.device, "device", false, "flag-office-device")
	f.IntVar(&o.Days, "days", 7, "flag-office-days")
	f.BoolVar(&o.Auto, "auto", false, "flag-office-auto")
	f.StringVar(&o.EMail, "email", "", "flag-office-email")
	jsonFlag(cmd, &o.asJSON)
	exclusive(cmd, "device", "admin")
	exclusive(cmd, "device", "email")
	return cmd
}

func (a *app) runOfficeInvite(ctx context.Context, o officeInviteOptions) error {
	c, v, err := a.inOffice(ctx)
	if err != nil {
		return err
	}
	r := o.OfficeInvite
	if o.device {
		m, err := findMember(v, o.Name)
		if err != nil {
			return err
		}
		r.Member, r.Name = m.ID, m.Name
	}
	i, err := c.OfficeInvite(ctx, r)
	switch {
	case err != nil:
		return err
	case o.asJSON:
		return a.printJSON(i)
	}
	fmt.Fprintln(a.out, i.Text)
	a.drawInvitation(i.Text)
	fmt.Fprintln(a.err, a.texts.T("office-invited", "Name", i.Name, "Until", localTime(i.Until)))
	return nil
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
