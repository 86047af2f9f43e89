package panel

import (
	"context"
	"time"

	"kapu/agent"
	"kapu/office"
)

// grantRow is a right as the table of rights needs it, a data transfer object (Grant in static/types.d.ts).
type grantRow struct {
	ID     string       `json:"id"`
	Member string       `json:"member"`
	Right  office.Right `json:"right"`
	Kind   string       `json:"kind"` // of what it is to: "all", "folder" or "client"
	Client string       `json:"client"`
	Folder string       `json:"folder"`
	State  string       `json:"state"` // "coming", "current" or "over"
	agent.OfficeDays
}

func officeRightsRoutes(r *routes, c *agent.Conn) {
	api(r, "office-grants", func(ctx context.Context, _ struct{}) ([]grantRow, error) {
		v, err := c.OfficeView(ctx)
		now := time.Now()
		rows := make([]grantRow, len(v.Grants))
		for i, g := range v.Grants {
			rows[i] = grantRow{
				ID: g.ID, Member: g.Member, Right: g.Right, Kind: kindOf(&g), Client: g.Client, Folder: g.Folder,
				State: stateOf(&g, now), OfficeDays: g.Days(),
			}
		}
		return rows, err
	})
	api(r, "office-set-rights", c.OfficeSetRights)
	api(r, "office-reach", c.OfficeReach)
	api(r, "office-substitute", c.OfficeStandIn)
	told(r, "office-revoke", func(ctx context.Context, ids []string) error { return c.OfficeRevoke(ctx, ids...) })
}

// kindOf is the kind of scope that a grant is a right to.
func kindOf(g *agent.OfficeGrant) string {
	switch {
	case g.Folder != "":
		return "folder"
	case g.Names != nil:
		return "client"
	}
	return "all"
}

// stateOf is where a moment lies in the span of a grant, which may begin or end within a day.
func stateOf(g *agent.OfficeGrant, now time.Time) string {
	switch {
	case now.Before(g.From):
		return "coming"
	case !g.Until.IsZero() && !now.Before(g.Until):
		return "over"
	}
	return "current"
}
