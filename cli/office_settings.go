package cli

import (
	"context"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"kapu/lang"
	"kapu/office"
)

type officeSettingsOptions struct {
	days   *int    // nil leaves them
	hours  *string // as "8-18"; nil leaves them
	away   *int    // nil leaves them
	asJSON bool
}

// officeSettingsCommand shows what an admin has set for all, or changes it.
func (a *app) officeSettingsCommand() *cobra.Command {
	var o officeSettingsOptions
	var days, away int
	cmd := &cobra.Command{
		Use: "settings", Short: "help-office-settings", Long: "help-office-settings-long", Args: args(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if cmd.Flags().Changed("days") {
				o.days = &days
			}
			if cmd.Flags().Changed("away-days") {
				o.away = &away
			}
			o.hours = given(cmd.Flags(), "hours")
			return a.runOfficeSettings(cmd.Context(), o)
		},
	}
	cmd.Flags().IntVar(&days, "days", 0, "flag-office-book-days")
	cmd.Flags().String("hours", "", "flag-office-hours")
	cmd.Flags().IntVar(&away, "away-days", 0, "flag-office-away-days")
	jsonFlag(cmd, &o.asJSON)
	return cmd
}

func (a *app) runOfficeSettings(ctx context.Context, o officeSettingsOptions) error {
	c, v, err := a.inOffice(ctx)
	if err != nil {
		return err
	}
	if v.Settings == nil {
		return lang.E("office-not-yet", "Words", v.Words, "Office", v.Name).Kind(office.ErrNotYet)
	}
	s, err := o.applyTo(*v.Settings)
	if err != nil {
		return usageError{err}
	}
	if s != *v.Settings {
		if err := c.OfficeConfigure(ctx, s); err != nil {
			return err
		}
		if err := a.carryOut(ctx, c); err != nil {
			return err
		}
	}
	if o.asJSON {
		return a.printJSON(s)
	}
	a.say("office-books", "Days", s.BookDays, "From", s.FromHour, "Until", s.UntilHour)
	if s.AwayDays == 0 {
		a.say("office-away-never")
		return nil
	}
	a.say("office-away-days", "Days", s.AwayDays)
	return nil
}

func (o officeSettingsOptions) applyTo(s office.Settings) (office.Settings, error) {
	if o.days != nil {
		s.BookDays = *o.days
	}
	if o.away != nil {
		s.AwayDays = *o.away
	}
	if o.hours != nil {
		from, until, ok := strings.Cut(*o.hours, "-")
		var err1, err2 error
		s.FromHour, err1 = strconv.Atoi(from)
		s.UntilHour, err2 = strconv.Atoi(until)
		if !ok || err1 != nil || err2 != nil {
			return s, lang.E("office-hours-wrong", "Value", *o.hours)
		}
	}
	return s, nil
}
