package agent

import (
	"testing"

	"kapu/office"
)

// person is somebody with an agent in this process, whose loop the test runs.
type person struct {
	*Conn
	k *keeper
	t *testing.T
}

func newPerson(t *testing.T) *person {
	t.Helper()
	c, k, _ := running(t)
	return &person{c, k, t}
}

func (p *person) sync() OfficeSynced {
	p.t.Helper()
	r, err := p.OfficeSync(p.t.Context())
	if err != nil {
		p.t.Fatal(err)
	}
	return r
}

func (p *person) view() OfficeView {
	p.t.Helper()
	v, err := p.OfficeView(p.t.Context())
	if err != nil {
		p.t.Fatal(err)
	}
	return v
}

// founder is an admin with an office in a folder.
func founder(t *testing.T) *person {
	t.Helper()
	p := newPerson(t)
	v, err := p.OfficeCreate(t.Context(), OfficeCreate{Store: t.TempDir(), Office: "Kis Iroda", Name: "Anna"})
	if err != nil {
		t.Fatal(err)
	}
	if !v.In || !v.Admin || v.Name != "Kis Iroda" || len(v.Members) != 1 || v.Members[0].Name != "Anna" {
		t.Fatalf("%+v", v)
	}
	p.sync()
	return p
}

// joins is a new member of the staff who has been let in.
func (p *person) joins(name string) *person {
	p.t.Helper()
	invitation, err := p.OfficeInvite(p.t.Context(), OfficeInvite{Name: name, Current: p.k.vault.RecoveryKey()})
	if err != nil {
		p.t.Fatal(err)
	}
	other := newPerson(p.t)
	asked, err := other.OfficeJoin(p.t.Context(), OfficeJoin{Invitation: invitation.Text})
	if err != nil {
		p.t.Fatal(err)
	}
	p.sync()
	v := p.view()
	if !asked.Joining || len(v.Asking) != 1 || v.Asking[0].Words != asked.Words || v.Asking[0].Name != name || asked.Words == "" {
		p.t.Fatalf("asked %+v, admin sees %+v", asked, v.Asking)
	}
	if err := p.OfficeApprove(p.t.Context(), v.Asking[0].Device); err != nil {
		p.t.Fatal(err)
	}
	p.sync()
	other.sync()
	if v := other.view(); v.Joining || v.Admin || v.Me == "" {
		p.t.Fatalf("%+v", v)
	}
	return other
}

func (p *person) member(name string) string {
	p.t.Helper()
	for _, m := range p.view().Members {
		if m.Name == name {
			return m.ID
		}
	}
	p.t.Fatalf("no member %q", name)
	return ""
}

func (p *person) grants(g OfficeGrant) {
	p.t.Helper()
	if err := p.OfficeGrant(p.t.Context(), g); err != nil {
		p.t.Fatal(err)
	}
	p.sync()
}

func (p *person) names() string {
	p.t.Helper()
	clients, err := p.List(p.t.Context(), "", "")
	if err != nil {
		p.t.Fatal(err)
	}
	text := ""
	for _, c := range clients {
		text += c.Name + ":" + string(c.Right) + " "
	}
	return text
}

func TestOfficeOfTwo(t *testing.T) {
	anna := founder(t)
	mustAdd(t, anna.Conn, "Alfa Kft.", key)
	béla := anna.joins("Béla")
	if got := béla.names(); got != "" {
		t.Errorf("without a grant: %q", got)
	}
	anna.grants(OfficeGrant{Member: anna.member("Béla"), Right: office.Use})
	béla.sync()
	if got := béla.names(); got != "Alfa Kft.:use " {
		t.Errorf("got %q", got)
	}
	if got := anna.names(); got != "Alfa Kft.:full " {
		t.Errorf("got %q", got)
	}
}
