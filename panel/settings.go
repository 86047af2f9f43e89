package panel

import (
	"context"
	"io"
	"time"

	"kapu/agent"
	"kapu/internal/autostart"
)

// settingsPage shows what config.toml says, and how the vault is unlocked.
var settingsPage = page{
	path: "/settings", in: "/settings", title: "page-settings", part: "page-settings-own", html: "settings.html",
	routes: settingsRoutes,
}

// shownSettings are the settings and how the vault is unlocked.
type shownSettings struct {
	agent.Settings
	Method    string `json:"method"`
	Autostart bool   `json:"autostart"`
}

func settingsRoutes(r *routes, c *agent.Conn) {
	api(r, "settings", func(ctx context.Context, _ struct{}) (shownSettings, error) {
		settings, err := c.Settings(ctx)
		if err != nil {
			return shownSettings{}, err
		}
		status, err := c.Status(ctx)
		started, _ := autostart.Now() // that it cannot be told keeps nobody from the settings
		return shownSettings{settings, status.Method, started.On}, err
	})
	api(r, "configure", func(ctx context.Context, to agent.Configure) (struct{}, error) {
		return struct{}{}, c.Configure(ctx, to)
	})
	// Of this the system keeps the account, not the settings' file: it counts at once.
	api(r, "autostart", func(_ context.Context, want struct {
		On bool `json:"on"`
	},
	) (struct{}, error) {
		if want.On {
			return struct{}{}, autostart.On()
		}
		return struct{}{}, autostart.Off()
	})
	api(r, "protect", func(ctx context.Context, p agent.Protect) (struct{}, error) { return struct{}{}, c.Protect(ctx, p) })
	api(r, "renew-identity", c.RenewIdentity)
	// Before that, because the page is locked afterwards.
	api(r, "renew-keys-csv", func(ctx context.Context, _ struct{}) (string, error) {
		clients, err := c.List(ctx, "", "")
		return sheetOf(err, func(to io.Writer) error {
			return agent.WriteWorklist(to, r.site.texts(), agent.EveryKey(clients, time.Now()))
		})
	})
}
