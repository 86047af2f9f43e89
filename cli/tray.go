package cli

import (
	"context"

	"kapu/tray"
)

// runTray is what `kapu` alone does: it shows the tray until the person quits.
func (a *app) runTray(ctx context.Context) error {
	return tray.Run(ctx, a.paths, a.cfg, a.texts)
}
