package panel

import (
	"context"
	"encoding/base64"
	"time"

	"kapu/agent"
	"kapu/config"
	"kapu/office"
	"kapu/qr"
)

// officePage shows who is in the office, or how to found one or to join. The pages in it are parts of it.
var officePage = page{path: "/office", in: "/office", title: "page-office", part: "page-office-people", html: "office.html", routes: officeRoutes}

// officeParts are the others, in the order of the office's own navigation.
var officeParts = []page{
	{path: "/office/rights", in: "/office", title: "page-office-rights", part: "page-office-rights", admin: true, html: "office-rights.html", routes: officeRightsRoutes},
	{path: "/office/substitutes", in: "/office", title: "page-office-substitutes", part: "page-office-substitutes", admin: true, html: "office-substitutes.html"},
	{path: "/office/keys", in: "/office", title: "page-office-keys", part: "page-office-keys", admin: true, html: "office-keys.html", routes: officeKeysRoutes},
	{path: "/office/journal", in: "/office", title: "page-office-journal", part: "page-office-journal", admin: true, html: "office-journal.html", routes: officeJournalRoutes},
	{path: "/office/state", in: "/office", title: "page-office-state", part: "page-office-state", html: "office-state.html"},
}

// shownOffice is how things stand in the office, and why it fails to agree in the person's language.
type shownOffice struct {
	agent.OfficeView
	Said string `json:"failing_sentence,omitempty"`
	// OnlyStore is the address that an administrator of this machine has fixed; it comes where there is no office yet.
	OnlyStore string `json:"only_store,omitempty"`
}

// shownInvitation is an invitation as text and as a picture.
type shownInvitation struct {
	agent.OfficeInvitation
	Picture string `json:"picture"` // address that is the picture itself; "" if the text is too long for one
}

func officeRoutes(r *routes, c *agent.Conn) {
	// Rights may be thousands; the pages that show them ask for them.
	api(r, "office", func(ctx context.Context, _ struct{}) (shownOffice, error) {
		v, err := c.OfficeView(ctx)
		v.Grants = nil
		shown := shownOffice{OfficeView: v}
		if policy, e := config.PolicyOf(r.site.paths); e == nil && !v.In {
			shown.OnlyStore = policy.Store
		}
		if v.Failing != nil {
			shown.Said = upright(r.site.texts().Error(v.Failing))
		}
		return shown, err
	})
	api(r, "office-create", c.OfficeCreate)
	api(r, "office-join", c.OfficeJoin)
	api(r, "office-recover", c.OfficeRecover)
	api(r, "office-invite", func(ctx context.Context, q agent.OfficeInvite) (shownInvitation, error) {
		made, err := c.OfficeInvite(ctx, q)
		if err != nil {
			return shownInvitation{}, err
		}
		shown := shownInvitation{OfficeInvitation: made}
		if code, err := qr.MakeSmall(made.Text); err == nil {
			shown.Picture = "data:image/svg+xml;base64," + base64.StdEncoding.EncodeToString([]byte(code.SVG()))
		}
		return shown, nil
	})
	told(r, "office-withdraw", c.OfficeWithdraw)
	told(r, "office-approve", c.OfficeApprove)
	told(r, "office-refuse", c.OfficeRefuse)
	told(r, "office-remove-member", c.OfficeRemoveMember)
	told(r, "office-remove-device", c.OfficeRemoveDevice)
	told(r, "office-role", func(ctx context.Context, q agent.RoleRequest) error {
		return c.OfficeSetRole(ctx, q.Member, q.Role)
	})
	told(r, "office-configure", c.OfficeConfigure)
	told(r, "office-share", func(ctx context.Context, clients []string) error { return c.OfficeShare(ctx, clients...) })
	told(r, "office-leave", c.OfficeLeave)
	api(r, "office-sync", func(ctx context.Context, _ struct{}) (agent.OfficeSynced, error) { return c.OfficeSync(ctx) })
	api(r, "office-seen", func(ctx context.Context, _ struct{}) (map[string]time.Time, error) { return c.OfficeSeen(ctx) })
	// How many keys a person has in hand: that is what their removal leaves behind.
	api(r, "office-known", func(ctx context.Context, member string) (int, error) {
		rights, err := c.OfficeRights(ctx, member)
		n := 0
		for _, right := range rights {
			if right.Covers(office.Use) {
				n++
			}
		}
		return n, err
	})
	api(r, "office-history", func(ctx context.Context, client string) ([]agent.OfficeChange, error) {
		return c.OfficeHistory(ctx, client)
	})
}

// told serves a method that answers nothing but its success.
func told[Request any](r *routes, path string, method func(context.Context, Request) error) {
	api(r, path, func(ctx context.Context, q Request) (struct{}, error) { return struct{}{}, method(ctx, q) })
}
