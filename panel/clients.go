package panel

import (
	"context"

	"kapu/agent"
)

// clientsPage is the table of all clients.
var clientsPage = page{path: "/", title: "page-clients", html: "clients.html", routes: clientRoutes}

func clientRoutes(r *routes, c *agent.Conn) {
	api(r, "clients", func(ctx context.Context, _ struct{}) ([]clientRow, error) {
		clients, err := c.List(ctx, "", "")
		rows := make([]clientRow, len(clients))
		accounts := map[string]int{}
		for i := range clients {
			account := len(accounts)
			if known, ok := accounts[clients[i].Account]; ok {
				account = known
			}
			accounts[clients[i].Account] = account
			rows[i] = newClientRow(&clients[i], account)
		}
		return rows, err
	})
	api(r, "edit", c.Edit)
	api(r, "edit-many", c.EditMany)
	api(r, "remove", func(ctx context.Context, ids []string) (agent.Done, error) { return c.Remove(ctx, ids...) })
	api(r, "undo", c.Undo)
	api(r, "code", func(ctx context.Context, id string) (shownCode, error) {
		code, err := c.Code(ctx, id, false)
		return shownCode{code.Code, millis(code.From), millis(code.Until)}, err
	})
	api(r, "details", c.Details)
	copyRoute(r, c)
}

// clientRow is a client in as few bytes as will do, in the order that static/list.js knows.
type clientRow []any

// newClientRow makes it; of what is the office's it has the right and a number that clients of one account share too.
func newClientRow(c *agent.Client, account int) clientRow {
	favourite := 0
	if c.Favourite {
		favourite = 1
	}
	row := clientRow{
		c.ID, c.Name, c.TaxNumber, c.Folder, c.UserName, c.Service, c.MandateUntil, c.PasswordUntil, favourite,
		millis(c.LastUsed) / 1000,
	}
	if c.Right != "" {
		row = append(row, c.Right, account)
	}
	return row
}
