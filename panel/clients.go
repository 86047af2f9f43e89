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
		for i := range clients {
			rows[i] = newClientRow(&clients[i])
		}
		return rows, err
	})
}

// clientRow is a client in as few bytes as will do, in the order that static/clients.js knows.
type clientRow [10]any

func newClientRow(c *agent.Client) clientRow {
	used := int64(0)
	if !c.LastUsed.IsZero() {
		used = c.LastUsed.Unix()
	}
	favourite := 0
	if c.Favourite {
		favourite = 1
	}
	return clientRow{
		c.ID, c.Name, c.TaxNumber, c.Folder, c.Service, c.UserName, c.MandateUntil, "", favourite, used,
	}
}
