package office

import (
	"context"
	"testing"

	"kapu/vault"
)

// Who moves a client out of the folder that they may edit has said so, also if somebody else has changed it since, and
// if it has been taken from them meanwhile.
func TestAChangeOutOfOnesReachIsHandedIn(t *testing.T) {
	for name, meanwhile := range map[string]func(a *kapu){
		"changed by another": func(a *kapu) {
			a.change("Alma Kft.", func(a *vault.Account, _ *vault.Client) { a.UserName = "kovacs.anna" })
		},
		"moved by another": func(a *kapu) {
			a.change("Alma Kft.", func(_ *vault.Account, c *vault.Client) { c.Folder = "C" })
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			a := w.founder("Anna")
			a.add("Alma Kft.", "B")
			a.sync()
			b := w.joins(a, NewMember{Name: "Béla", Role: Staff})
			if err := a.Grant(context.Background(), Grant{Member: b.member(), Right: Edit, Folder: "B"}); err != nil {
				t.Fatal(err)
			}
			a.sync()
			b.sync()
			b.change("Alma Kft.", func(_ *vault.Account, c *vault.Client) { c.TaxNumber, c.Folder = "12345678", "D" })
			meanwhile(a)
			a.sync()
			for range 3 {
				b.relist = true // all names are asked for: nothing is handed in twice
				b.sync()
				a.sync()
			}
			b.want("")
			if c := a.home.tx.Clients[0]; c.TaxNumber != "12345678" {
				t.Errorf("what Béla said is lost: %+v", c)
			}
			if n := len(a.state.Records[a.state.recordIDs()[0]].liveOf(partRecord)); n != 1 {
				t.Errorf("%d bundles", n)
			}
		})
	}
}
