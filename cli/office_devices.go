package cli

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"kapu/agent"
)

// device is a member's device as a list shows it.
type device struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Member string `json:"member"`
	Seen   string `json:"seen,omitempty"` // day; admins know it
	This   bool   `json:"this"`
	Number string `json:"number,omitempty"` // safety number with this one
	Away   string `json:"away,omitempty"`   // day of its last sign of life; it has to be approved again
}

func (a *app) officeDevicesCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use: "devices", Short: "help-office-devices", Args: args(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error { return a.runOfficeDevices(cmd.Context(), asJSON) },
	}
	jsonFlag(cmd, &asJSON)
	return cmd
}

func (a *app) runOfficeDevices(ctx context.Context, asJSON bool) error {
	return a.readOffice(ctx, asJSON, func(c *agent.Conn, v agent.OfficeView) (any, [][]string, error) {
		var seen map[string]time.Time
		if v.Admin {
			var err error
			if seen, err = c.OfficeSeen(ctx); err != nil {
				return nil, nil, err
			}
		}
		list := devicesOf(v)
		var rows [][]string
		for i, d := range list {
			if at, ok := seen[d.ID]; ok {
				list[i].Seen = at.Local().Format(time.DateOnly)
			}
			mark := ""
			switch {
			case d.This:
				mark = a.texts.T("office-this-machine")
			case d.Away != "":
				mark = a.texts.T("office-machine-away", "Day", d.Away)
			}
			rows = append(rows, []string{d.Member, d.Name, list[i].Seen, d.ID, mark})
		}
		return list, rows, nil
	})
}

func devicesOf(v agent.OfficeView) []device {
	list := []device{}
	for _, m := range v.Members {
		for _, d := range m.Devices {
			list = append(list, device{
				ID: d.ID, Name: d.Name, Member: m.Name, This: d.ID == v.Device, Number: d.Number, Away: d.Away,
			})
		}
	}
	return list
}
