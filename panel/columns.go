package panel

import (
	"context"

	"kapu/agent"
	"kapu/config"
)

// columnRoutes are about which columns of the clients' table are shown. The settings remember it: what a browser keeps
// belongs to the page's address, which is another one for each agent.
func columnRoutes(r *routes, c *agent.Conn) {
	api(r, "columns", func(ctx context.Context, q struct {
		Hide string `json:"hide"`
		Fold bool   `json:"fold"`
	},
	) (struct{}, error) {
		now, err := c.Settings(ctx)
		if err != nil {
			return struct{}{}, err
		}
		to := now.Config
		to.Page = config.Page{HideColumns: q.Hide, FoldColumns: q.Fold}
		return struct{}{}, c.Configure(ctx, agent.Configure{From: now.Config, To: to})
	})
}
