package panel

import (
	"context"
	"time"

	"kapu/agent"
	"kapu/office"
)

// undoable is a change that can be taken back, in words.
type undoable struct {
	ID   string `json:"id"`
	Deed string `json:"deed"`
}

// undone says what was taken back.
type undone struct {
	Said string `json:"said"`
}

// undoRoutes are how every page takes changes back.
func undoRoutes(r *routes, c *agent.Conn) {
	// The newest change, if it is of today: a mistake is discovered within the day, and an older one is not what is meant.
	api(r, "undoable", func(ctx context.Context, _ struct{}) (undoable, error) {
		list, err := c.Undos(ctx)
		if err != nil || len(list) == 0 || office.DayOf(list[0].At) != office.DayOf(time.Now()) {
			return undoable{}, err
		}
		return undoable{list[0].ID, upright(list[0].Deed(r.site.texts()))}, nil
	})
	api(r, "undo", func(ctx context.Context, id string) (undone, error) {
		u, err := c.Undo(ctx, id)
		if err != nil {
			return undone{}, err
		}
		return undone{upright(u.Said(r.site.texts()))}, nil
	})
}
