package panel

import (
	"context"

	"kapu/agent"
)

// groupRoutes are about groups that have locked themselves. Every page may meet one.
func groupRoutes(r *routes, c *agent.Conn) {
	methodRoute(r, c)
	api(r, "locked-folders", func(ctx context.Context, _ struct{}) ([]string, error) {
		status, err := c.Status(ctx)
		return append([]string{}, status.LockedFolders...), err
	})
	api(r, "unlock-folder", func(ctx context.Context, q struct {
		Folder string `json:"folder"`
	},
	) (struct{}, error) {
		return struct{}{}, c.UnlockFolder(ctx, q.Folder, agent.SecretOf(ctx))
	})
}
