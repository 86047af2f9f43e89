package panel

import (
	"context"

	"kapu/agent"
)

// addPage leads through a client's enrolment: the key, the client, the first code, the deletion code.
var addPage = page{path: "/add", title: "page-add", html: "add.html", routes: addRoutes}

func addRoutes(r *routes, c *agent.Conn) {
	api(r, "add", c.Add)
	// A mistyped key is said before the person fills in the rest.
	api(r, "check-key", func(_ context.Context, key string) (struct{}, error) {
		return struct{}{}, agent.CheckKey(key)
	})
}
