package keeper

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kapu/agent"
	"kapu/config"
	"kapu/exchange"
	"kapu/seal"
	"kapu/vault"
)

const key = "JBSWY3DPEHPK3PXP"

// locator is what the agent has published of itself.
func locator(t *testing.T, paths config.Paths) (l agent.Locator) {
	t.Helper()
	data, err := os.ReadFile(agent.LocatorPath(paths))
	if err == nil {
		err = json.Unmarshal(data, &l)
	}
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// running starts an agent in this process, with a vault and without the keychain, and connects to it.
func running(t *testing.T) (*agent.Conn, *keeper, config.Paths) {
	t.Helper()
	dir := t.TempDir()
	k := testKeeper(t, dir)
	c, paths := served(t, k, dir)
	c.Authenticate(k.vault.RecoveryKey()) // there is no keychain to prove anything by
	return c, k, paths
}

// served answers as the only agent of a desktop session does, with its lock: without that, a connection that a busy
// machine breaks looks like an agent that has gone.
func served(t *testing.T, k *keeper, dir string) (*agent.Conn, config.Paths) {
	t.Helper()
	paths := config.Paths{Vault: dir, Runtime: t.TempDir()}
	lock, first, err := claim(t.Context(), paths)
	if err != nil || !first {
		t.Fatal(first, err)
	}
	t.Cleanup(func() { lock.Close() })
	if err := serve(k, agent.LocatorPath(paths), func(*agent.Conn) Page { return nil }); err != nil {
		t.Fatal(err)
	}
	c, err := agent.Dial(t.Context(), paths)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c, paths
}

func testKeeper(t *testing.T, dir string) *keeper {
	t.Helper()
	id, err := seal.NewIdentity()
	if err != nil {
		t.Fatal(err)
	}
	v, err := vault.Create(dir, id)
	if err != nil {
		t.Fatal(err)
	}
	return newKeeper(t.Context(), vault.Door{Dir: dir}, v, config.Default(), func() {})
}

func mustAdd(t *testing.T, c *agent.Conn, name, key string) agent.Client {
	t.Helper()
	client, err := c.Add(t.Context(), agent.New{Client: agent.Client{Name: name}, Key: key})
	if err != nil {
		t.Fatal(err)
	}
	return client
}

func TestAddListCode(t *testing.T) {
	c, _, _ := running(t)
	added, err := c.Add(t.Context(), agent.New{
		Client: agent.Client{Name: "Őrség Kft.", TaxNumber: "12345678-1-42", Folder: "Kft-k", UserName: "orseg", MandateUntil: "2027-01-31", Favourite: true},
		Key:    "jbsw y3dp ehpk 3pxp", DeletionCode: "99887766",
	})
	if err != nil {
		t.Fatal(err)
	}
	clients, err := c.List(t.Context(), "orseg", "")
	if err != nil || len(clients) != 1 {
		t.Fatalf("%v, %v", clients, err)
	}
	want := agent.Client{
		ID: added.ID, Name: "Őrség Kft.", TaxNumber: "12345678-1-42", Folder: "Kft-k", Service: vault.DefaultService,
		UserName: "orseg", Account: added.Account, MandateUntil: "2027-01-31", Favourite: true,
	}
	if diff := cmp.Diff(want, clients[0]); diff != "" {
		t.Error(diff)
	}
	code, err := c.Code(t.Context(), "12345678142", false)
	if err != nil {
		t.Fatal(err)
	}
	k, _ := vault.ParseKey(key)
	if same, _ := k.Code(code.From); code.Code != same.Digits || code.Remaining < 0 || code.Remaining > 30 {
		t.Errorf("got %+v, want %s", code, same.Digits)
	}
	next, err := c.Code(t.Context(), added.ID, true)
	if after, _ := k.Code(next.From); err != nil || next.Code != after.Digits || !next.From.After(time.Now()) {
		t.Errorf("next: %+v, %v", next, err)
	}
}

func TestQueries(t *testing.T) {
	c, _, _ := running(t)
	for i, name := range []string{"Alfa Kft.", "Alfa Kft. Pécs", "Béta & Társa Bt.", "Kettős", "kettős"} {
		mustAdd(t, c, name, "JBSWY3DPEHPK3PX"+string('A'+rune(i)))
	}
	clients, _ := c.List(t.Context(), "", "")
	for _, tt := range []struct {
		query string
		want  string // a name, or an error
	}{
		{"Alfa Kft.", "Alfa Kft."}, // a whole name goes before parts of names
		{"alfa kft. PECS", "Alfa Kft. Pécs"},
		{"pecs alfa", "Alfa Kft. Pécs"},
		{"tarsa", "Béta & Társa Bt."},
		{clients[0].ID, clients[0].Name},
		{"alfa", "ambiguous"},
		{"kettos", "ambiguous"}, // two equal names: only the id tells
		{"gamma", "not found"},
		{"beta és tarsa BT", "Béta & Társa Bt."},
		{"béta,", "Béta & Társa Bt."},
		{",", "not found"}, // nothing is looked for: that finds nobody
		{"-", "not found"},
		{"", "not found"},
		{"  ", "not found"},
	} {
		got, err := c.Find(t.Context(), tt.query)
		switch {
		case tt.want == "ambiguous" && errors.Is(err, agent.ErrAmbiguous), tt.want == "not found" && errors.Is(err, agent.ErrNotFound):
		case err != nil || got.Name != tt.want:
			t.Errorf("%q: got %q, %v; want %q", tt.query, got.Name, err, tt.want)
		}
	}
}

func TestSameKeyIsAnotherClientOfTheAccount(t *testing.T) {
	c, _, _ := running(t)
	a, b := mustAdd(t, c, "Alfa Kft.", key), mustAdd(t, c, "Béta Bt.", key)
	if a.Account != b.Account {
		t.Error("two accounts for one key")
	}
	if _, err := c.Add(t.Context(), agent.New{Client: agent.Client{Name: "ALFA kft."}, Key: key}); !errors.Is(err, vault.ErrInvalid) {
		t.Errorf("the same client twice: %v", err)
	}
}

func TestEditAndRemove(t *testing.T) {
	c, _, _ := running(t)
	a := mustAdd(t, c, "Alfa Kft.", key)
	name, folder, user, newKey, yes := "Alfa Zrt.", "Zrt-k", "alfa", "GEZDGNBVGY3TQOJQ", true
	after, err := c.Edit(t.Context(), agent.Edit{ID: a.ID, Name: &name, Folder: &folder, UserName: &user, Key: &newKey, Favourite: &yes})
	if err != nil || after.Name != name || after.Folder != folder || after.UserName != user || !after.Favourite {
		t.Errorf("%+v, %v", after, err)
	}
	bad := "1"
	if _, err := c.Edit(t.Context(), agent.Edit{ID: a.ID, Key: &bad}); err == nil || strings.Contains(err.Error(), newKey) {
		t.Errorf("a bad key: %v", err)
	}
	if _, err := c.Remove(t.Context(), a.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Remove(t.Context(), a.ID); !errors.Is(err, agent.ErrNotFound) {
		t.Errorf("removed twice: %v", err)
	}
	if s, _ := c.Status(t.Context()); s.Clients != 0 || s.Accounts != 0 || s.Locked {
		t.Errorf("%+v", s)
	}
}

func TestImport(t *testing.T) {
	c, _, _ := running(t)
	_, entries, err := exchange.Read([]byte("otpauth://totp/Alfa?secret="+key+"\notpauth://totp/Rossz?secret=1\n"), exchange.ReadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		dry       bool
		new, same int
		clients   int
	}{{true, 1, 0, 0}, {false, 1, 0, 1}, {false, 0, 1, 1}} {
		r, err := c.Import(t.Context(), agent.Import{Entries: entries, DryRun: step.dry})
		if err != nil {
			t.Fatal(err)
		}
		if r.Counts[exchange.New] != step.new || r.Counts[exchange.Same] != step.same || r.Counts[exchange.Refused] != 1 {
			t.Errorf("%+v: %v", step, r.Counts)
		}
		if s, _ := c.Status(t.Context()); s.Clients != step.clients {
			t.Errorf("%+v: %d clients", step, s.Clients)
		}
	}
}

// A counter-based code is never handed out twice, also not by the next agent.
func TestCounterStepsBeforeTheCodeIsHandedOut(t *testing.T) {
	c, k, _ := running(t)
	_, entries, _ := exchange.Read([]byte("otpauth://hotp/Alfa?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&counter=0"), exchange.ReadOptions{})
	if _, err := c.Import(t.Context(), agent.Import{Entries: entries}); err != nil {
		t.Fatal(err)
	}
	var got []string
	for range 3 {
		code, err := c.Code(t.Context(), "alfa", false)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, code.Code)
	}
	if diff := cmp.Diff([]string{"755224", "287082", "359152"}, got); diff != "" {
		t.Error(diff)
	}
	if counter := k.vault.Contents().Accounts[0].Key.Counter; counter != 3 {
		t.Errorf("the vault has counter %d", counter)
	}
}

func TestEvents(t *testing.T) {
	c, k, _ := running(t)
	events, err := c.Events(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	mustAdd(t, c, "Alfa Kft.", key)
	if e := <-events; e.Type != agent.Changed {
		t.Errorf("got %+v", e)
	}
	if _, err := c.Code(t.Context(), "alfa", false); err != nil {
		t.Fatal(err)
	}
	if e := <-events; e.Type != agent.Changed {
		t.Errorf("a use: got %+v", e)
	}
	clients, _ := c.List(t.Context(), "", "")
	if time.Since(clients[0].LastUsed) > time.Minute {
		t.Errorf("the use is not seen: %+v", clients[0])
	}
	k.close()
	if last := k.vault.Contents().Clients[0].LastUsed; time.Since(last) > time.Minute {
		t.Errorf("the use was not saved at the end: %v", last)
	}
}

// What cannot be read now was read before: codes go on, and the person is told once.
func TestVaultGoneWhileUnlocked(t *testing.T) {
	c, _, paths := running(t)
	mustAdd(t, c, "Alfa Kft.", key)
	events, err := c.Events(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(vault.Path(paths.Vault), filepath.Join(paths.Vault, "away")); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, err := c.Find(t.Context(), "alfa"); err != nil {
			t.Errorf("a client is no longer found: %v", err)
		}
	}
	if e := <-events; e.Type != agent.Problem || e.Problem == nil {
		t.Errorf("got %+v", e)
	}
	if _, err := c.Add(t.Context(), agent.New{Client: agent.Client{Name: "Béta"}, Key: key}); !errors.Is(err, vault.ErrNone) {
		t.Errorf("added to a vault that is gone: %v", err)
	}
	if len(events) != 0 {
		t.Error("told twice")
	}
}

func TestLockedWithoutAnAgent(t *testing.T) {
	paths := config.Paths{Vault: t.TempDir(), Runtime: t.TempDir()}
	if _, err := agent.Dial(t.Context(), paths); !errors.Is(err, agent.ErrLocked) {
		t.Errorf("got %v", err)
	}
	if s, err := agent.StatusOf(t.Context(), paths); err != nil || !s.Locked || s.Method != "" {
		t.Errorf("got %+v, %v", s, err)
	}
}

// Who does not know the token, or speaks through a browser, gets nothing but a refusal.
func TestStrangersAreTurnedAway(t *testing.T) {
	_, _, paths := running(t)
	l := locator(t, paths)
	base := "http://" + l.Address
	for _, tt := range []struct {
		name, method, path, host string
		header                   map[string]string
		want                     int
	}{
		{"the owner", "POST", "/v1/status", "", map[string]string{"Authorization": "Bearer " + l.Token}, 200},
		{"no token", "POST", "/v1/list", "", nil, 401},
		{"a wrong token", "POST", "/v1/list", "", map[string]string{"Authorization": "Bearer " + rand.Text()}, 401},
		{"another host name", "POST", "/v1/status", "evil.example", map[string]string{"Authorization": "Bearer " + l.Token}, 403},
		{"localhost", "POST", "/v1/status", "localhost", map[string]string{"Authorization": "Bearer " + l.Token}, 403},
		{"another site", "POST", "/v1/status", "", map[string]string{"Authorization": "Bearer " + l.Token, "Origin": "https://evil.example"}, 403},
		{"a sandboxed page", "POST", "/v1/status", "", map[string]string{"Authorization": "Bearer " + l.Token, "Origin": "null"}, 403},
		{"a cross-site fetch", "POST", "/v1/status", "", map[string]string{"Authorization": "Bearer " + l.Token, "Sec-Fetch-Site": "cross-site"}, 403},
		{"a link", "GET", "/v1/list", "", map[string]string{"Authorization": "Bearer " + l.Token}, 405},
		{"elsewhere", "POST", "/v1/../etc", "", nil, 401},
	} {
		r, _ := http.NewRequest(tt.method, base+tt.path, strings.NewReader("{}"))
		if tt.host != "" {
			r.Host = tt.host
		}
		for k, v := range tt.header {
			r.Header.Set(k, v)
		}
		client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
		answer, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(answer.Body)
		answer.Body.Close()
		if answer.StatusCode != tt.want && !(tt.name == "elsewhere" && answer.StatusCode/100 == 3) {
			t.Errorf("%s: %d %s, want %d", tt.name, answer.StatusCode, body, tt.want)
		}
		if answer.Header.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%s: allows other origins", tt.name)
		}
	}
}

// No answer of the agent but the code itself carries a key, a deletion code or a note.
func TestNoAnswerCarriesASecret(t *testing.T) {
	c, k, paths := running(t)
	if _, err := c.Add(t.Context(), agent.New{Client: agent.Client{Name: "Alfa"}, Key: key, DeletionCode: "99887766", Note: "titkos jegyzet"}); err != nil {
		t.Fatal(err)
	}
	l := locator(t, paths)
	for path, request := range map[string]any{
		agent.GetStatus.Path(): agent.None{}, agent.ListClients.Path(): agent.ListRequest{}, agent.FindClient.Path(): agent.FindRequest{Query: "alfa"},
		agent.MakeCode.Path(): agent.CodeRequest{Query: "alfa"}, agent.EditClient.Path(): agent.Edit{ID: "x"}, agent.CopyText.Path(): agent.Copy{Query: "zzz"},
		agent.GetBackups.Path(): agent.None{}, agent.RestoreBackup.Path(): agent.RestoreRequest{Name: "x"},
		agent.UniteVersions.Path():  agent.Unite{},
		agent.ChangeMethod.Path():   agent.Protect{Method: vault.PIN, Secret: "24681357"},
		agent.GetRecoveryKey.Path(): agent.None{},
	} {
		body, err := json.Marshal(request)
		if err != nil {
			t.Fatal(err)
		}
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+l.Address+path, bytes.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+l.Token)
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(answer.Body)
		answer.Body.Close()
		if err != nil || len(text) == 0 {
			t.Fatalf("%s answers %q, %v", path, text, err)
		}
		for _, secret := range []string{key, "99887766", "titkos", k.vault.RecoveryKey(), "24681357", "13572468"} {
			if bytes.Contains(text, []byte(secret)) {
				t.Errorf("%s answers %s", path, text)
			}
		}
	}
}

// The recovery key is told to nobody who does not know what protects the vault.
func TestRecoveryKeyNeedsThePassword(t *testing.T) {
	c, k, _ := running(t)
	const password = "kék zokni bojler"
	c.Authenticate("")
	if err := c.Protect(t.Context(), agent.Protect{Method: vault.Password, Secret: password}); err == nil {
		t.Error("the method was changed without a word")
	}
	c.Authenticate(k.vault.RecoveryKey())
	if err := c.Protect(t.Context(), agent.Protect{Method: vault.Password, Secret: password}); err != nil {
		t.Fatal(err)
	}
	if s, err := c.Status(t.Context()); err != nil || s.Method != vault.Password {
		t.Errorf("%+v, %v", s, err)
	}
	for wrong, kind := range map[string]error{"": agent.ErrAsked, "AGE-SECRET-KEY-PQ-1": vault.ErrSecret, "kék zokni": vault.ErrSecret} {
		c.Authenticate(wrong)
		if got, err := c.RecoveryKey(t.Context()); !errors.Is(err, kind) || got != "" {
			t.Errorf("%q: got %q, %v", wrong, got, err)
		}
	}
	if got, err := c.RecoveryKey(agent.WithSecret(t.Context(), password)); err != nil || got != k.vault.RecoveryKey() {
		t.Errorf("got %q, %v", got, err)
	}
}

// Who unlocks hears that the vault has gone backwards, also if that was found before they listened.
func TestBackwardsIsSaid(t *testing.T) {
	d := vault.Door{Dir: t.TempDir(), State: t.TempDir()}
	const password = "kék zokni bojler"
	v, err := d.Create(t.Context(), vault.Password, vault.Given(password))
	if err != nil {
		t.Fatal(err)
	}
	old, err := os.ReadFile(v.Path())
	if err != nil {
		t.Fatal(err)
	}
	k := newKeeper(t.Context(), d, v, config.Default(), func() {})
	if _, err := k.add(t.Context(), agent.New{Client: agent.Client{Name: "Alfa"}, Key: key}); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(v.Path(), old, 0o600); err != nil {
		t.Fatal(err)
	}
	c, _ := served(t, k, d.Dir)
	if s, err := c.Status(t.Context()); err != nil || s.Warning == nil {
		t.Errorf("%+v, %v", s, err)
	}
	events, err := c.Events(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if e := <-events; e.Type != agent.Problem || e.Problem == nil || e.Problem.ID != "vault-backwards" {
		t.Errorf("heard %+v", e)
	}
}
