package office

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kapu/seal"
	"kapu/vault"
)

//go:generate go test -run TestVectors -write-vectors

var writeVectors = flag.Bool("write-vectors", false, "make testdata/vectors anew")

// A vector is one object as the store has it; docs/formats.md explains the files of testdata/vectors. The identities in
// it protect nothing.
type vector struct {
	Kind    string          `json:"kind"`
	Name    string          `json:"name"`   // in the store; of the invitation and the state file none
	Reader  string          `json:"reader"` // whose identity opens it: anna, béla, cili or invite
	Author  string          `json:"author"`
	Context string          `json:"context"`
	Body    json.RawMessage `json:"body"`
	Sealed  []byte          `json:"sealed,omitempty"`
	Text    string          `json:"text,omitempty"` // of the invitation
}

const vectorDir = "testdata/vectors"

func TestVectors(t *testing.T) {
	if *writeVectors {
		makeVectors(t)
	}
	ids := map[string]*seal.Identity{}
	var names map[string]string
	readJSON(t, "identities.json", &names)
	for name, text := range names {
		id, err := seal.ParseIdentity(text)
		if err != nil {
			t.Fatal(err)
		}
		ids[name] = id
	}
	var chain []vector
	kinds := map[string]bool{}
	files, _ := filepath.Glob(filepath.Join(vectorDir, "[0-9]*.json"))
	for _, file := range files {
		var v vector
		readJSON(t, filepath.Base(file), &v)
		kinds[v.Kind] = true
		if v.Kind == "roster" {
			chain = append(chain, v)
		}
		t.Run(strings.TrimSuffix(filepath.Base(file), ".json"), func(t *testing.T) { v.check(t, ids) })
	}
	for _, kind := range []string{"roster", "record", "private", "book", "join", "journal", "seen", "feed", "invitation", "state"} {
		if !kinds[kind] {
			t.Errorf("no vector of a %s", kind)
		}
	}
	// The rosters make a chain, whose first gives the office its id.
	r := &Roster{}
	first := []byte(compact(t, chain[0].Body))
	if err := strict(first, r); err != nil || r.check() != nil {
		t.Fatal(err)
	}
	office, sum := short(first), hash(first)
	for n, v := range chain[1:] {
		next, h, err := readRoster(realBox{}, v.Sealed, n+1, office, ids[v.Reader], r, sum)
		if err != nil {
			t.Fatalf("roster %d: %v", n+1, err)
		}
		r, sum = next, h
	}
	for _, file := range files { // what a device that knows this roster makes of the rest
		var v vector
		readJSON(t, filepath.Base(file), &v)
		if v.Kind != "record" {
			continue
		}
		s := newState()
		s.Office, s.Roster, s.Hash, s.Device = office, r, sum, DeviceID(ids[v.Reader].Public())
		opened, err := openBundle(realBox{}, office, v.Name, v.Sealed, ids[v.Reader], r)
		if err != nil || s.authorize(opened) != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		s.merge(v.Name, opened)
		if c, err := cardOf(s.Records[opened.Record].edits.fields()); err != nil || c.clients[0].Name != "Alma Kft." || c.clients[0].TaxNumber != "12345678" {
			t.Errorf("%s: %+v, %v", file, c, err)
		}
	}
}

func (v *vector) check(t *testing.T, ids map[string]*seal.Identity) {
	switch v.Kind {
	case "invitation":
		got, err := readInvitation(v.Text)
		if err != nil {
			t.Fatal(err)
		}
		if text, _ := json.Marshal(got); string(text) != compact(t, v.Body) {
			t.Errorf("got %s", text)
		}
		return
	case "feed":
		if string(v.Sealed) != compact(t, v.Body) || len(feedNames(v.Sealed)) == 0 {
			t.Errorf("got %s", v.Sealed)
		}
		return
	}
	body, err := seal.Open(v.Context, v.Sealed, ids[v.Reader], ids[v.Author].Public())
	if err != nil || string(body) != compact(t, v.Body) {
		t.Fatalf("%v, %s", err, body)
	}
	if record, part, sum, err := splitBundleName(v.Name); err == nil {
		var content bundle
		if err := strict(body, &content); err != nil || content.Record != record || content.Part != part || hash(v.Sealed) != sum {
			t.Errorf("%+v, %v", content, err)
		}
	}
	if label, err := splitBookName(v.Name); err == nil {
		var b book
		if err := strict(body, &b); err != nil || b.check(label) != nil {
			t.Error(err)
		}
		key, err := vault.ParseKey("JBSWY3DPEHPK3PXP")
		if err != nil {
			t.Fatal(err)
		}
		want, _ := key.Code(label.from.Add(90 * time.Second))
		if got, ok := b.code(label.from.Add(90 * time.Second)); !ok || got != want {
			t.Errorf("code %+v, want %+v", got, want)
		}
	}
}

// The plain age tool opens an object, and what it prints is one JSON document.
func TestAgeOpensAnObject(t *testing.T) {
	age, err := exec.LookPath("age")
	if err != nil {
		if os.Getenv("KAPU_DESKTOP_TESTS") != "" {
			t.Fatal("the age tool is missing; make test installs it")
		}
		t.Skip("no age tool in PATH")
	}
	var names map[string]string
	readJSON(t, "identities.json", &names)
	files, _ := filepath.Glob(filepath.Join(vectorDir, "*-record.json"))
	var v vector
	readJSON(t, filepath.Base(files[0]), &v)
	dir := t.TempDir()
	identity, object := filepath.Join(dir, "identity.txt"), filepath.Join(dir, "object.age")
	if err := os.WriteFile(identity, []byte(names[v.Reader]+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(object, v.Sealed, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(age, "-d", "-i", identity, object).Output()
	if err != nil {
		t.Fatal(err)
	}
	var document struct {
		Context string
		Body    json.RawMessage
	}
	if err := json.Unmarshal(out, &document); err != nil || document.Context != v.Context || compact(t, document.Body) != compact(t, v.Body) {
		t.Errorf("%v: %s", err, out)
	}
}

func compact(t *testing.T, text []byte) string {
	t.Helper()
	var v json.RawMessage
	if err := json.Unmarshal(text, &v); err != nil {
		t.Fatal(err)
	}
	out, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

func readJSON(t *testing.T, name string, into any) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(vectorDir, name))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, into); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

// makeVectors plays a small office and writes down what is in its store.
func makeVectors(t *testing.T) {
	ctx := context.Background()
	w := newWorld(t)
	a := w.founder("Anna")
	a.add("Alma Kft.", "A")
	a.sync()
	b := w.joins(a, NewMember{Name: "Béla", Role: Staff})
	if err := a.Grant(ctx, Grant{Member: b.member(), Right: Codes, Folder: "A", Until: w.clock.now.Add(3 * time.Hour)}); err != nil {
		t.Fatal(err)
	}
	a.change("Alma Kft.", func(_ *vault.Account, c *vault.Client) { c.TaxNumber = "12345678" })
	a.home.log = append(a.home.log, vault.LogEntry{At: w.clock.now, Act: vault.Copied, Name: "Alma Kft.", Client: a.home.tx.Clients[0].ID})
	a.sync()
	b.sync()
	text, err := a.Invite(ctx, NewMember{Name: "Cili", Role: Staff})
	if err != nil {
		t.Fatal(err)
	}
	c := w.device()
	if err := c.join(ctx, text, "c@cili", w.open); err != nil {
		t.Fatal(err)
	}
	inv, err := readInvitation(text)
	if err != nil {
		t.Fatal(err)
	}
	invite, err := inv.identity()
	if err != nil {
		t.Fatal(err)
	}
	ids := map[string]*seal.Identity{"anna": a.id, "béla": b.id, "cili": c.id, "invite": invite}
	if err := os.MkdirAll(vectorDir, 0o755); err != nil {
		t.Fatal(err)
	}
	old, _ := filepath.Glob(filepath.Join(vectorDir, "*.json"))
	for _, name := range old {
		if err := os.Remove(name); err != nil {
			t.Fatal(err)
		}
	}
	texts := map[string]string{}
	for name, id := range ids {
		texts[name] = id.String()
	}
	writeJSON(t, "identities.json", texts)
	n := 0
	write := func(v vector) {
		n++
		writeJSON(t, twoDigits(n)+"-"+v.Kind+".json", v)
	}
	add := func(kind, name, context string, sealed []byte) {
		for reader, id := range ids {
			for author, by := range ids {
				if body, err := seal.Open(context, sealed, id, by.Public()); err == nil {
					write(vector{kind, name, reader, author, context, body, sealed, ""})
					return
				}
			}
		}
		t.Fatalf("nobody opens %s", name)
	}
	office := a.state.Office
	for _, name := range namesOf(t, w) {
		sealed, err := w.mem.Get(ctx, name)
		if err != nil {
			t.Fatal(err)
		}
		parts := strings.Split(name, "/")
		switch parts[0] + "/" {
		case prefixRoster:
			number, _ := numberOf(name, prefixRoster)
			// Read by Anna, who sees the whole chain.
			body, err := seal.Open(rosterContext(office, number), sealed, a.id, a.id.Public())
			if err != nil {
				t.Fatal(err)
			}
			write(vector{"roster", name, "anna", "anna", rosterContext(office, number), body, sealed, ""})
		case prefixAccounts:
			record, part, _, _ := splitBundleName(name)
			add(part, name, bundleContext(office, record, part), sealed)
		case prefixBooks:
			add("book", name, bookContext(office, name), sealed)
		case prefixJoins:
			add("join", name, joinContext(office, parts[1]), sealed)
		case prefixJournal:
			add("journal", name, journalContext(office, parts[1]), sealed)
		case prefixSeen:
			add("seen", name, seenContext(office, parts[1]), sealed)
		case prefixFeed:
			write(vector{"feed", name, "", "", "", sealed, sealed, ""})
		}
	}
	body, _ := json.Marshal(inv)
	write(vector{Kind: "invitation", Body: body, Text: text})
	add("state", "", stateContext, a.home.files[stateFile])
	add("state", "", stateContext, b.home.files[stateFile])
}

func twoDigits(n int) string { return string(rune('0'+n/10)) + string(rune('0'+n%10)) }

func writeJSON(t *testing.T, name string, v any) {
	t.Helper()
	data, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(vectorDir, name), append(data, '\n'), 0o644); err != nil {
		t.Fatal(err)
	}
}

// What a program that is not Kapu needs to know of words, ids and packed codes.
func TestSmallVectors(t *testing.T) {
	if got := authWords("o", "i", "d"); got != "kürt gép gyümölcs, vitorla kulcs levél" {
		t.Errorf("six words: %q", got)
	}
	number := "25136 99011 16885 42088 99837 22855"
	if a, b := SafetyNumber("o", "d", "e"), SafetyNumber("o", "e", "d"); a != number || b != number {
		t.Errorf("safety numbers: %q, %q", a, b)
	}
	if got := base64.StdEncoding.EncodeToString(packCodes([]uint32{1, 999_999, 123_456})); got != "AAAfQj8eJAA=" {
		t.Errorf("packed codes: %s", got)
	}
	if got := short([]byte("kapu")); got != "czytbvuvx2pziwdyen5yjy3ihr" {
		t.Errorf("id: %s", got)
	}
}
