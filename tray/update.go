package tray

import (
	"math/rand/v2"
	"time"

	"kapu/config"
	"kapu/internal/update"
)

// How often it is looked whether a newer version is to be asked for, which happens once a day at most, and how long
// after the start at first: an office signs in at eight, all at once.
const (
	updateTime  = time.Hour
	updateAfter = 10 * time.Minute
)

// watchUpdates tells the owner of a newer version, where an administrator has named an address to ask. It ends with the
// tray.
func (t *tray) watchUpdates() {
	next := time.NewTimer(rand.N(updateAfter))
	defer next.Stop()
	for {
		select {
		case <-t.ctx.Done():
			return
		case <-next.C:
		}
		t.askForUpdate()
		next.Reset(updateTime)
	}
}

// askForUpdate asks if a day has passed; what fails is said by `kapu doctor`.
func (t *tray) askForUpdate() {
	policy, err := config.PolicyOf(t.paths)
	if err != nil {
		return
	}
	n, err := update.Newer(t.ctx, policy.UpdateURL, t.paths.State)
	if err != nil {
		return
	}
	version := ""
	if n != nil {
		version = n.Version
	}
	t.post(func() {
		if t.newer != version {
			t.newer = version
			t.redraw()
		}
	})
}
