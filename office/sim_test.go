package office

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/cryptotest"
	"time"

	"kapu/office/store"
	"kapu/office/store/storetest"
	"kapu/seal"
	"kapu/vault"
)

// The simulation plays offices: some devices, people who add, change and remove clients, admins who give rights and
// take them, forgers, clocks that differ, a store that fails, and programs that die between any two of its
// operations. Every fourth of those that are the same each time plays in a folder that a program copies from
// machine to machine: each has its own, which now and then meets the others', some minutes pass between two steps,
// no program begins anew and nobody lists all names.
// When all has become quiet, what the package promises must hold. A seed gives the same story each time:
//
//	go test ./office -run 'TestSimulation' -schedules 10000
//	go test ./office -run 'TestSimulation' -seed 4711 -v
//	go test ./office -run 'TestSimulation' -copied -schedules 10000

var (
	schedules = flag.Int("schedules", 40, "how many stories TestSimulation plays")
	oneSeed   = flag.Uint64("seed", 0, "the only story to play")
	allCopied = flag.Bool("copied", false, "play all stories in folders that a program copies")
)

// firstOfClock is less than every seed that the clock gives.
const firstOfClock = 1 << 32

func TestSimulation(t *testing.T) {
	if *oneSeed != 0 {
		play(t, *oneSeed, true)
		return
	}
	base := uint64(time.Now().UnixNano())
	for i := range *schedules {
		seed := uint64(i + 1) // half of them are the same each time
		if i%2 == 1 {
			seed = base + uint64(i)
		}
		if !t.Run(fmt.Sprint(seed), func(t *testing.T) { play(t, seed, false) }) {
			t.Fatalf("again: go test ./office -run TestSimulation -seed %d -copied=%v -v", seed, *allCopied)
		}
	}
}

// mockBox seals without cryptography: an envelope says who may open it, and they are believed.
type mockBox struct{}

type mockEnvelope struct {
	Context, Signer string
	To              []string
	Body            []byte `json:"-"`
	Sum             []byte
}

func (e *mockEnvelope) sum() []byte {
	h := sha256.New()
	for _, part := range [][]byte{[]byte(e.Context), []byte(e.Signer), []byte(strings.Join(e.To, "\n")), e.Body} {
		h.Write(part)
		h.Write([]byte{0})
	}
	return h.Sum(nil)
}

func (mockBox) seal(context string, body []byte, author *seal.Identity, to ...*seal.Public) ([]byte, error) {
	e := mockEnvelope{Context: context, Signer: author.Public().SigningKey(), Body: body}
	for _, p := range to {
		e.To = append(e.To, p.SigningKey())
	}
	e.Sum = e.sum()
	head, err := json.Marshal(e)
	return append(append(head, '\n'), body...), err
}

// readMock takes an envelope apart.
func readMock(sealed []byte) (e mockEnvelope, err error) {
	head, body, _ := bytes.Cut(sealed, []byte("\n"))
	err = json.Unmarshal(head, &e)
	e.Body = body
	return e, err
}

func (b mockBox) open(context string, sealed []byte, reader *seal.Identity, authors ...string) ([]byte, string, error) {
	return b.openBy(context, sealed, reader, func([]byte) []string { return authors })
}

func (mockBox) openBy(context string, sealed []byte, reader *seal.Identity, authors func([]byte) []string) ([]byte, string, error) {
	e, err := readMock(sealed)
	if err != nil || string(e.Sum) != string(e.sum()) {
		return nil, "", seal.ErrDamaged
	}
	if !slices.Contains(e.To, reader.Public().SigningKey()) {
		return nil, "", seal.ErrNotAddressed
	}
	if e.Context != context || !slices.Contains(authors(e.Body), e.Signer) {
		return nil, "", seal.ErrForged
	}
	return e.Body, e.Signer, nil
}

func (mockBox) recipients(sealed []byte) (int, error) {
	e, err := readMock(sealed)
	return len(e.To), err
}

func (mockBox) words(office, invite, device string) string { return office + invite + device }

// sim is one story.
type sim struct {
	t       *testing.T
	rand    *rand.Rand
	mem     *storetest.Mem // the store, or the founder's copy of it
	copies  *storetest.Synced
	now     time.Time
	devices []*actor
	said    map[string]bool // every value that somebody entitled has set
	kept    []kept          // what must be found again in the end
	folders []string
	n       int // of values made so far
	verbose bool
}

// actor is one device of the story.
type actor struct {
	*Office
	sim    *sim
	name   string
	id     *seal.Identity
	home   *memHome
	faulty *storetest.Faulty
	skew   time.Duration
	member string
	gone   bool // removed from the office, or left
	steady bool // was an admin all along: what it confirms must be found again
	// unsaid are changes since the last sync. What a person has overwritten themselves by then is nobody's loss.
	unsaid map[confirmed]string
}

// confirmed is what a person was told is kept.
type confirmed struct{ client, field string }

// kept is a change that must be found again.
type kept struct {
	confirmed
	value string
}

func (s *sim) log(format string, args ...any) {
	if s.verbose {
		s.t.Logf(s.now.Format("02 15:04:05 ")+format, args...)
	}
}

func (s *sim) value(kind string) string {
	s.n++
	v := fmt.Sprintf("%s-%d", kind, s.n)
	s.said[v] = true
	return v
}

func (s *sim) actor(name string) *actor {
	id, err := seal.NewIdentity()
	if err != nil {
		s.t.Fatal(err)
	}
	a := &actor{sim: s, name: name, id: id, home: newMemHome(), unsaid: map[confirmed]string{}, skew: time.Duration(s.rand.IntN(7)-3) * time.Hour * time.Duration(s.rand.IntN(2))}
	a.faulty = &storetest.Faulty{Store: s.mem, Rand: s.rand}
	if s.copies != nil {
		a.faulty.Store = s.copies.Copy(len(s.devices))
	}
	a.start()
	s.devices = append(s.devices, a)
	return a
}

// start is the program being started: nothing is left of before but what is on the disk.
func (a *actor) start() {
	a.Office = newOffice(a.home, a.id)
	a.box, a.now, a.store = mockBox{}, a.clock, a.faulty
	a.sleep = func(context.Context, time.Duration) error { return nil }
}

func (a *actor) clock() time.Time {
	a.sim.now = a.sim.now.Add(time.Millisecond)
	return a.sim.now.Add(a.skew)
}

// do runs something that may fail or die.
func (a *actor) do(what string, f func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			if _, ok := r.(storetest.Crash); !ok {
				panic(r)
			}
			a.sim.log("%s %s: dies", a.name, what)
			a.start()
			err = storetest.ErrFault
		}
	}()
	err = f()
	a.sim.log("%s %s: %v", a.name, what, err)
	return err
}

func (a *actor) syncs() error {
	for c, value := range a.unsaid {
		a.sim.kept = append(a.sim.kept, kept{c, value})
	}
	clear(a.unsaid)
	return a.do("sync", func() error { _, err := a.Sync(context.Background(), true); return err })
}

func (s *sim) faults(on bool) {
	for _, a := range s.devices {
		a.faulty.Faults = storetest.Faults{}
		if on {
			a.faulty.Faults = storetest.Faults{
				Fail: .02, Lose: .02, Repeat: .02, Late: .05, Cut: .01, Hole: .01, Twice: .02, Disorder: .1, Crash: .01, LateLimit: 40,
			}
			if s.copies != nil {
				// A program that begins lists all names, and nothing else finds a request that the network repeats.
				a.faulty.Faults.Crash, a.faulty.Faults.Repeat = 0, 0
			}
		}
	}
}

func open(st store.Store) OpenStore { return func(string) (store.Store, error) { return st, nil } }

// play plays one story and looks at its end.
func play(t *testing.T, seed uint64, verbose bool) {
	cryptotest.SetGlobalRandom(t, seed)
	s := &sim{
		t: t, rand: rand.New(rand.NewPCG(seed, 1)), mem: &storetest.Mem{}, said: map[string]bool{}, verbose: verbose,
		now: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC), folders: []string{"", "A", "B"},
	}
	if *allCopied || seed < firstOfClock && seed%4 == 3 {
		s.copies = &storetest.Synced{}
		s.mem = s.copies.Copy(0)
	}
	founder := s.actor("founder")
	founder.steady = true
	if err := founder.create(context.Background(), "mem", open(founder.faulty), Founder{Office: "Iroda", Name: "founder", Device: "founder"}); err != nil {
		t.Fatal(err)
	}
	founder.member = founder.state.me().Member
	s.add(founder)
	_ = founder.syncs()
	s.faults(true)
	for range 16 + s.rand.IntN(20) {
		s.step()
	}
	s.quiet()
	s.check()
}

func (s *sim) step() {
	a := s.devices[s.rand.IntN(len(s.devices))]
	admin := s.devices[0]
	if s.rand.IntN(3) == 0 && s.copies == nil { // two who decide before their copies meet are another test
		admin = s.devices[s.rand.IntN(len(s.devices))]
	}
	for s.copies != nil && s.rand.IntN(3) == 0 {
		s.copies.Sync(s.rand.IntN(len(s.devices)))
		s.now = s.now.Add(time.Duration(s.rand.IntN(300)) * time.Second)
	}
	switch n := s.rand.IntN(100); {
	case n < 30:
		_ = a.syncs()
	case n < 40:
		s.add(a)
	case n < 60:
		s.change(a)
	case n < 63:
		s.removeClient(a)
	case n < 72 && s.copies != nil:
	case n < 70:
		s.now = s.now.Add(time.Duration(s.rand.IntN(3*3600)) * time.Second)
	case n < 72:
		s.now = s.now.Add(time.Duration(s.rand.IntN(30)) * time.Hour)
	case n < 80:
		s.hire(admin)
	case n < 89:
		s.grant(admin)
	case n < 92:
		s.revoke(admin)
	case n < 94:
		s.dismiss(admin)
	case n < 96:
		s.promote(admin)
	case n < 99:
		s.miss(admin)
	default:
		s.forge(a)
	}
}

func (a *actor) usable() bool {
	return a.state != nil && a.state.Joining == nil && a.state.me() != nil && !a.gone
}

func (s *sim) add(a *actor) {
	if !a.usable() {
		return
	}
	name, folder := s.value("ügyfél"), s.folders[s.rand.IntN(len(s.folders))]
	key, _ := vault.ParseKey("JBSWY3DPEHPK3PXP")
	key.Secret = keyText(s.n)
	s.said[key.Secret] = true
	var id string
	_, err := a.home.Update(context.Background(), func(tx *vault.Tx) error {
		acc, err := tx.PutAccount(vault.Account{UserName: name, Key: key, Note: s.value("jegyzet")})
		if err != nil {
			return err
		}
		c, err := tx.PutClient(vault.Client{Account: acc.ID, Name: name, Folder: folder})
		id = c.ID
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	s.log("%s adds %s in %q", a.name, name, folder)
	s.confirm(a, id, fieldName, name)
}

func keyText(n int) string {
	return strings.Map(func(r rune) rune { return 'A' + r%26 }, fmt.Sprintf("%016d", n))
}

// some is a client of the vault that this person may change.
func (s *sim) some(a *actor, least Right) (vault.Client, bool) {
	if !a.usable() || len(a.home.tx.Clients) == 0 {
		return vault.Client{}, false
	}
	c := a.home.tx.Clients[s.rand.IntN(len(a.home.tx.Clients))]
	_, r := a.state.byLocal(c.Account)
	if r == nil || !a.rightTo(s.recordOf(a, c.Account), r, a.clock()).Covers(least) {
		return vault.Client{}, false
	}
	return c, true
}

func (s *sim) recordOf(a *actor, account string) string { id, _ := a.state.byLocal(account); return id }

func (s *sim) change(a *actor) {
	c, ok := s.some(a, Edit)
	if !ok {
		return
	}
	_, err := a.home.Update(context.Background(), func(tx *vault.Tx) error {
		acc, _ := tx.Account(c.Account)
		switch s.rand.IntN(5) {
		case 0:
			c.Name = s.value("új név")
			s.confirm(a, c.ID, fieldName, c.Name)
		case 1:
			c.TaxNumber = s.value("adó")
			s.confirm(a, c.ID, fieldTax, c.TaxNumber)
		case 2:
			c.Folder = s.folders[s.rand.IntN(len(s.folders))]
		case 3:
			acc.UserName = s.value("név")
		case 4:
			s.n++
			acc.Key.Secret = keyText(s.n)
			s.said[acc.Key.Secret] = true
		}
		if _, err := tx.PutAccount(acc); err != nil {
			return err
		}
		_, err := tx.PutClient(c)
		return err
	})
	s.log("%s changes %s: %v", a.name, c.Name, err)
}

func (s *sim) confirm(a *actor, client, field, value string) {
	if a.steady {
		a.unsaid[confirmed{client, field}] = value
	}
}

func (s *sim) removeClient(a *actor) {
	if c, ok := s.some(a, Edit); ok {
		_, _ = a.home.Update(context.Background(), func(tx *vault.Tx) error { tx.RemoveClients(c.ID); return nil })
		maps.DeleteFunc(a.unsaid, func(u confirmed, _ string) bool { return u.client == c.ID })
		s.log("%s removes %s", a.name, c.Name)
	}
}

// hire brings a new person or another machine in, as far as the store lets it.
func (s *sim) hire(admin *actor) {
	if !admin.usable() || len(s.devices) >= 5 {
		return
	}
	n := NewMember{Name: fmt.Sprint("tag", len(s.devices)), Role: Staff, Auto: s.rand.IntN(2) == 0 && s.copies == nil}
	if s.rand.IntN(3) == 0 {
		n.Member = admin.member
	}
	var text string
	if err := admin.do("invite", func() (err error) { text, err = admin.Invite(context.Background(), n); return err }); err != nil {
		return
	}
	a := s.actor(n.Name)
	a.faulty.Faults = admin.faulty.Faults
	s.meet()
	err := a.do("join", func() error { return a.join(context.Background(), text, a.name, open(a.faulty)) })
	if err != nil && a.home.files[stateFile] == nil {
		s.devices = s.devices[:len(s.devices)-1]
		return
	}
	for range 3 {
		s.meet()
		_ = admin.syncs()
		for _, device := range slices.Sorted(maps.Keys(requests(admin))) {
			_ = admin.do("approve", func() error { return admin.Approve(context.Background(), device) })
		}
		s.meet()
		_ = a.syncs()
	}
	if me := a.me(); me != nil {
		a.member = me.Member
	}
}

// meet brings all copies together.
func (s *sim) meet() {
	for range 2 {
		for i := range s.devices {
			if s.copies != nil {
				s.copies.Sync(i)
			}
		}
	}
}

func requests(a *actor) map[string]*Request {
	if a.state == nil {
		return nil
	}
	return a.state.Requests
}

func (a *actor) me() *Device {
	if a.state == nil {
		return nil
	}
	return a.state.me()
}

func (s *sim) grant(admin *actor) {
	if !admin.usable() {
		return
	}
	var staff []string
	for _, m := range admin.state.Roster.Members {
		if m.Role == Staff {
			staff = append(staff, m.ID)
		}
	}
	if len(staff) == 0 {
		return
	}
	g := Grant{Member: staff[s.rand.IntN(len(staff))], Right: []Right{Codes, Use, Edit}[s.rand.IntN(3)]}
	switch s.rand.IntN(3) {
	case 0:
		g.Folder = s.folders[1+s.rand.IntN(len(s.folders)-1)]
	case 1:
		if ids := admin.state.recordIDs(); len(ids) > 0 {
			g.Record = ids[s.rand.IntN(len(ids))]
		}
	}
	if g.Right == Codes || s.rand.IntN(3) == 0 {
		g.From = admin.clock().Add(time.Duration(s.rand.IntN(5)-2) * time.Hour)
		g.Until = g.From.Add(time.Duration(1+s.rand.IntN(40)) * time.Hour)
	}
	_ = admin.do(fmt.Sprintf("grant %s of %q%q", g.Right, g.Folder, g.Record), func() error { return admin.Grant(context.Background(), g) })
}

func (s *sim) revoke(admin *actor) {
	if !admin.usable() || len(admin.state.Roster.Grants) == 0 {
		return
	}
	g := admin.state.Roster.Grants[s.rand.IntN(len(admin.state.Roster.Grants))]
	_ = admin.do("revoke", func() error { return admin.Revoke(context.Background(), g.ID) })
}

func (s *sim) dismiss(admin *actor) {
	if !admin.usable() {
		return
	}
	victim := s.devices[s.rand.IntN(len(s.devices))]
	if victim == s.devices[0] || victim.member == "" || victim.gone {
		return
	}
	if victim.member != s.devices[0].member && s.rand.IntN(2) == 0 {
		_ = admin.do("remove "+victim.name, func() error { return admin.RemoveMember(context.Background(), victim.member) })
		return
	}
	if me := victim.me(); me != nil {
		_ = admin.do("remove the machine of "+victim.name, func() error { return admin.RemoveDevice(context.Background(), me.ID) })
	}
}

func (s *sim) promote(admin *actor) {
	if !admin.usable() {
		return
	}
	m := s.devices[s.rand.IntN(len(s.devices))]
	if m.member == s.devices[0].member || m.member == "" {
		return
	}
	role := []Role{Admin, Staff}[s.rand.IntN(2)]
	_ = admin.do("makes "+m.name+" "+string(role), func() error { return admin.SetRole(context.Background(), m.member, role) })
}

// miss marks a device as away, or takes one back that asks.
func (s *sim) miss(admin *actor) {
	if !admin.usable() {
		return
	}
	for _, device := range slices.Sorted(maps.Keys(requests(admin))) {
		if admin.state.Requests[device].Invite == "" {
			_ = admin.do("takes back "+device, func() error { return admin.Approve(context.Background(), device) })
			return
		}
	}
	victim := s.devices[s.rand.IntN(len(s.devices))]
	if me := victim.me(); me != nil && victim != s.devices[0] {
		silent := map[string]time.Time{me.ID: wireTime(admin.clock().Add(-10 * time.Hour))}
		_ = admin.do("misses "+victim.name, func() error {
			return admin.decide(context.Background(), func(r *Roster) error { r.mark(silent); return nil })
		})
	}
}

const forged = "HAMIS!" // no signature in Base64 has the mark

// forge puts something into the store that nobody may believe.
func (s *sim) forge(a *actor) {
	var names []string
	for name := range s.mem.List(context.Background(), "", "") {
		names = append(names, name)
	}
	name := names[s.rand.IntN(len(names))]
	body, err := s.mem.Get(context.Background(), name)
	if err != nil {
		return
	}
	switch s.rand.IntN(4) {
	case 0: // altered, in the place of another
		body = []byte(strings.ReplaceAll(string(body), "ügyfél", forged))
		_ = s.mem.Put(context.Background(), name[:len(name)-1]+"z", body)
	case 1: // the thing of another
		_ = s.mem.Put(context.Background(), names[s.rand.IntN(len(names))][:1]+name[1:], body)
	case 2: // the next roster, by whoever it is
		if a.state != nil && a.state.Roster != nil {
			r := a.state.Roster.clone()
			r.Number, r.Before, r.Name = r.Number+1, a.state.Hash, forged
			text, _ := r.encode()
			if me := a.me(); me != nil && !r.isAdmin(me.ID) {
				sealed, _ := mockBox{}.seal(rosterContext(a.state.Office, r.Number), text, a.Office.id, r.readersOfRoster()...)
				_ = s.mem.Put(context.Background(), rosterName(r.Number), sealed)
			}
		}
	case 3: // an edit by someone without the right
		s.forgeEdit(a)
	}
	s.log("%s forges by %s", a.name, name)
}

func (s *sim) forgeEdit(a *actor) {
	if !a.usable() {
		return
	}
	f := s.devices[0] // whose keys a forger does not have; its records are what they aim at
	if f.state == nil {
		return
	}
	ids := f.state.recordIDs()
	if len(ids) == 0 {
		return
	}
	id := ids[s.rand.IntN(len(ids))]
	r := f.state.Records[id]
	if a.right(r.facts(id), a.clock()).Covers(Edit) || f.state.Roster.deviceRight(a.state.Device, r.facts(id), a.clock()).Covers(Edit) {
		return
	}
	set := map[string]string{fieldUser: forged, "client.x.folder": "A", "client.x.name": forged}
	e, err := signEdit(&edit{
		Parents: r.edits.heads(), Roster: a.state.Roster.Number, By: a.state.Device, Time: a.clock().UnixMilli(), Clock: r.edits.latestClock() + 1e6, Set: set,
	}, editContext(a.state.Office, id, false, false), a.Office.id)
	if err != nil {
		return
	}
	want := a.state.Roster.readers(facts{id, append(foldersOf(r.edits.fields()), "A")}, false, a.clock())
	content := bundle{Record: id, Part: partRecord, Roster: a.state.Roster.Number, At: wireTime(a.clock()), To: want, Edits: []signedEdit{e}}
	for _, old := range r.edits.ordered() {
		content.Edits = append(content.Edits, *old)
	}
	name, sealed, err := sealBundle(mockBox{}, a.state.Office, &content, a.Office.id, a.state.Roster.publicKeys(want))
	if err == nil {
		_ = s.mem.Put(context.Background(), name, sealed)
		feed, _ := json.Marshal([]string{name})
		_ = s.mem.Put(context.Background(), feedName(f.state.Device, f.state.Feed.Announced+1), feed)
	}
}

// quiet lets everybody sync until nothing changes any more.
func (s *sim) quiet() {
	s.faults(false)
	s.log("-- quiet")
	s.now = s.now.Add(time.Minute)
	for _, a := range s.devices {
		a.skew = 0
		for range 500 { // what is on its way arrives
			a.faulty.Points++
		}
		_ = a.faulty.Delete(context.Background(), "feed/none")
	}
	s.now = s.now.Add(8 * time.Hour) // every clock that was ahead is behind now
	before, waited := "", false
	still := 0 // syncs in which nothing changed: what one deletes again another must not put there again
	for range 40 {
		for _, a := range s.devices {
			if after := s.names(); after == before {
				still++
			} else {
				s.logDifference(before, after)
				before, still = after, 0
			}
			if still > 4*len(s.devices) && waited {
				return
			} else if still > 4*len(s.devices) { // who was away gives an admin's device time to seal to them again
				s.now = s.now.Add(2 * backTime)
				waited, still = true, 0
			}
			if a.home.files[stateFile] == nil || a.gone {
				continue
			}
			if s.copies == nil {
				a.relist = true
			}
			err := a.syncs()
			s.meet()
			switch {
			case errors.Is(err, ErrExpelled), errors.Is(err, ErrInvite):
				a.gone = true
			case errors.Is(err, ErrNotYet), errors.Is(err, ErrAway):
			case err != nil:
				s.t.Fatalf("%s: %v", a.name, err)
			}
			if s.copies != nil && a != s.devices[0] {
				continue
			}
			for _, device := range slices.Sorted(maps.Keys(requests(a))) {
				if a.state.Requests[device].Invite == "" {
					_ = a.Approve(context.Background(), device)
				} else {
					_ = a.Refuse(context.Background(), device)
				}
			}
		}
	}
	s.log("-- all")
	s.logDifference("", s.names())
	s.t.Fatal("it does not become quiet")
}

func (s *sim) nameOf(signer string) string {
	for _, a := range s.devices {
		if a.Office.id.Public().SigningKey() == signer {
			return a.name
		}
	}
	return "?"
}

func (s *sim) logDifference(before, after string) {
	if !s.verbose {
		return
	}
	for line := range strings.Lines(after) {
		if !strings.Contains(before, line) {
			name := strings.TrimSpace(line)
			body, _ := s.mem.Get(context.Background(), name)
			e, _ := readMock(body)
			var content bundle
			_ = json.Unmarshal(e.Body, &content)
			s.log("new: %s by %s, roster %d, at %s, to %d, %d edits", name, s.nameOf(e.Signer), content.Roster, content.At.Format("15:04:05.000"), len(content.To), len(content.Edits))
			for _, a := range s.devices {
				if a.state == nil || a.state.Roster == nil {
					continue
				}
				v, err := openBundle(mockBox{}, a.state.Office, name, body, a.Office.id, a.state.Roster)
				if err == nil {
					err = a.state.authorize(v)
				}
				s.log("  %s (roster %d) judges: %v", a.name, a.state.Roster.Number, err)
			}
		}
	}
}

func (s *sim) names() string {
	var b strings.Builder
	for name := range s.mem.List(context.Background(), "", "") {
		if !strings.HasPrefix(name, prefixFeed) && !strings.HasPrefix(name, prefixJournal) {
			b.WriteString(name + "\n")
		}
	}
	return b.String()
}

// check holds the end of the story against what the package promises.
func (s *sim) check() {
	t := s.t
	truth := s.devices[0].state
	roster := truth.Roster
	at := s.now
	for _, a := range s.devices {
		if a.state == nil {
			continue
		}
		if a.state.me() == nil || roster.device(a.state.Device) == nil {
			for _, c := range a.home.tx.Accounts {
				if _, r := truth.byLocal(c.ID); r != nil {
					t.Errorf("%s is gone and shows the office's %s", a.name, c.UserName)
				}
			}
			continue
		}
		if a.state.Hash != truth.Hash {
			t.Errorf("%s goes by roster %d, the founder by %d", a.name, a.state.Roster.Number, roster.Number)
		}
		s.checkShown(a, truth, at)
	}
	// Every confirmed edit is in force or in the history.
	for _, k := range s.kept {
		if !slices.ContainsFunc(slices.Collect(maps.Values(truth.Records)), func(r *record) bool {
			for _, e := range r.edits {
				if e.edit.Set[clientPrefix+k.client+"."+k.field] == k.value {
					return true
				}
			}
			return false
		}) && len(truth.Own) == 0 {
			t.Errorf("%s of %s was confirmed and is lost", k.value, k.client)
		}
	}
	s.checkSealed(truth, at, s.copies == nil)
	if s.copies != nil && !t.Failed() {
		// What somebody who had left put into their copy, and did not announce, the next whole listing finds.
		s.now = s.now.Add(listEvery + time.Hour)
		for range 2 {
			for _, a := range s.devices {
				if a.home.files[stateFile] != nil && !a.gone {
					_ = a.syncs()
					s.meet()
				}
			}
		}
		s.checkSealed(s.devices[0].state, s.now, true)
	}
}

func (s *sim) checkShown(a *actor, truth *state, at time.Time) {
	member := a.state.me().Member
	want := map[string]string{}
	for id, r := range truth.Records {
		f := r.edits.fields()
		if f[fieldGone] != "" || len(clientIDs(f)) == 0 || !truth.Roster.right(member, r.facts(id), at).Covers(Use) {
			continue
		}
		for _, c := range clientIDs(f) {
			at := clientPrefix + c + "."
			want[c] = fmt.Sprint(f[at+fieldName], f[at+fieldTax], f[at+fieldFolder], f[fieldUser], f[fieldKey])
		}
	}
	got := map[string]string{}
	for _, c := range a.home.tx.Clients {
		acc, _ := a.home.tx.Account(c.Account)
		for _, text := range []string{c.Name, c.TaxNumber, acc.UserName, acc.Key.Secret} {
			if text != "" && !s.said[text] {
				s.t.Errorf("%s shows %q, which nobody entitled has said", a.name, text)
			}
		}
		if a.state.Own[c.Account] {
			continue
		}
		if acc.Key.Kind == vault.Book {
			f := truth.Records[acc.ID].facts(acc.ID)
			if !truth.Roster.right(member, f, at).Covers(Codes) {
				s.t.Errorf("%s shows the codes of %s", a.name, c.Name)
			}
			continue
		}
		one := card{account: acc}
		got[c.ID] = fmt.Sprint(c.Name, c.TaxNumber, c.Folder, acc.UserName, one.fields()[fieldKey])
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		s.t.Errorf("%s shows\n%v\nthe founder's view is\n%v", a.name, got, want)
	}
}

// checkSealed tries every key that there ever was on every object. If it is tidy, nothing is left of who has left.
func (s *sim) checkSealed(truth *state, at time.Time, tidy bool) {
	current := map[string]int{}
	for name := range s.mem.List(context.Background(), "", "") {
		sealed, err := s.mem.Get(context.Background(), name)
		if err != nil {
			s.t.Fatal(err)
		}
		e, err := readMock(sealed)
		if err != nil {
			continue
		}
		record, part, sum, err := splitBundleName(name)
		if err != nil || sum != hash(sealed) || strings.Contains(string(e.Body), forged) {
			continue // a forger's
		}
		r := truth.Records[record]
		if r == nil {
			continue
		}
		if v, err := openBundle(mockBox{}, truth.Office, name, sealed, s.devices[0].Office.id, truth.Roster); err == nil && truth.authorize(v) != nil {
			continue // refused: nobody takes it
		} else if err != nil && truth.Roster.device(deviceOf(truth.Roster, e.Signer)) == nil {
			if tidy {
				s.t.Errorf("%s by somebody who has left is still there", name)
			}
			continue
		}
		current[record+part]++
		want := map[string]bool{}
		for _, d := range truth.Roster.readers(r.facts(record), part == partPrivate, at) {
			want[truth.Roster.device(d).Public.SigningKey()] = true
		}
		for _, a := range s.devices {
			for _, key := range []*seal.Identity{a.id, a.Office.id} {
				_, _, err := mockBox{}.open(e.Context, sealed, key, e.Signer)
				if can := err == nil; can != want[key.Public().SigningKey()] {
					s.t.Errorf("%s can open %s: %v", a.name, name, can)
				}
			}
		}
	}
	for id, r := range truth.Records {
		if len(r.edits) > 0 && current[id+partRecord] != 1 {
			s.t.Errorf("%d bundles of %s", current[id+partRecord], id)
		}
	}
}

func deviceOf(r *Roster, signer string) string {
	for _, d := range r.Devices {
		if d.Public.SigningKey() == signer {
			return d.ID
		}
	}
	return ""
}
