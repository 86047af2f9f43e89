package keeper

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"kapu/agent"
	"kapu/config"
	"kapu/internal/wait"
	"kapu/office"
	"kapu/vault"
)

// person is somebody with an agent in this process, whose loop the test runs.
type person struct {
	*agent.Conn
	k *keeper
	t *testing.T
}

func newPerson(t *testing.T) *person {
	t.Helper()
	c, k, _ := running(t)
	return &person{c, k, t}
}

func (p *person) sync() agent.OfficeSynced {
	p.t.Helper()
	r, err := p.OfficeSync(p.t.Context())
	if err != nil {
		p.t.Fatal(err)
	}
	return r
}

func (p *person) view() agent.OfficeView {
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
	v, err := p.OfficeCreate(t.Context(), agent.OfficeCreate{Store: t.TempDir(), Office: "Kis Iroda", Name: "Anna"})
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
	invitation, err := p.OfficeInvite(p.t.Context(), agent.OfficeInvite{Name: name})
	if err != nil {
		p.t.Fatal(err)
	}
	other := newPerson(p.t)
	asked, err := other.OfficeJoin(p.t.Context(), agent.OfficeJoin{Invitation: invitation.Text})
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

// grants gives a member a right, to everything unless scopes are named.
func (p *person) grants(member string, right office.Right, to agent.OfficeScopes, days agent.OfficeDays) {
	p.t.Helper()
	to.All = len(to.Clients)+len(to.Folders) == 0
	r := agent.OfficeAssignment{Members: []string{p.member(member)}, Right: right, OfficeScopes: to, OfficeDays: days}
	if _, err := p.OfficeSetRights(p.t.Context(), r); err != nil {
		p.t.Fatal(err)
	}
	p.sync()
}

// untilTomorrow is today and tomorrow, by the office's calendar.
func untilTomorrow() agent.OfficeDays {
	return agent.OfficeDays{Until: office.DayOf(time.Now().Add(24 * time.Hour))}
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

// colleagues are an admin, and somebody who may edit their client.
func colleagues(t *testing.T) (anna, béla *person) {
	t.Helper()
	anna = founder(t)
	béla = anna.joins("Béla")
	anna.grants("Béla", office.Edit, agent.OfficeScopes{}, agent.OfficeDays{})
	mustAdd(t, anna.Conn, "Alfa Kft.", key)
	anna.sync()
	béla.sync()
	return anna, béla
}

func TestOfficeOfTwo(t *testing.T) {
	anna := founder(t)
	mustAdd(t, anna.Conn, "Alfa Kft.", key)
	béla := anna.joins("Béla")
	if got := béla.names(); got != "" {
		t.Errorf("without a grant: %q", got)
	}
	anna.grants("Béla", office.Use, agent.OfficeScopes{}, agent.OfficeDays{})
	béla.sync()
	if got := béla.names(); got != "Alfa Kft.:use " {
		t.Errorf("got %q", got)
	}
	if got := anna.names(); got != "Alfa Kft.:full " {
		t.Errorf("got %q", got)
	}
}

// runs lets the person's agent agree with the store by itself, as it does in its process.
func (p *person) runs() {
	ctx, stop := context.WithCancel(p.t.Context())
	done := make(chan struct{})
	go func() { defer close(done); p.k.desk.run(ctx) }()
	p.t.Cleanup(func() { stop(); <-done })
}

// until waits for something that comes about by itself.
func until(t *testing.T, what string, holds func() bool) {
	t.Helper()
	wait.Until(t, what, holds)
}

// problems waits for so many problems that the agent tells of, and returns how many there are, late ones included.
func problems(events <-chan agent.Event, atLeast int) (n int) {
	for {
		late := 100 * time.Millisecond
		if n < atLeast {
			late = wait.Hang
		}
		select {
		case e := <-events:
			if e.Type == agent.Problem {
				n++
			}
		case <-time.After(late):
			return n
		}
	}
}

// What one changes the other has without anybody asking, and the faces are told.
func TestOfficeKeepsInStep(t *testing.T) {
	anna := founder(t)
	béla := anna.joins("Béla")
	anna.grants("Béla", office.Edit, agent.OfficeScopes{}, agent.OfficeDays{})
	events, err := béla.Events(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	anna.runs()
	béla.runs()
	added := mustAdd(t, anna.Conn, "Alfa Kft.", key)
	until(t, "Béla has the client", func() bool { return béla.names() == "Alfa Kft.:edit " })
	for {
		e, open := <-events
		if !open {
			t.Fatal("the events ended")
		}
		if e.Type == agent.Changed {
			break
		}
	}
	name := "Alfa Zrt."
	clients, _ := béla.List(t.Context(), "", "")
	if _, err := béla.Edit(t.Context(), agent.Edit{ID: clients[0].ID, Name: &name}); err != nil {
		t.Fatal(err)
	}
	until(t, "Anna has the new name", func() bool { return anna.names() == "Alfa Zrt.:full " })
	if clients, _ := anna.List(t.Context(), "", ""); clients[0].ID != added.ID {
		t.Error("another client")
	}
}

// The store is asked often while somebody works, here or at another machine, and seldom when nobody does.
func TestPollsOftenWhileTheOfficeWorks(t *testing.T) {
	anna, béla := colleagues(t)
	calm := config.Default().Office.Poll.Duration
	for name, work := range map[string]func(){
		"a code is taken": func() {
			if _, err := béla.Code(t.Context(), "alfa", false); err != nil {
				t.Fatal(err)
			}
		},
		"a change is made here": func() { mustAdd(t, béla.Conn, "Béta Kft.", "GEZDGNBVGY3TQOJQ") },
		"a change comes": func() {
			name := "Alfa Zrt."
			clients, _ := anna.List(t.Context(), "alfa", "")
			if _, err := anna.Edit(t.Context(), agent.Edit{ID: clients[0].ID, Name: &name}); err != nil {
				t.Fatal(err)
			}
			anna.sync()
			béla.sync()
		},
	} {
		béla.k.desk.eagerUntil.Store(0)
		if pause := béla.k.desk.pause(); pause != calm {
			t.Fatalf("while nobody works: %v", pause)
		}
		work()
		if pause := béla.k.desk.pause(); pause > eagerPause {
			t.Errorf("%s: %v", name, pause)
		}
	}
	béla.k.desk.eagerUntil.Store(0)
	béla.sync() // brings nothing
	if pause := béla.k.desk.pause(); pause != calm {
		t.Errorf("after a sync that brought nothing: %v", pause)
	}
}

// A machine that asks to be let in is told of once, and the one that asks learns that it was let in.
func TestOfficeTellsWhoAsks(t *testing.T) {
	anna := founder(t)
	events, err := anna.Events(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	anna.runs()
	invitation, err := anna.OfficeInvite(t.Context(), agent.OfficeInvite{Name: "Béla"})
	if err != nil {
		t.Fatal(err)
	}
	béla := newPerson(t)
	béla.runs()
	asked, err := béla.OfficeJoin(t.Context(), agent.OfficeJoin{Invitation: invitation.Text})
	if err != nil {
		t.Fatal(err)
	}
	var request *agent.OfficeRequest
	for request == nil {
		if e := <-events; e.Type == agent.Asked {
			request = e.Request
		}
	}
	if request.Name != "Béla" || request.Words != asked.Words {
		t.Errorf("%+v, words %q", request, asked.Words)
	}
	anna.sync()
	if s, err := anna.Status(t.Context()); err != nil || s.Office == nil || s.Office.Requests != 1 {
		t.Errorf("status %+v, %v", s.Office, err)
	}
	if err := anna.OfficeApprove(t.Context(), request.Device); err != nil {
		t.Fatal(err)
	}
	until(t, "Béla is in", func() bool { v := béla.view(); return v.In && !v.Joining })
	for {
		select {
		case e := <-events:
			if e.Type == agent.Asked {
				t.Fatal("told twice")
			}
			continue
		case <-time.After(100 * time.Millisecond):
		}
		break
	}
}

// A new invitation takes the place of one that nobody has approved.
func TestOfficeJoinAgain(t *testing.T) {
	anna, béla := founder(t), newPerson(t)
	for _, name := range []string{"Béla", "Béla Kis"} {
		i, err := anna.OfficeInvite(t.Context(), agent.OfficeInvite{Name: name})
		if err != nil {
			t.Fatal(err)
		}
		if v, err := béla.OfficeJoin(t.Context(), agent.OfficeJoin{Invitation: i.Text}); err != nil || !v.Joining {
			t.Fatalf("%s: %+v, %v", name, v, err)
		}
	}
	if _, err := anna.OfficeJoin(t.Context(), agent.OfficeJoin{Invitation: "x"}); !errors.Is(err, office.ErrInvite) {
		t.Errorf("a text that is none: %v", err)
	}
	i, _ := anna.OfficeInvite(t.Context(), agent.OfficeInvite{Name: "Cili"})
	if _, err := anna.OfficeJoin(t.Context(), agent.OfficeJoin{Invitation: i.Text}); !errors.Is(err, office.ErrInvalid) {
		t.Errorf("who is in an office joins one: %v", err)
	}
	if _, err := anna.OfficeCreate(t.Context(), agent.OfficeCreate{Store: "relative", Office: "X", Name: "Y"}); !errors.Is(err, office.ErrInvalid) {
		t.Errorf("a folder that nobody knows where: %v", err)
	}
	if _, err := béla.OfficeInvite(t.Context(), agent.OfficeInvite{Name: "Cili"}); err == nil {
		t.Error("an invitation from somebody who is not let in")
	}
}

// The store may be seen elsewhere from another machine.
func TestOfficeJoinElsewhere(t *testing.T) {
	anna, béla := founder(t), newPerson(t)
	i, err := anna.OfficeInvite(t.Context(), agent.OfficeInvite{Name: "Béla", Auto: true})
	if err != nil {
		t.Fatal(err)
	}
	elsewhere := filepath.Join(t.TempDir(), "share")
	if err := os.Rename(anna.view().Store, elsewhere); err != nil {
		t.Fatal(err)
	}
	if _, err := béla.OfficeJoin(t.Context(), agent.OfficeJoin{Invitation: i.Text}); err == nil {
		t.Fatal("joined where nothing is")
	}
	v, err := béla.OfficeJoin(t.Context(), agent.OfficeJoin{Invitation: i.Text, Store: elsewhere})
	if err != nil || v.Store != elsewhere {
		t.Fatalf("%+v, %v", v, err)
	}
}

// A store that cannot be reached is told of when it lasts, once, and forgotten when it is back.
func TestOfficeOutOfReach(t *testing.T) {
	anna := founder(t)
	mustAdd(t, anna.Conn, "Alfa Kft.", key)
	folder := anna.view().Store
	if err := os.Rename(folder, folder+".away"); err != nil {
		t.Fatal(err)
	}
	events, err := anna.Events(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := anna.OfficeSync(t.Context()); err == nil {
		t.Fatal("a sync without a store")
	}
	s, _ := anna.Status(t.Context())
	if s.Office.Failing == nil || s.Office.Since.IsZero() || s.Office.Synced.IsZero() || s.Office.Worrying {
		t.Errorf("%+v", s.Office)
	}
	if n := problems(events, 0); n != 0 {
		t.Errorf("told at once of what may pass: %d", n)
	}
	earlier := *anna.k.desk.current.Load()
	earlier.since = time.Now().Add(-worryTime - time.Second)
	anna.k.desk.current.Store(&earlier)
	for range 3 {
		_, _ = anna.OfficeSync(t.Context())
	}
	if n := problems(events, 1); n != 1 {
		t.Errorf("told %d times of what lasts", n)
	}
	if s, _ := anna.Status(t.Context()); !s.Office.Worrying {
		t.Errorf("of what lasts the status says %+v", s.Office)
	}
	if _, err := anna.Code(t.Context(), "alfa", false); err != nil {
		t.Errorf("a code without the store: %v", err)
	}
	if err := os.Rename(folder+".away", folder); err != nil {
		t.Fatal(err)
	}
	anna.sync()
	if s, _ := anna.Status(t.Context()); s.Office.Failing != nil {
		t.Errorf("%+v", s.Office)
	}
}

// An agent that begins while the store is away has everything that the last sync left, and finds the store later.
func TestOfficeBeginsWithoutTheStore(t *testing.T) {
	anna := founder(t)
	mustAdd(t, anna.Conn, "Alfa Kft.", key)
	anna.sync()
	folder := anna.view().Store
	if err := os.Rename(folder, folder+".away"); err != nil {
		t.Fatal(err)
	}
	v, err := vault.Open(anna.k.vault.Dir(), anna.k.vault.Identity())
	if err != nil {
		t.Fatal(err)
	}
	k := newKeeper(t.Context(), vault.Door{Dir: v.Dir()}, v, config.Default(), func() {})
	if view, err := k.officeView(t.Context(), struct{}{}); err != nil || !view.In || !view.Admin {
		t.Fatalf("%+v, %v", view, err)
	}
	if _, err := k.desk.sync(t.Context(), false); err == nil {
		t.Error("a sync without a store")
	}
	if err := os.Rename(folder+".away", folder); err != nil {
		t.Fatal(err)
	}
	if _, err := k.desk.sync(t.Context(), false); err != nil {
		t.Error(err)
	}
}

// While a sync hangs, codes and lists do not; those of a book neither.
func TestOfficeHoldsNoClickUp(t *testing.T) {
	anna := founder(t)
	mustAdd(t, anna.Conn, "Alfa Kft.", key)
	anna.sync()
	béla := anna.joins("Béla")
	alfa, _ := anna.Find(t.Context(), "alfa")
	anna.grants("Béla", office.Codes, agent.OfficeScopes{Clients: []string{alfa.ID}}, untilTomorrow())
	béla.sync()
	unlock, err := béla.k.desk.home().Lock(t.Context()) // as another session that is at it for long
	if err != nil {
		t.Fatal(err)
	}
	defer unlock()
	ctx, stop := context.WithCancel(t.Context())
	hung := make(chan struct{})
	go func() { defer close(hung); _, _ = béla.k.desk.sync(ctx, false) }()
	until(t, "the sync has begun", func() bool {
		free := béla.k.desk.syncing.TryLock()
		if free {
			béla.k.desk.syncing.Unlock()
		}
		return !free
	})
	got, err := béla.Code(t.Context(), "alfa", false)
	if err != nil {
		t.Fatal(err)
	}
	k, _ := vault.ParseKey(key)
	if want, _ := k.Code(got.From); got.Code != want.Digits {
		t.Errorf("got %s, want %s", got.Code, want.Digits)
	}
	next, err := béla.Code(t.Context(), "alfa", true)
	if want, _ := k.Code(next.From); err != nil || next.Code != want.Digits || next.From.Before(got.Until) {
		t.Errorf("next: %+v, %v", next, err)
	}
	if béla.names() != "Alfa Kft.:codes " {
		t.Errorf("got %q", béla.names())
	}
	select {
	case <-hung:
		t.Error("the sync did not hang")
	default:
	}
	stop()
	<-hung
}

// Who was taken out is told so once, has nothing of the office any more, and can leave and come in anew.
func TestOfficeTakenOut(t *testing.T) {
	anna := founder(t)
	mustAdd(t, anna.Conn, "Alfa Kft.", key)
	béla := anna.joins("Béla")
	mustAdd(t, béla.Conn, "Saját Zrt.", "GEZDGNBVGY3TQOJQ")
	anna.grants("Béla", office.Use, agent.OfficeScopes{}, agent.OfficeDays{})
	béla.sync()
	if got := béla.names(); got != "Alfa Kft.:use Saját Zrt.: " {
		t.Fatalf("got %q", got)
	}
	events, err := béla.Events(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := anna.OfficeRemoveMember(t.Context(), anna.member("Béla")); err != nil {
		t.Fatal(err)
	}
	anna.sync()
	for range 3 {
		if _, err := béla.OfficeSync(t.Context()); !errors.Is(err, office.ErrExpelled) {
			t.Fatalf("a sync of who was taken out: %v", err)
		}
	}
	if told := problems(events, 1); told != 1 {
		t.Errorf("told %d times", told)
	}
	if got := béla.names(); got != "Saját Zrt.: " {
		t.Errorf("still has %q", got)
	}
	if v := béla.view(); !v.Expelled || !v.Worrying {
		t.Errorf("%+v", v.OfficeStatus)
	}
	if err := béla.OfficeLeave(t.Context(), false); err != nil {
		t.Fatal(err)
	}
	if v := béla.view(); v.In {
		t.Errorf("%+v", v)
	}
	if todo, err := anna.OfficeWorklist(t.Context()); err != nil || len(todo) != 1 || todo[0].Member != "Béla" || todo[0].Clients[0] != "Alfa Kft." {
		t.Errorf("%+v, %v", todo, err)
	}
	i, err := anna.OfficeInvite(t.Context(), agent.OfficeInvite{Name: "Béla", Auto: true})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := béla.OfficeJoin(t.Context(), agent.OfficeJoin{Invitation: i.Text}); err != nil {
		t.Fatal(err)
	}
	anna.sync()
	anna.sync()
	béla.sync()
	if v := béla.view(); v.Joining || v.Expelled {
		t.Errorf("%+v", v.OfficeStatus)
	}
	if got := béla.names(); got != "Saját Zrt.: " {
		t.Errorf("came back with %q", got)
	}
}

// Two sessions of one person: what one does the other has, also that the vault came into an office or left it.
func TestOfficeOfTwoSessions(t *testing.T) {
	one := newPerson(t)
	mustAdd(t, one.Conn, "Alfa Kft.", key)
	v, err := vault.Open(one.k.vault.Dir(), one.k.vault.Identity())
	if err != nil {
		t.Fatal(err)
	}
	other := newKeeper(t.Context(), vault.Door{Dir: v.Dir()}, v, config.Default(), func() {})
	if _, err := one.OfficeCreate(t.Context(), agent.OfficeCreate{Store: t.TempDir(), Office: "Kis Iroda", Name: "Anna"}); err != nil {
		t.Fatal(err)
	}
	one.sync()
	if _, err := other.desk.sync(t.Context(), false); err != nil {
		t.Fatal(err)
	}
	if s := other.desk.status(); s == nil || !s.Admin {
		t.Errorf("%+v", s)
	}
	if err := one.OfficeLeave(t.Context(), true); err != nil {
		t.Fatal(err)
	}
	if _, err := other.desk.sync(t.Context(), false); !errors.Is(err, office.ErrNone) {
		t.Errorf("%v", err)
	}
	if s := other.desk.status(); s != nil {
		t.Errorf("%+v", s)
	}
}
