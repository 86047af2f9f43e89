package office

import (
	"context"
	"slices"

	"kapu/lang"
)

// Grant appends grants as they are. Of those of the same member at the same scope it replaces what is of the same kind
// and overlaps.
func (o *Office) Grant(ctx context.Context, grants ...Grant) error {
	return o.decide(ctx, func(r *Roster) error {
		for _, g := range grants {
			if m := r.member(g.Member); m == nil {
				return lang.E("office-member-unknown", "Name", g.Member).Kind(ErrUnknown)
			} else if m.Role == Admin {
				return lang.E("office-admin-has-all", "Name", m.Name).Kind(ErrInvalid)
			}
			if g.Right == Codes && g.Until.IsZero() {
				return lang.E("office-codes-need-end").Kind(ErrInvalid)
			}
			g.ID, g.From, g.Until = newID(), wireTimeOrZero(g.From), wireTimeOrZero(g.Until)
			r.Grants = slices.DeleteFunc(r.Grants, func(old Grant) bool {
				return old.Member == g.Member && old.Record == g.Record && old.Folder == g.Folder &&
					(old.Right == Codes) == (g.Right == Codes) && old.meets(&g)
			})
			r.Grants = append(r.Grants, g)
		}
		return nil
	})
}
