package panel

import (
	"context"
	"io"
	"time"

	"kapu/agent"
)

// deadlinesPage lists the mandates and portal passwords that run out soon, or have.
var deadlinesPage = page{path: "/deadlines", title: "page-deadlines", html: "deadlines.html", routes: deadlineRoutes}

func deadlineRoutes(r *routes, c *agent.Conn) {
	api(r, "deadlines", c.Deadlines)
	file := func(path string, write func(to io.Writer, list []agent.Deadline) error) {
		api(r, path, func(ctx context.Context, q agent.DeadlinesRequest) (string, error) {
			list, err := c.Deadlines(ctx, q)
			return sheetOf(err, func(to io.Writer) error { return write(to, list) })
		})
	}
	file("deadlines-csv", func(to io.Writer, list []agent.Deadline) error {
		return agent.WriteDeadlines(to, r.site.texts(), list)
	})
	file("deadlines-ics", func(to io.Writer, list []agent.Deadline) error {
		return agent.WriteCalendar(to, r.site.texts(), list, time.Now())
	})
}
