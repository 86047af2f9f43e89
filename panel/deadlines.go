package panel

import (
	"context"

	"kapu/agent"
)

// deadlinesPage lists the mandates and portal passwords that run out soon, or have.
var deadlinesPage = page{path: "/deadlines", title: "page-deadlines", html: "deadlines.html", routes: deadlineRoutes}

func deadlineRoutes(r *routes, c *agent.Conn) {
	api(r, "deadlines", func(ctx context.Context, _ struct{}) ([]agent.Deadline, error) { return c.Deadlines(ctx) })
}
