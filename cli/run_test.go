//go:build linux

package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kapu/agent"
	"kapu/config"
	"kapu/exchange"
	"kapu/internal/doctor"
	"kapu/internal/examples"
	"kapu/lang"
	"kapu/office"
	"kapu/vault"
)

// password is that of every vault here: one with a password needs neither keychain nor desktop.
const password = "correct horse battery staple"

// face is the environment of commands that a test runs without cobra, with what they have printed.
type face struct {
	*app
	t        *testing.T
	home     string
	out, err bytes.Buffer
}

func newFace(t *testing.T) *face {
	t.Helper()
	home := t.TempDir()
	if err := os.Chmod(home, 0o700); err != nil {
		t.Fatal(err)
	}
	f := &face{t: t, home: home, app: &app{
		paths: config.Paths{
			Config: filepath.Join(home, "config.toml"), Vault: home,
			Runtime: filepath.Join(home, "run"), State: filepath.Join(home, "state"),
		},
		cfg: config.Default(), texts: lang.In(lang.English),
	}}
	f.app.out, f.app.err = &f.out, &f.err
	return f.typing("")
}

// unlockedFace is a face with an agent.
func unlockedFace(t *testing.T) *face {
	t.Helper()
	f := newFace(t)
	if err := examples.PasswordFile(f.home, password); err != nil {
		t.Fatal(err)
	}
	f.kapu(password+"\n", "unlock", "--password")
	t.Cleanup(func() { f.kapu("", "lock") })
	return f
}

// kapu runs the program itself: the agent cannot be started by a test, which is another program.
func (f *face) kapu(in string, args ...string) {
	f.t.Helper()
	cmd := exec.Command("kapu", args...)
	cmd.Env = append(os.Environ(), "KAPU_HOME="+f.home, "LANG=en_GB.UTF-8", "DBUS_SESSION_BUS_ADDRESS=unix:path=/nowhere")
	cmd.Stdin = strings.NewReader(in)
	if out, err := cmd.CombinedOutput(); err != nil {
		f.t.Fatalf("kapu %v: %v: %s", args, err, out)
	}
}

// typing puts text on standard input, and forgets what was printed.
func (f *face) typing(text string) *face {
	f.t.Helper()
	in, err := os.CreateTemp(f.t.TempDir(), "")
	if err == nil {
		_, err = in.WriteString(text)
	}
	if err == nil {
		_, err = in.Seek(0, 0)
	}
	if err != nil {
		f.t.Fatal(err)
	}
	f.t.Cleanup(func() { in.Close() })
	f.in, f.lines, f.secret = in, nil, "" // as a command of its own
	f.out.Reset()
	f.err.Reset()
	return f
}

// add adds a client with a new key.
func (f *face) add(name, folder string) {
	f.t.Helper()
	o := addOptions{New: agent.New{Client: agent.Client{Name: name, Folder: folder}}}
	f.must(f.typing(newKey()+"\n").runAdd(f.t.Context(), o))
}

func (f *face) must(err error) {
	f.t.Helper()
	if err != nil {
		f.t.Fatalf("%v; it printed %s%s", err, f.out.String(), f.err.String())
	}
}

// says checks the sentence of an error.
func says(t *testing.T, err error, id string) {
	t.Helper()
	if e, ok := errors.AsType[*lang.Error](err); !ok || e.ID != id {
		t.Errorf("got %v, want %s", err, id)
	}
}

// names are the clients of the vault, in Hungarian order.
func (f *face) names(folder string) string {
	f.t.Helper()
	f.must(f.typing("").runList(f.t.Context(), listOptions{folder: folder, asJSON: true}))
	var clients []agent.Client
	f.must(json.Unmarshal(f.out.Bytes(), &clients))
	var names []string
	for _, c := range clients {
		names = append(names, c.Name)
	}
	return strings.Join(names, ", ")
}

// A wrong call and a locked vault are said before anything is asked or written.
func TestRunLocked(t *testing.T) {
	f := newFace(t)
	ctx := t.Context()
	if usage, err := (usageError{}), f.runExport(ctx, exportOptions{Export: agent.Export{Format: "nonsense"}}); !errors.As(err, &usage) {
		t.Errorf("an unknown format is no wrong call: %v", err)
	}
	for name, err := range map[string]error{
		"export": f.runExport(ctx, exportOptions{Export: agent.Export{Format: "otpauth"}, path: filepath.Join(f.home, "x")}),
		"code":   f.runCode(ctx, codeOptions{query: "alfa"}),
		"copy":   f.runCopy(ctx, copyOptions{query: "alfa"}),
		"edit":   f.runEdit(ctx, editOptions{query: "alfa", key: true}),
		"show":   f.runShow(ctx, showOptions{query: "alfa", Reveal: agent.Reveal{Key: true}}),
		"office": f.runOfficeMembers(ctx, false),
		"backup": f.runBackup(ctx, filepath.Join(f.home, "x")),
	} {
		if !errors.Is(err, agent.ErrLocked) {
			t.Errorf("%s: %v", name, err)
		}
	}
	f.must(f.runLock(ctx)) // it is idempotent
	if got := f.out.String() + f.err.String(); got != "Locked.\n" {
		t.Errorf("printed %q", got)
	}
}

func TestRunCode(t *testing.T) {
	f := unlockedFace(t)
	ctx := t.Context()
	f.add("Alfa Kft.", "")
	f.add("Alfa Bt.", "")
	f.must(f.typing("").runCode(ctx, codeOptions{query: "alfa kft"}))
	code := f.out.String()
	if len(code) != len("123456\n") || f.err.Len() > 0 {
		t.Errorf("printed %q and %q", code, f.err.String())
	}
	f.must(f.typing("").runCode(ctx, codeOptions{query: "alfa kft", next: true, asJSON: true}))
	var next agent.Code
	f.must(json.Unmarshal(f.out.Bytes(), &next))
	if next.Name != "Alfa Kft." || !next.From.After(time.Now()) {
		t.Errorf("the code after it: %+v", next)
	}
	if err := f.typing("").runCode(ctx, codeOptions{query: "alfa"}); f.fail(err) != exitAmbiguous || f.out.Len() > 0 ||
		!strings.Contains(f.err.String(), "Alfa Bt.") || !strings.Contains(f.err.String(), "Alfa Kft.") {
		t.Errorf("%v; printed %q and %q", err, f.out.String(), f.err.String())
	}
	// Without a clipboard nothing is said to have been copied.
	if err := f.typing("").runCopy(ctx, copyOptions{query: "alfa kft"}); err == nil || f.out.Len() > 0 {
		t.Errorf("%v; printed %q", err, f.out.String())
	}
}

func TestRunExport(t *testing.T) {
	f := unlockedFace(t)
	ctx := t.Context()
	f.add("Alfa Kft.", "Kft-k")
	f.add("Béta Bt.", "")
	path := filepath.Join(f.home, "aegis.json")
	aegis := exportOptions{Export: agent.Export{Format: "aegis", Folder: "Kft-k"}, path: path}

	says(t, f.typing("wrong\nfile password 1\n").runExport(ctx, aegis), "password-wrong")
	if _, err := os.Stat(path); err == nil {
		t.Error("a wrong password wrote a file")
	}
	f.must(f.typing(password+"\nfile password 1\n").runExport(ctx, aegis))
	if got := f.out.String(); !strings.Contains(got, path) || strings.Contains(got, "in plain") {
		t.Errorf("said %q", got)
	}
	_, entries, err := exchange.ReadFile(path, exchange.ReadOptions{Ask: func(string) (string, error) { return "file password 1", nil }})
	if err != nil || len(entries) != 1 || entries[0].Name != "Alfa Kft." {
		t.Errorf("in the file: %+v, %v", entries, err)
	}
	// A file that is there is not replaced, and is said before anything is asked.
	says(t, f.typing("").runExport(ctx, aegis), "output-exists")
}

func TestRunImport(t *testing.T) {
	f := unlockedFace(t)
	ctx := t.Context()
	list := filepath.Join(f.home, "list.txt")
	lines := "otpauth://totp/Alfa?secret=JBSWY3DPEHPK3PXP\notpauth://totp/Rossz?secret=1\n"
	f.must(os.WriteFile(list, []byte(lines), 0o600))
	for _, tt := range []struct {
		o      importOptions
		err    string
		inside string
	}{
		{importOptions{dryRun: true}, "", ""},
		{importOptions{whole: true}, "import-not-whole", ""},
		{importOptions{folder: "Új"}, "", "Alfa"},
	} {
		tt.o.paths = []string{list}
		err := f.typing("").runImport(ctx, tt.o)
		if tt.err != "" {
			says(t, err, tt.err)
		} else {
			f.must(err)
		}
		if !strings.Contains(f.out.String(), "Rossz") {
			t.Errorf("%+v does not say what was refused: %s", tt.o, f.out.String())
		}
		if got := f.names(""); got != tt.inside {
			t.Errorf("%+v: in the vault is %q, want %q", tt.o, got, tt.inside)
		}
	}
	if got := f.names("Új"); got != "Alfa" {
		t.Errorf("in the folder is %q", got)
	}
	f.must(f.typing("").runUndo(ctx, false))
	if got := f.names(""); got != "" {
		t.Errorf("undone, but in the vault is %q", got)
	}
}

// What the doctor finds about the settings, the clock and the way to unlock follows from its environment alone.
func TestRunDoctor(t *testing.T) {
	f := unlockedFace(t)
	f.must(os.WriteFile(f.paths.Config, []byte("[lock]\nunlock_with_session = true\n"), 0o600))
	err := f.typing("").runDoctor(t.Context(), true)
	says(t, err, "doctor-sick") // there is no tray here
	var findings []doctor.Finding
	f.must(json.Unmarshal(f.out.Bytes(), &findings))
	got := map[string]string{}
	for _, it := range findings {
		got[it.Check] = it.State
	}
	for check, want := range map[string]string{
		"settings": doctor.OK, "vault": doctor.OK, "keychain": doctor.OK, "recovery": doctor.Unknown, "unlock-with-session": doctor.Unknown,
	} {
		if got[check] != want {
			t.Errorf("%s is %q, want %q", check, got[check], want)
		}
	}
}

// A vault that is a link to a drive that is away is said as that before anything is asked, not as a locked one.
func TestRunAssistLinkAway(t *testing.T) {
	f := newFace(t)
	f.must(os.Symlink(filepath.Join(f.home, "away", "vault.age"), vault.Path(f.home)))
	says(t, f.typing("").assist(t.Context(), agent.New{}), "vault-link")
	if f.err.Len() > 0 {
		t.Errorf("before that it said %s", f.err.String())
	}
}

func TestRunOfficeGrant(t *testing.T) {
	ctx := t.Context()
	anna, bela := unlockedFace(t), unlockedFace(t)
	anna.add("Alfa Kft.", "Kft-k")
	anna.add("Béta Bt.", "")
	says(t, anna.typing("").runOfficeGrant(ctx, officeGrantOptions{member: "x", right: "use"}), "office-none")

	create := officeCreateOptions{OfficeCreate: agent.OfficeCreate{Store: t.TempDir(), Office: "Iroda", Name: "Anna"}}
	anna.must(anna.typing(password+"\n").runOfficeCreate(ctx, create))
	invite := officeInviteOptions{OfficeInvite: agent.OfficeInvite{Name: "Béla", Days: 7}}
	anna.must(anna.typing(password+"\n").runOfficeInvite(ctx, invite))
	bela.must(bela.typing(anna.out.String()+password+"\n").runOfficeJoin(ctx, officeJoinOptions{background: true}))
	if !strings.Contains(bela.out.String(), "six words") {
		t.Errorf("who joins is told %s", bela.out.String())
	}
	anna.must(anna.typing(password+"\n").runOfficeApprove(ctx, "", true))

	for _, tt := range []struct {
		o   officeGrantOptions
		err string
	}{
		{officeGrantOptions{member: "Béla", right: "full", scope: scope{all: true}}, "office-right-wrong"},
		{officeGrantOptions{member: "Béla", right: "use", until: "2031-02-30", scope: scope{all: true}}, "date-wrong"},
		{officeGrantOptions{member: "Cili", right: "use", scope: scope{all: true}}, "office-member-unknown"},
		{officeGrantOptions{member: "Béla", right: "use", scope: scope{clients: []string{"béta", "gamma"}}}, "client-not-found"},
	} {
		says(t, anna.typing("").runOfficeGrant(ctx, tt.o), tt.err)
	}
	grant := officeGrantOptions{
		member: "béla", right: "edit", from: "2031-01-01", until: "2031-01-31",
		scope: scope{clients: []string{"béta"}, folders: []string{"kft-K", "Nincs ilyen"}},
	}
	anna.must(anna.typing(password+"\n").runOfficeGrant(ctx, grant))
	if said := anna.err.String(); !strings.Contains(said, "Clients concerned: ") || !strings.Contains(said, "Keys that Béla will know: ") {
		t.Errorf("the reach is not said first: %s", said)
	}
	if !strings.Contains(anna.err.String(), "Nincs ilyen") {
		t.Errorf("nothing is said of an empty folder: %s", anna.err.String())
	}
	anna.must(anna.typing("").runOfficeRights(ctx, "Béla", true))
	var grants []agent.OfficeGrant
	anna.must(json.Unmarshal(anna.out.Bytes(), &grants))
	var about []string
	for _, g := range grants {
		about = append(about, g.Folder+strings.Join(g.Names, ""))
		if g.Right != office.Edit || span(g.Days()) != "2031-01-01 – 2031-01-31" {
			t.Errorf("granted %s, %s", g.Right, span(g.Days()))
		}
	}
	if got := strings.Join(about, ", "); got != "Béta Bt., Kft-k, Nincs ilyen" {
		t.Errorf("rights to %s", got)
	}
	anna.must(anna.typing("").runOfficeRevoke(ctx, "Béla", scope{folders: []string{"KFT-K"}}))
	anna.must(anna.typing("").runOfficeRights(ctx, "Béla", false))
	if got := anna.out.String(); strings.Contains(got, "Kft-k") || !strings.Contains(got, "Béta Bt.") {
		t.Errorf("left are %s", got)
	}
	says(t, anna.typing("").runOfficeRevoke(ctx, "Béla", scope{folders: []string{"Kft-k"}}), "office-grant-unknown")
	anna.must(anna.typing("").runOfficeRevoke(ctx, "Béla", scope{all: true}))
	says(t, anna.typing("").runOfficeRevoke(ctx, "Béla", scope{all: true}), "office-grant-unknown")

	// What a new right says is what the member has then: less takes the place of more.
	kftk := scope{folders: []string{"kft-k"}}
	anna.must(anna.typing(password+"\n").runOfficeGrant(ctx, officeGrantOptions{member: "béla", right: "use", scope: kftk}))
	anna.must(anna.typing(password+"\n").runOfficeGrant(ctx, officeGrantOptions{member: "béla", right: "codes", until: "2031-01-31", scope: kftk}))
	anna.must(anna.typing("").runOfficeRights(ctx, "Béla", false))
	got := anna.out.String()
	if !strings.Contains(got, "codes only") || !strings.Contains(got, " – 2031-01-31") || strings.Count(got, "\n") != 1 {
		t.Errorf("after less was granted: %s", got)
	}
	says(t, anna.typing(password+"\n").runOfficeGrant(ctx, officeGrantOptions{member: "béla", right: "use", scope: scope{folders: []string{""}}}),
		"office-folder-nameless")
}
