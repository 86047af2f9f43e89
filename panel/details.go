package panel

import (
	"context"

	"kapu/agent"
)

// shownUse is a use of a client, and shownUses are the last ones, as the page shows them.
type shownUse struct {
	At      int64  `json:"at"` // seconds since 1970
	Act     string `json:"act"`
	By      string `json:"by"`
	Machine string `json:"machine,omitempty"`
}

type shownUses struct {
	Uses    []shownUse `json:"uses"`
	OwnOnly bool       `json:"own_only,omitempty"`
	Problem string     `json:"problem,omitempty"`
}

func detailRoutes(r *routes, c *agent.Conn) {
	api(r, "details", c.Details)
	api(r, "uses", func(ctx context.Context, id string) (shownUses, error) {
		known, err := c.Uses(ctx, id)
		t := r.site.texts()
		shown := shownUses{Uses: make([]shownUse, len(known.Uses)), OwnOnly: known.OwnOnly}
		for i, u := range known.Uses {
			shown.Uses[i] = shownUse{u.At.Unix(), t.T("act-" + string(u.Act)), u.By, u.Machine}
		}
		if known.Problem != nil {
			shown.Problem = upright(t.Error(known.Problem))
		}
		return shown, err
	})
	// Whether the person has yet to be told once that nothing is asked before a secret is shown.
	api(r, "offer-pin", func(ctx context.Context, _ struct{}) (bool, error) {
		s, err := c.Status(ctx)
		return s.Method == vaultKeychain && !s.PINOffered, err
	})
	api(r, "pin-offered", func(ctx context.Context, _ struct{}) (struct{}, error) {
		return struct{}{}, c.PINOffered(ctx)
	})
}

// vaultKeychain is the method that asks nothing, as Status calls it.
const vaultKeychain = "keychain"
