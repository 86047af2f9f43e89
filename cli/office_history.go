package cli

import (
	"context"

	"github.com/spf13/cobra"

	"kapu/agent"
)

func (a *app) officeHistoryCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use: "history CLIENT", Short: "help-office-history", Long: "help-office-history-long", Args: args(1, 1),
		ValidArgsFunction: a.completeClients,
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.runOfficeHistory(cmd.Context(), args[0], asJSON)
		},
	}
	jsonFlag(cmd, &asJSON)
	return cmd
}

// runOfficeHistory lists who gave which field of a client which value, and what was lost to a concurrent change.
func (a *app) runOfficeHistory(ctx context.Context, query string, asJSON bool) error {
	return a.readOffice(ctx, asJSON, func(_ *agent.Conn, _ agent.OfficeView) (any, [][]string, error) {
		c, client, err := a.oneClient(ctx, query)
		if err != nil {
			return nil, nil, err
		}
		list, err := c.OfficeHistory(ctx, client.ID)
		var rows [][]string
		for _, h := range list {
			field := h.Client
			if field != "" {
				field += ", "
			}
			value, lost := h.Value, ""
			if h.Field == "mandate_until" {
				value = a.mandate(value)
			}
			if h.Lost {
				lost = a.texts.T("office-lost")
			}
			rows = append(rows, []string{
				localTime(h.At), h.Member + ", " + h.Device, field + a.fieldName(h.Field), value, lost,
			})
		}
		return list, rows, err
	})
}

// fieldName is what a field of a record is called.
func (a *app) fieldName(field string) string {
	id, ok := map[string]string{
		"name": "field-name", "tax_number": "field-tax-number", "folder": "field-folder", "service": "field-service",
		"user_name": "field-user-name", "mandate_until": "field-mandate-until", "password_until": "field-password-until",
		"key": "field-key", "counter": "field-counter", "gone": "field-gone",
	}[field]
	if !ok {
		return field // of a newer program
	}
	return a.texts.T(id)
}
