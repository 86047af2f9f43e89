package panel

import (
	"context"

	"kapu/agent"
)

// backupsPage shows what an earlier state of the vault can be taken from: the backups, and the versions that this
// machine keeps.
var backupsPage = page{
	path: "/settings/backups", in: "/settings", title: "page-backups", part: "page-backups", html: "backups.html",
	routes: backupRoutes,
}

// shownUnion is what another version of the vault has, a sentence for each difference.
type shownUnion struct {
	Name        string   `json:"name"`
	Differences []string `json:"differences"`
}

func backupRoutes(r *routes, c *agent.Conn) {
	api(r, "backups", func(ctx context.Context, _ struct{}) ([]foundBackup, error) {
		backups, err := c.Backups(ctx)
		return shownBackups(backups), err
	})
	api(r, "unite", func(ctx context.Context, u agent.Unite) (shownUnion, error) {
		done, err := c.Unite(ctx, u)
		t, said := r.site.texts(), []string{}
		for _, d := range done.Differences {
			said = append(said, agent.DifferenceSaid(t, d))
		}
		return shownUnion{done.Version.Name, said}, err
	})
	api(r, "restore", func(ctx context.Context, q agent.RestoreRequest) (struct{}, error) {
		_, err := c.Restore(ctx, q.Name)
		return struct{}{}, err
	})
}
