package panel

import (
	"context"
	"time"

	"kapu/agent"
	"kapu/lang"
	"kapu/office"
)

// target is what a right is to: the account of a client, a folder or, if it is neither, everything.
type target struct{ account, folder string }

// hidden is the target of a right to an account that has no client here now: nothing that is shown.
var hidden = target{account: "?"}

// setRights asks that a member has a right to some clients, folders or all from now on. A day is the last one.
type setRights struct {
	Member  string       `json:"member"`
	Clients []string     `json:"clients"`
	Folders []string     `json:"folders"`
	All     bool         `json:"all"`
	Right   office.Right `json:"right"` // "" takes it away
	Until   string       `json:"until"`
}

// substitute asks that a member stands in from one day to another: for all that another member has, for a folder, for
// clients, or for everybody.
type substitute struct {
	Member  string       `json:"member"`
	For     string       `json:"for"`
	Folder  string       `json:"folder"`
	Clients []string     `json:"clients"`
	Right   office.Right `json:"right"`
	From    string       `json:"from"`
	Until   string       `json:"until"`
}

// grantRow is a right as the table of rights needs it, a data transfer object (Grant in static/types.d.ts).
type grantRow struct {
	ID     string       `json:"id"`
	Member string       `json:"member"`
	Right  office.Right `json:"right"`
	Kind   string       `json:"kind"` // of what it is to: "all", "folder" or "client"
	Client string       `json:"client"`
	Folder string       `json:"folder"`
	From   int64        `json:"from"`  // seconds since 1970; 0 is no beginning
	Until  int64        `json:"until"` // the same; 0 is no end
}

func officeRightsRoutes(r *routes, c *agent.Conn) {
	api(r, "office-grants", func(ctx context.Context, _ struct{}) ([]grantRow, error) {
		v, err := c.OfficeView(ctx)
		rows := make([]grantRow, len(v.Grants))
		for i, g := range v.Grants {
			kind := "all"
			switch {
			case g.Folder != "":
				kind = "folder"
			case g.Names != nil:
				kind = "client"
			}
			rows[i] = grantRow{
				ID: g.ID, Member: g.Member, Right: g.Right, Kind: kind, Client: g.Client, Folder: g.Folder,
				From: seconds(g.From), Until: seconds(g.Until),
			}
		}
		return rows, err
	})
	api(r, "office-set-rights", func(ctx context.Context, q setRights) (int, error) { return giveRights(ctx, c, q) })
	api(r, "office-substitute", func(ctx context.Context, q substitute) (int, error) { return standIn(ctx, c, q) })
	told(r, "office-revoke", func(ctx context.Context, ids []string) error { return c.OfficeRevoke(ctx, ids...) })
}

// giveRights makes the rights that hold now, of those targets, one right. It gives before it takes away: in between
// nobody is to lose a key whom it is not to be taken from. A right with a key replaces the one with a key that was
// there, and one without a key the one without. It returns how many targets there are.
func giveRights(ctx context.Context, c *agent.Conn, q setRights) (int, error) {
	v, targets, clientOf, err := aims(ctx, c, q.Clients)
	if err != nil {
		return 0, err
	}
	for _, f := range q.Folders {
		targets[target{folder: f}] = true
	}
	if q.All {
		targets[target{}] = true
	}
	day, err := agent.LogOf("", "", q.Until)
	if err != nil {
		return 0, err
	}
	now := time.Now()
	var revoke []string
	had := map[target]bool{}
	for _, g := range v.Grants {
		at := targetOf(&g, clientOf)
		if g.Member != q.Member || !targets[at] || now.Before(g.From) || !g.Until.IsZero() && !now.Before(g.Until) {
			continue
		}
		switch {
		case g.Right == q.Right && g.Until.Equal(day.Until):
			had[at] = true
		case q.Right == office.None || withKey(g.Right) != withKey(q.Right):
			revoke = append(revoke, g.ID)
		}
	}
	var grants []agent.OfficeGrant
	for at := range targets {
		if q.Right != office.None && !had[at] {
			grants = append(grants, at.grant(q.Member, q.Right, time.Time{}, day.Until, clientOf))
		}
	}
	if len(grants) > 0 {
		err = c.OfficeGrant(ctx, grants...)
	}
	if err == nil && len(revoke) > 0 {
		err = c.OfficeRevoke(ctx, revoke...)
	}
	return len(targets), err
}

// standIn gives a right for some days. It returns to how many targets.
func standIn(ctx context.Context, c *agent.Conn, q substitute) (int, error) {
	v, targets, clientOf, err := aims(ctx, c, q.Clients)
	if err != nil {
		return 0, err
	}
	days, err := agent.LogOf("", q.From, q.Until)
	if err != nil {
		return 0, err
	}
	switch {
	case days.Until.IsZero():
		return 0, lang.E("office-codes-need-end")
	case !days.Until.After(days.From), !days.Until.After(time.Now()):
		return 0, lang.E("page-office-days-wrong")
	}
	switch {
	case q.Folder != "":
		targets[target{folder: q.Folder}] = true
	case q.For != "" && q.For == q.Member:
		return 0, lang.E("page-office-self")
	case q.For != "":
		for _, m := range v.Members {
			if m.ID == q.For && m.Role == office.Admin {
				targets[target{}] = true
			}
		}
		for _, g := range v.Grants {
			if at := targetOf(&g, clientOf); g.Member == q.For && g.Until.IsZero() && at != hidden {
				targets[at] = true
			}
		}
		if len(targets) == 0 {
			return 0, lang.E("page-office-no-rights")
		}
	case len(q.Clients) == 0:
		targets[target{}] = true
	}
	if err := stands(v.Grants, q, targets, clientOf); err != nil {
		return 0, err
	}
	var grants []agent.OfficeGrant
	for at := range targets {
		grants = append(grants, at.grant(q.Member, q.Right, days.From, days.Until, clientOf))
	}
	return len(grants), c.OfficeGrant(ctx, grants...)
}

func withKey(r office.Right) bool { return r.Covers(office.Use) }

// stands takes out of the targets what the substitute may do anyway. What they may do there for some other days would
// be replaced, and so lost: that is refused.
func stands(grants []agent.OfficeGrant, q substitute, targets map[target]bool, of map[string]string) error {
	for _, g := range grants {
		at := targetOf(&g, of)
		if g.Member != q.Member || !targets[at] || !g.Until.IsZero() && !time.Now().Before(g.Until) {
			continue
		}
		switch {
		case g.Until.IsZero() && g.Right.Covers(q.Right):
			delete(targets, at)
		case withKey(g.Right) == withKey(q.Right):
			return lang.E("page-office-other-days", "Name", g.Name, "Until", g.Until.Add(-time.Second).Local().Format(time.DateOnly))
		}
	}
	if len(targets) == 0 {
		return lang.E("page-office-may-anyway")
	}
	return nil
}

// aims are the targets that some clients mean, the office, and for each client its account, for each account a client.
func aims(ctx context.Context, c *agent.Conn, ids []string) (agent.OfficeView, map[target]bool, map[string]string, error) {
	v, err := c.OfficeView(ctx)
	if err != nil {
		return v, nil, nil, err
	}
	clients, err := c.List(ctx, "", "")
	if err != nil {
		return v, nil, nil, err
	}
	of := map[string]string{}
	for i := range clients {
		of[clients[i].ID] = clients[i].Account
		if of[clients[i].Account] == "" {
			of[clients[i].Account] = clients[i].ID
		}
	}
	targets := map[target]bool{}
	for _, id := range ids {
		if of[id] == "" {
			return v, nil, nil, lang.E("client-gone").Kind(agent.ErrNotFound)
		}
		targets[target{account: of[id]}] = true
	}
	return v, targets, of, nil
}

func targetOf(g *agent.OfficeGrant, of map[string]string) target {
	switch {
	case g.Client != "":
		return target{account: of[g.Client]}
	case g.Names != nil:
		return hidden
	}
	return target{folder: g.Folder}
}

func (t target) grant(member string, right office.Right, from, until time.Time, of map[string]string) agent.OfficeGrant {
	return agent.OfficeGrant{Member: member, Right: right, Client: of[t.account], Folder: t.folder, From: from, Until: until}
}
