package panel

import (
	"context"

	"kapu/agent"
	"kapu/office"
)

// clientsPage is the table of all clients.
var clientsPage = page{path: "/", title: "page-clients", html: "clients.html", routes: clientRoutes}

func clientRoutes(r *routes, c *agent.Conn) {
	api(r, "clients", func(ctx context.Context, _ struct{}) ([]clientRow, error) {
		clients, err := c.List(ctx, "", "")
		rows := make([]clientRow, len(clients))
		accounts := map[string]int{}
		for i := range clients {
			account, known := accounts[clients[i].Account]
			if !known {
				account = len(accounts) + 1
				accounts[clients[i].Account] = account
			}
			rows[i] = newClientRow(&clients[i], account)
		}
		return rows, err
	})
	api(r, "edit", c.Edit)
	api(r, "edit-many", c.EditMany)
	api(r, "remove", func(ctx context.Context, ids []string) (agent.Done, error) { return c.Remove(ctx, ids...) })
	api(r, "merge", c.Merge)
	api(r, "plan-removal", func(ctx context.Context, ids []string) (agent.Removal, error) { return c.PlanRemoval(ctx, ids...) })
	undoRoutes(r, c)
	detailRoutes(r, c)
	api(r, "code", func(ctx context.Context, id string) (shownCode, error) {
		code, err := c.Code(ctx, id, false)
		return shownCode{code.Code, millis(code.From), millis(code.Until)}, err
	})
	columnRoutes(r, c)
	copyRoute(r, c)
}

// clientRow is a client as a list shows it, a data transfer object (ClientRow in static/types.d.ts).
type clientRow struct {
	ID            string       `json:"id"`
	Name          string       `json:"name"`
	Beside        string       `json:"beside,omitempty"`
	Duplicate     string       `json:"duplicate,omitempty"`
	TaxNumber     string       `json:"tax_number"`
	Folder        string       `json:"folder"`
	UserName      string       `json:"user_name"`
	Service       string       `json:"service"`
	MandateUntil  string       `json:"mandate_until"`
	PasswordUntil string       `json:"password_until"`
	Favourite     bool         `json:"favourite"`
	Used          int64        `json:"used"` // seconds since 1970; 0 is never
	Right         office.Right `json:"right,omitempty"`
	Account       int          `json:"account,omitempty"` // from 1 on; clients of one account share it
}

// newClientRow makes it; only of what is the office's it has a right and an account.
func newClientRow(c *agent.Client, account int) clientRow {
	row := clientRow{
		ID: c.ID, Name: c.Name, Beside: c.Beside, Duplicate: c.Duplicate, TaxNumber: c.TaxNumber, Folder: c.Folder,
		UserName: c.UserName, Service: c.Service,
		MandateUntil: c.MandateUntil, PasswordUntil: c.PasswordUntil, Favourite: c.Favourite, Used: seconds(c.LastUsed),
	}
	if c.Right != "" {
		row.Right, row.Account = c.Right, account
	}
	return row
}
