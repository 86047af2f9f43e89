package cli

import (
	"context"
	"strings"
	"unicode"

	"github.com/spf13/cobra"

	"kapu/agent"
	"kapu/lang"
	"kapu/office"
)

func (a *app) officeVerifyCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use: "verify [MACHINE [NUMBER]]", Short: "help-office-verify", Long: "help-office-verify-long", Args: args(0, 7),
		RunE: func(cmd *cobra.Command, args []string) error {
			machine, number := "", ""
			if len(args) > 0 {
				machine, number = args[0], strings.Join(args[1:], " ")
			}
			return a.runOfficeVerify(cmd.Context(), machine, number, asJSON)
		},
	}
	jsonFlag(cmd, &asJSON)
	return cmd
}

// runOfficeVerify shows the safety numbers of this machine with the others, or compares the one with a machine with
// what its person reads out.
func (a *app) runOfficeVerify(ctx context.Context, machine, number string, asJSON bool) error {
	if number != "" {
		return a.compareNumber(ctx, machine, number)
	}
	shown := false
	err := a.readOffice(ctx, asJSON, func(_ *agent.Conn, v agent.OfficeView) (any, [][]string, error) {
		list := []device{}
		for _, d := range devicesOf(v) {
			if !d.This {
				list = append(list, d)
			}
		}
		if machine != "" {
			d, err := findOther(v, machine)
			if err != nil {
				return nil, nil, err
			}
			list = []device{d}
		}
		shown = len(list) > 0
		var rows [][]string
		for _, d := range list {
			rows = append(rows, []string{d.Member, d.Name, d.Number})
		}
		return list, rows, nil
	})
	switch {
	case err != nil || asJSON:
	case shown:
		a.say("office-verify-how")
	default:
		a.say("office-verify-none")
	}
	return err
}

func (a *app) compareNumber(ctx context.Context, machine, number string) error {
	_, v, err := a.inOffice(ctx)
	if err != nil {
		return err
	}
	d, err := findOther(v, machine)
	if err != nil {
		return err
	}
	told := digitsOf(number)
	if len(told) != len(digitsOf(d.Number)) {
		return usageError{lang.E("office-verify-digits", "Count", len(digitsOf(d.Number)))}
	}
	if told != digitsOf(d.Number) {
		return lang.E("office-verify-differ", "Name", d.Member, "Machine", d.Name, "ShellMachine", lang.Shell(d.Name))
	}
	a.say("office-verify-same", "Name", d.Member, "Machine", d.Name)
	return nil
}

// findOther is the machine that a text means, by id, name, or the name of its member; this one is none.
func findOther(v agent.OfficeView, text string) (device, error) {
	var found []device
	self := false
	for _, d := range devicesOf(v) {
		switch {
		case d.ID != text && lang.Fold(d.Name) != lang.Fold(text) && lang.Fold(d.Member) != lang.Fold(text):
		case d.This:
			self = true
		default:
			found = append(found, d)
		}
	}
	switch {
	case len(found) == 1:
		return found[0], nil
	case len(found) > 1:
		return device{}, lang.E("office-device-ambiguous", "Name", text).Kind(agent.ErrAmbiguous)
	case self:
		return device{}, lang.E("office-verify-self").Kind(office.ErrInvalid)
	}
	return device{}, lang.E("office-device-unknown").Kind(agent.ErrNotFound)
}

// digitsOf are the digits of a number, however it was written.
func digitsOf(number string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) {
			return r
		}
		return -1
	}, number)
}
