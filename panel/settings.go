package panel

import (
	"context"

	"kapu/agent"
)

// settingsPage shows what config.toml says, and how the vault is unlocked.
var settingsPage = page{path: "/settings", title: "page-settings", html: "settings.html", routes: settingsRoutes}

// shownSettings are the settings and how the vault is unlocked.
type shownSettings struct {
	agent.Settings
	Method string `json:"method"`
}

func settingsRoutes(r *routes, c *agent.Conn) {
	api(r, "settings", func(ctx context.Context, _ struct{}) (shownSettings, error) {
		settings, err := c.Settings(ctx)
		if err != nil {
			return shownSettings{}, err
		}
		status, err := c.Status(ctx)
		return shownSettings{settings, status.Method}, err
	})
	api(r, "configure", func(ctx context.Context, to agent.Configure) (struct{}, error) {
		return struct{}{}, c.Configure(ctx, to)
	})
	api(r, "protect", func(ctx context.Context, p agent.Protect) (struct{}, error) { return struct{}{}, c.Protect(ctx, p) })
}
