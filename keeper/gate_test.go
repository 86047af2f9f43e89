package keeper

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"maps"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"kapu/agent"
	"kapu/internal/wait"
	"kapu/office"
	"kapu/vault"
)

const guardPassword = "kék zokni bojler"

// guarded lets a person's vault be unlocked by a password, and somebody else sit down at their screen.
func (p *person) guarded() *person {
	p.t.Helper()
	if err := p.Protect(p.t.Context(), agent.Protect{Method: vault.Password, Secret: guardPassword}); err != nil {
		p.t.Fatal(err)
	}
	p.Authenticate("")
	return p
}

// tried does something as somebody who does not know the password, then as somebody who guesses, then as the person.
// Until then nothing may reach the store, and what is told of it must not be in the log.
func (p *person) tried(what, store string, act vault.Act, deed func() error) {
	p.t.Helper()
	before := files(p.t, store)
	told := p.logged(act)
	for secret, kind := range map[string]error{"": agent.ErrAsked, "AGE-SECRET-KEY-PQ-1": vault.ErrSecret} {
		p.Authenticate(secret) // a recovery key costs no time
		if err := deed(); !errors.Is(err, kind) {
			p.t.Errorf("%s with %q: %v, want %v", what, secret, err, kind)
		}
	}
	if after := files(p.t, store); !maps.Equal(before, after) {
		p.t.Errorf("%s without the password changed the store", what)
	}
	if now := p.logged(act); len(now) != len(told) {
		p.t.Errorf("%s without the password is in the log: %v", what, now)
	}
	p.Authenticate(p.k.vault.RecoveryKey())
	if err := deed(); err != nil {
		p.t.Fatalf("%s with the password: %v", what, err)
	}
	p.Authenticate("")
	if now := p.logged(act); len(now) != len(told)+1 {
		p.t.Errorf("%s: the log has %d lines more", what, len(now)-len(told))
	}
}

// files are the names and contents of what is in a folder.
func files(t *testing.T, dir string) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := fs.WalkDir(os.DirFS(dir), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(dir + "/" + path)
		found[path] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// logged are the names in the lines of one kind, newest first.
func (p *person) logged(act vault.Act) (names []string) {
	p.t.Helper()
	lines, err := p.Log(p.t.Context(), agent.LogRequest{})
	if err != nil {
		p.t.Fatal(err)
	}
	for _, l := range lines.Lines {
		if l.Act == act {
			names = append(names, l.Name)
		}
	}
	return names
}

func (p *person) wantLogged(act vault.Act, name string) {
	p.t.Helper()
	if names := p.logged(act); !slices.Contains(names, name) {
		p.t.Errorf("the log of %s has %q, not %q", act, names, name)
	}
}

// Somebody at another's unlocked screen has an invitation of their own. They do not get the vault into their office;
// and if it is in there, no client.
func TestStrangersInvitation(t *testing.T) {
	stranger := founder(t)
	store := stranger.view().Store
	anna := newPerson(t).guarded()
	client := mustAdd(t, anna.Conn, "Alfa Kft.", key)
	i, err := stranger.OfficeInvite(t.Context(), agent.OfficeInvite{Name: "Cili", Role: office.Admin})
	if err != nil {
		t.Fatal(err)
	}
	events, err := anna.Events(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	anna.Authenticate("zöld zokni bojler")
	if _, err := anna.OfficeJoin(t.Context(), agent.OfficeJoin{Invitation: i.Text}); !errors.Is(err, vault.ErrSecret) {
		t.Errorf("with a wrong password: %v", err)
	}
	anna.tried("joining", store, vault.AskedIn, func() error {
		_, err := anna.OfficeJoin(t.Context(), agent.OfficeJoin{Invitation: i.Text})
		return err
	})
	anna.wantLogged(vault.AskedIn, "Kis Iroda")
	stranger.sync()
	if err := stranger.OfficeApprove(t.Context(), stranger.view().Asking[0].Device); err != nil {
		t.Fatal(err)
	}
	stranger.sync()
	anna.sync()
	anna.wantLogged(vault.Entered, "Kis Iroda")
	stranger.sync()
	if got := stranger.names(); got != "" {
		t.Fatalf("before anything was shared the stranger has %s", got)
	}

	anna.tried("sharing", store, vault.Shared, func() error { return anna.OfficeShare(t.Context(), client.ID) })
	anna.wantLogged(vault.Shared, "Alfa Kft.")
	anna.sync()
	stranger.sync()
	if got := stranger.names(); got != "Alfa Kft.:full " {
		t.Errorf("after it was shared with the password the other has %s", got)
	}
	if err := anna.OfficeLeave(t.Context(), false); err != nil { // takes back, and so asks nothing
		t.Fatal(err)
	}
	anna.wantLogged(vault.Left, "Kis Iroda")
	for _, want := range []agent.Membership{agent.Applied, agent.Inside, agent.Outside} {
		for {
			if e := wait.For(t, "the event "+string(want), events); e.Type == agent.Belongs {
				if e.Membership != want || e.Office != "Kis Iroda" {
					t.Errorf("told %+v, want %s", e, want)
				}
				break
			}
		}
	}
}

// An admin's unlocked screen gives nobody a right, lets nobody in and makes nobody an admin.
func TestAdminsScreenAsks(t *testing.T) {
	anna := founder(t)
	béla := anna.joins("Béla")
	store, member := anna.view().Store, anna.member("Béla")
	mustAdd(t, anna.Conn, "Alfa Kft.", key)
	anna.sync()
	anna.guarded()
	rights := func(right office.Right, to agent.OfficeScopes) func() error {
		return func() error {
			_, err := anna.OfficeSetRights(t.Context(), agent.OfficeAssignment{
				Members: []string{member}, Right: right, OfficeScopes: to, OfficeDays: untilTomorrow(),
			})
			return err
		}
	}
	all := agent.OfficeScopes{All: true}
	anna.tried("the right to codes", store, vault.Granted, rights(office.Codes, agent.OfficeScopes{Folders: []string{"Kft-k"}}))
	anna.wantLogged(vault.Granted, "Béla ← Kft-k")
	anna.tried("use", store, vault.GaveUse, rights(office.Use, all))
	anna.wantLogged(vault.GaveUse, "Béla ← "+anna.k.prompt().texts.T("office-everything"))
	anna.sync()
	béla.sync()
	if got := béla.names(); got != "Alfa Kft.:use " {
		t.Errorf("with the password Béla has %s", got)
	}
	anna.tried("edit", store, vault.GaveEdit, rights(office.Edit, all))
	none := agent.OfficeAssignment{Members: []string{member}, AnyScope: true}
	if _, err := anna.OfficeSetRights(t.Context(), none); err != nil {
		t.Errorf("to take rights away asks: %v", err)
	}
	anna.tried("a substitution", store, vault.GaveUse, func() error {
		_, err := anna.OfficeStandIn(t.Context(), agent.OfficeSubstitution{
			Member: member, OfficeScopes: all, Right: office.Use, OfficeDays: untilTomorrow(),
		})
		return err
	})
	anna.tried("an invitation", store, vault.Invited, func() error {
		_, err := anna.OfficeInvite(t.Context(), agent.OfficeInvite{Name: "Cili"})
		return err
	})
	settings := *anna.view().Settings
	settings.BookDays = 14
	anna.tried("the settings", store, vault.Configured, func() error {
		return anna.OfficeConfigure(t.Context(), settings)
	})
	anna.tried("the role of an admin", store, vault.MadeAdmin, func() error { return anna.OfficeSetRole(t.Context(), member, office.Admin) })
	anna.wantLogged(vault.MadeAdmin, "Béla")
	if err := anna.OfficeSetRole(t.Context(), member, office.Staff); err != nil {
		t.Errorf("to take the role away asks: %v", err)
	}
	anna.tried("the same store", store, vault.Moved, func() error {
		_, err := anna.OfficeSetStore(t.Context(), agent.OfficeStore{Store: store})
		return err
	})

	anna.Authenticate(guardPassword) // which is as good
	i, err := anna.OfficeInvite(t.Context(), agent.OfficeInvite{Name: "Dóra"})
	if err != nil {
		t.Fatal(err)
	}
	dóra := newPerson(t)
	if _, err := dóra.OfficeJoin(t.Context(), agent.OfficeJoin{Invitation: i.Text}); err != nil {
		t.Fatal(err)
	}
	anna.sync()
	asking := anna.view().Asking[0]
	anna.tried("admission", store, vault.Admitted, func() error { return anna.OfficeApprove(t.Context(), asking.Device) })
	anna.wantLogged(vault.Admitted, "Dóra ("+asking.Machine+")")
}

// To found an office makes all there is in the vault the office's, and to come back into one shows it to all admins.
func TestFoundingAsks(t *testing.T) {
	anna := newPerson(t).guarded()
	store := t.TempDir()
	anna.tried("founding", store, vault.Founded, func() error {
		_, err := anna.OfficeCreate(t.Context(), agent.OfficeCreate{Store: store, Office: "Kis Iroda", Name: "Anna"})
		return err
	})
	anna.wantLogged(vault.Founded, "Kis Iroda")
	if err := os.RemoveAll(anna.k.vault.Dir() + "/office"); err != nil { // the state is lost
		t.Fatal(err)
	}
	anna.k.desk.forget()
	anna.k.desk.tellMembership("")
	anna.tried("coming back", store, vault.Entered, func() error {
		_, err := anna.OfficeRecover(t.Context(), agent.OfficeRecover{Store: store})
		return err
	})
}

// A change of a client by which others come to read its key asks too, and says who they are; any other does not.
func TestFilingForOthersAsks(t *testing.T) {
	anna := founder(t)
	anna.joins("Béla")
	anna.grants("Béla", office.Use, agent.OfficeScopes{Folders: []string{"Kft-k"}}, agent.OfficeDays{})
	alfa := mustAdd(t, anna.Conn, "Alfa Kft.", key)
	béta := mustAdd(t, anna.Conn, "Béta Bt.", "MFRGGZDFMZTWQ2LK")
	anna.sync()
	anna.guarded()
	store := anna.view().Store
	file := func(folder string, ids ...string) error {
		_, err := anna.EditMany(t.Context(), agent.EditMany{IDs: ids, Folder: &folder})
		return err
	}
	if err := file("Bt-k", alfa.ID, béta.ID); err != nil {
		t.Fatalf("a folder that nobody sees: %v", err)
	}
	err := file("Kft-k", alfa.ID)
	if !errors.Is(err, agent.ErrAsked) || !strings.Contains(err.Error(), "Alfa Kft.") || !strings.Contains(err.Error(), "Béla") {
		t.Errorf("a folder that Béla sees: %v", err)
	}
	anna.tried("filing", store, vault.Opened, func() error { return file("Kft-k", alfa.ID) })
	anna.wantLogged(vault.Opened, "Alfa Kft. → Béla")
	if err := file("Bt-k", alfa.ID); err != nil {
		t.Errorf("out of it again: %v", err)
	}
	// The account goes by the folders of all its clients: a further one opens it too.
	further := agent.New{Client: agent.Client{Name: "Alfa Holding", Folder: "Kft-k"}, Key: key}
	anna.tried("a further client", store, vault.Opened, func() error {
		_, err := anna.Add(t.Context(), further)
		return err
	})
	// A substitute with codes only comes to the codes, and one who has those to the key.
	member := anna.member("Béla")
	anna.Authenticate(anna.k.vault.RecoveryKey())
	for _, r := range []agent.OfficeAssignment{
		{Right: office.Codes, OfficeScopes: agent.OfficeScopes{Folders: []string{"Kódok"}}, OfficeDays: untilTomorrow()},
		{Right: office.Edit, OfficeScopes: agent.OfficeScopes{Folders: []string{"Egyéb"}}},
	} {
		r.Members = []string{member}
		if _, err := anna.OfficeSetRights(t.Context(), r); err != nil {
			t.Fatal(err)
		}
	}
	anna.Authenticate("")
	anna.sync()
	anna.tried("filing for codes", store, vault.Opened, func() error { return file("Kódok", béta.ID) })
	anna.sync()
	anna.tried("filing for the key", store, vault.Opened, func() error { return file("Egyéb", béta.ID) })
	anna.sync()
	if err := file("Kódok", béta.ID); err != nil {
		t.Errorf("from the key to codes: %v", err)
	}
	fresh := agent.New{Client: agent.Client{Name: "Gamma", Folder: "Kft-k"}, Key: "KRSXG5CTMVRXEZLU"}
	if _, err := anna.Add(t.Context(), fresh); err != nil {
		t.Errorf("a key that was typed just now: %v", err)
	}
}

// Who sits at an unlocked screen takes away the files that say how the vault is unlocked: the question stays.
func TestTheQuestionOutlivesItsFiles(t *testing.T) {
	anna := founder(t)
	anna.joins("Béla")
	anna.grants("Béla", office.Use, agent.OfficeScopes{Folders: []string{"Kft-k"}}, agent.OfficeDays{})
	alfa := mustAdd(t, anna.Conn, "Alfa Kft.", key)
	anna.sync()
	anna.guarded()
	for _, dir := range slices.DeleteFunc([]string{anna.k.door.Dir, anna.k.door.State}, func(dir string) bool { return dir == "" }) {
		for name := range files(t, dir) {
			if strings.HasSuffix(name, "vault.key") || strings.HasSuffix(name, ".json") {
				if err := os.Remove(dir + "/" + name); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	if m := anna.k.door.Method(); m != vault.Keychain {
		t.Fatalf("the files still say %s", m)
	}
	folder := "Kft-k"
	file := func() error {
		_, err := anna.EditMany(t.Context(), agent.EditMany{IDs: []string{alfa.ID}, Folder: &folder})
		return err
	}
	if err := file(); !errors.Is(err, agent.ErrAsked) {
		t.Errorf("a folder that Béla sees: %v", err)
	}
	if s, err := anna.Status(t.Context()); err != nil || s.Method != vault.Password {
		t.Errorf("asked for %q, %v", s.Method, err)
	}
	anna.Authenticate(anna.k.vault.RecoveryKey())
	if err := file(); err != nil {
		t.Error(err)
	}
}

// What is an admin's own does not become the office's by a detour: it is merged, removed and taken back, or comes back
// out of a backup.
func TestOwnStaysOwn(t *testing.T) {
	stranger := founder(t)
	theirs := mustAdd(t, stranger.Conn, "Közös Kft.", "KRSXG5CTMVRXEZLU")
	stranger.sync()
	anna := newPerson(t)
	early := mustAdd(t, anna.Conn, "Korai Bt.", "NBSWY3DPEB3W64TM")
	own := mustAdd(t, anna.Conn, "Alfa Kft.", key)
	removal, err := anna.Remove(t.Context(), early.ID)
	if err != nil {
		t.Fatal(err)
	}
	i, err := stranger.OfficeInvite(t.Context(), agent.OfficeInvite{Name: "Cili", Role: office.Admin, Auto: true})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := anna.OfficeJoin(t.Context(), agent.OfficeJoin{Invitation: i.Text}); err != nil {
		t.Fatal(err)
	}
	both := func() {
		t.Helper()
		for range 2 {
			stranger.sync()
			anna.sync()
		}
		stranger.sync()
	}
	both()
	anna.guarded()
	for _, taken := range []func() error{
		func() error {
			done, err := anna.Merge(t.Context(), agent.Merge{Keep: theirs.ID, Other: own.ID, OtherKey: true})
			both()
			if got := stranger.names(); err == nil && got != "" {
				t.Errorf("after a merge the stranger has %s", got)
			}
			if err == nil {
				_, err = anna.Undo(t.Context(), done.Undo)
			}
			return err
		},
		func() error { _, err := anna.Undo(t.Context(), removal.Undo); return err },
		func() error {
			done, err := anna.Remove(t.Context(), own.ID)
			both()
			if err == nil {
				_, err = anna.Undo(t.Context(), done.Undo)
			}
			return err
		},
		func() error {
			if _, err := anna.Remove(t.Context(), own.ID); err != nil {
				return err
			}
			both()
			backups, err := anna.Backups(t.Context())
			if err != nil {
				return err
			}
			for _, b := range backups {
				if _, err := anna.Restore(t.Context(), b.Name); err == nil { // else it was pruned meanwhile
					both()
				}
			}
			return nil
		},
	} {
		if err := taken(); err != nil {
			t.Fatal(err)
		}
		both()
		if got := stranger.names(); got != "Közös Kft.:full " {
			t.Errorf("the stranger has %s", got)
		}
	}
}

// The agent's server asks what the table of endpoints says, whatever is in the request.
func TestServerKeepsToTheTable(t *testing.T) {
	c, k, paths := running(t)
	(&person{c, k, t}).guarded()
	l := locator(t, paths)
	source, err := os.ReadFile("../agent/endpoints.go")
	if err != nil {
		t.Fatal(err)
	}
	all := regexp.MustCompile(`= Endpoint\[.*\]\{"([a-z/-]+)", (\w+)\}`).FindAllSubmatch(source, -1)
	if len(all) < 50 {
		t.Fatalf("%d endpoints", len(all))
	}
	for _, e := range all {
		path, asks := string(e[1]), string(e[2])
		if path == "events" || path == "lock" || path == "link" || path == "unlock-folder" {
			continue
		}
		request := "{}"
		if asks == "ByRequest" {
			request = `{"key": true}`
			if strings.HasPrefix(path, "office/") {
				request = `{"role": "admin"}`
			}
			if path == "office/set-rights" {
				request = `{"right": "codes"}`
			}
		}
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+l.Address+"/v1/"+path, strings.NewReader(request))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+l.Token)
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		text, _ := io.ReadAll(answer.Body)
		answer.Body.Close()
		if answer.StatusCode == http.StatusNotFound && !bytes.Contains(text, []byte(`"kind"`)) {
			t.Errorf("%s: nobody answers", path)
		}
		want := asks == "Always" || asks == "ByRequest"
		if got := bytes.Contains(text, []byte(`"kind":"asked"`)); got != want {
			t.Errorf("%s is said to ask %s, and answers %s", path, asks, text)
		}
	}
}
