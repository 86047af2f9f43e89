package panel

import (
	"context"

	"kapu/agent"
	"kapu/internal/doctor"
)

// doctorPage examines the machine, as `kapu doctor` does, from the process that serves the page: what this desktop
// tells the agent is what counts.
var doctorPage = page{
	path: "/settings/doctor", in: "/settings", title: "page-doctor", part: "page-doctor", html: "doctor.html",
	routes: doctorRoutes,
}

func doctorRoutes(r *routes, _ *agent.Conn) {
	api(r, "doctor", func(ctx context.Context, _ struct{}) ([]doctor.Finding, error) {
		return doctor.Examine(ctx, r.site.paths), nil
	})
}
