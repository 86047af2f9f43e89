//go:build linux

package panel_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"kapu/agent"
	"kapu/internal/desktop"
	"kapu/internal/desktop/desktoptest"
	"kapu/lang"
	bureau "kapu/office"
	"kapu/qr"
)

// newcomer is a person without a vault, on a desktop with a keychain.
func newcomer(t *testing.T, language string) *office {
	t.Helper()
	d := desktoptest.Start(t, desktop.Options{Keyring: true})
	o := &office{t: t, home: t.TempDir(), env: d.Env()}
	if err := os.WriteFile(filepath.Join(o.home, "config.toml"), []byte("language = \""+language+"\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if o.conn != nil {
			o.lock()
		}
	})
	return o
}

// mostActions is how far a first code may be away from the program that was just installed.
const mostActions = 7

// walk is a person's way from the icon to the first code, each click and each field counted.
type walk struct {
	*window
	actions int
}

// begin clicks on the icon and on the row that opens a view: two actions.
func (o *office) begin(view string) *walk {
	o.t.Helper()
	w := newBrowser(o.t)
	w.enter(o.kapu("", "open", "--link", view))
	return &walk{window: w, actions: 2}
}

func (w *walk) click(selector string) {
	w.t.Helper()
	w.window.click(selector)
	w.actions++
}

// put types or pastes into a field.
func (w *walk) put(selector, text string) {
	w.t.Helper()
	w.until(`document.querySelector(%s) !== null`, selector)
	w.do(chromedp.SendKeys(selector, text))
	w.actions++
}

func (w *walk) choose(selector, path string) {
	w.t.Helper()
	w.until(`document.querySelector(%s) !== null`, selector)
	w.do(chromedp.SetUploadFiles(selector, []string{path}))
	w.actions++
}

// arrived is the walk's end: the code of the first client, on the clipboard or, without one, said to be missing.
func (w *walk) arrived(o *office) {
	w.t.Helper()
	w.click(`.body [data-do="copy"]`)
	w.until(`document.querySelector(".notice") !== null`)
	if w.actions > mostActions {
		w.t.Errorf("the first code is %d actions away", w.actions)
	}
	w.t.Logf("%d actions", w.actions)
	o.attend()
}

// attend connects to the agent that a door has started.
func (o *office) attend() {
	o.t.Helper()
	var err error
	if o.conn, err = agent.Dial(o.t.Context(), o.paths()); err != nil {
		o.t.Fatal(err)
	}
	o.conn.Authenticate(password)
}

// looked takes the page's picture, light and dark, at the sizes that people have.
func (w *walk) looked(what, language string) {
	w.t.Helper()
	for _, scheme := range []string{"light", "dark"} {
		w.dark(scheme == "dark")
		for name, size := range map[string][2]int64{"1180": {1180, 760}, "1456": {1456, 820}, "390": {390, 780}} {
			w.resize(size[0], size[1])
			w.fits(what + "-" + language + "-" + name + "-" + scheme)
		}
	}
	w.resize(1180, 760)
}

func bothLanguages(t *testing.T, test func(t *testing.T, language string)) {
	t.Helper()
	for _, language := range []string{lang.Hungarian, lang.English} {
		t.Run(language, func(t *testing.T) { test(t, language) })
	}
}

func TestDoorOfLists(t *testing.T) {
	bothLanguages(t, func(t *testing.T, language string) {
		o := newcomer(t, language)
		w := o.begin("import")
		w.shows(lang.In(language).T("page-door-import"))
		w.until(`document.querySelector("#make [value=pin]") !== null`)
		w.looked("door-import", language)
		w.click("#make .main")
		w.until(`document.activeElement?.id === "files"`)
		w.choose("#files", file(t, "kulcsok.txt", someURIs))
		w.click(".confirm .main")
		w.until(`document.querySelector("main a.button[href='/']") !== null`)
		w.click("main a.button[href='/']")
		w.arrived(o)
	})
}

func TestDoorOfClients(t *testing.T) {
	bothLanguages(t, func(t *testing.T, language string) {
		o := newcomer(t, language)
		w := o.begin("")
		w.shows(lang.In(language).T("page-doors"))
		w.looked("doors", language)
		w.actions-- // the icon alone leads there
		w.click(".doors a[href='/add']")
		w.click("#make .main")
		w.until(`document.activeElement?.id === "key"`)
		w.put("#key", newKey+kb.Enter)
		w.until(`document.activeElement?.name === "name"`)
		w.put("[name=name]", "Új Kft."+kb.Enter)
		w.until(`document.activeElement?.id === "code-title" || document.getElementById("digits")?.textContent.trim() !== ""`)
		w.click("#copy")
		if w.actions > mostActions {
			t.Errorf("the first code is %d actions away", w.actions)
		}
		o.attend()
	})
}

// The invitation is looked at before anything is made; the vault is there while the person waits to be let in.
func TestDoorOfInvitations(t *testing.T) {
	anna := newOffice(t, quick, client("Alfa Kft."))
	anna.found("Minta Iroda", "Anna")
	bothLanguages(t, func(t *testing.T, language string) {
		o := newcomer(t, language)
		w := o.begin("office")
		w.until(`document.querySelector("#join textarea") !== null`)
		w.looked("door-join", language)
		w.do(chromedp.SendKeys("#join textarea", "kapu-meghivo-x"))
		w.window.click("#join .main")
		w.until(`Boolean(document.querySelector("#join .wrong")?.textContent)`)
		if exists, err := agent.HasVault(o.paths()); exists || err != nil {
			t.Errorf("a vault was made for no invitation: %v, %v", exists, err)
		}
		w.fill("#join textarea", "")
		made, err := anna.conn.OfficeInvite(t.Context(), agent.OfficeInvite{Name: "Béla " + language})
		if err != nil {
			t.Fatal(err)
		}
		w.put("#join textarea", made.Text)
		w.click("#join .main")
		w.until(`Boolean(document.getElementById("words")?.textContent)`)
		words := eval[string](w.window, `document.getElementById("words").textContent`)
		anna.letIn(words)
		w.click("nav a[href='/']")
		w.arrived(o)
	})
}

// Each of the three ways back, where the page, the recovery sheet and a damaged file are all that is left.
func TestDoorsOfRestoring(t *testing.T) {
	old := newOffice(t, "", client("Alfa Kft."), client("Béta Bt."))
	key, err := old.conn.RecoveryKey(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	backup, err := old.conn.Archive(t.Context(), agent.MakeArchive{Passphrase: password})
	if err != nil {
		t.Fatal(err)
	}
	copied, err := os.ReadFile(filepath.Join(old.home, "vault.age"))
	if err != nil {
		t.Fatal(err)
	}
	bothLanguages(t, func(t *testing.T, language string) {
		t.Run("file", func(t *testing.T) {
			o := newcomer(t, language)
			w := o.begin("restore")
			w.until(`document.getElementById("archive") !== null`)
			w.looked("restore-file", language)
			w.choose("#archive", file(t, "kapu-mentes-2026-11-29-1200.age", string(backup)))
			w.put("[name=passphrase]", password)
			w.click("#file-form .main")
			w.arrived(o)
		})
		t.Run("sheet", func(t *testing.T) {
			o := newcomer(t, language)
			w := o.begin("restore")
			w.until(`document.getElementById("archive") !== null`)
			w.click("details:has(#sheet) summary")
			w.looked("restore-sheet", language)
			w.choose("#picture", sheetPicture(t, key))
			w.until(`document.getElementById("key").value.startsWith("AGE-")`)
			w.choose("#copy", file(t, "vault.age", string(copied)))
			w.click("#sheet-form .main")
			w.arrived(o)
		})
		t.Run("backups", func(t *testing.T) {
			o := newOffice(t, "language = \""+language+"\"\n", client("Alfa Kft."))
			o.adds(client("Béta Bt.")) // the backup is of the moment before
			w := newBrowser(t)
			o.lock()
			damage(t, filepath.Join(o.home, "vault.age"))
			walk := &walk{window: w, actions: 2}
			w.enter(o.kapu("", "open", "--link", "restore"))
			walk.click("#backups-form .main")
			w.until(`document.querySelector("#backups-form [name=current]") !== null`)
			walk.looked("restore-backups", language)
			walk.put("[name=current]", password+kb.Enter)
			w.until(`document.querySelector("#backup-form") !== null`)
			walk.click("#backup-form .main")
			walk.arrived(o)
		})
	})
}

func sheetPicture(t *testing.T, key string) string {
	t.Helper()
	code, err := qr.Make(key)
	if err != nil {
		t.Fatal(err)
	}
	picture, err := code.PNG(8)
	if err != nil {
		t.Fatal(err)
	}
	return file(t, "lap.png", string(picture))
}

func damage(t *testing.T, path string) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err == nil {
		err = os.WriteFile(path, data[:len(data)/2], 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// letIn approves the machine that shows these words, and gives its member all codes.
func (o *office) letIn(words string) {
	o.t.Helper()
	o.sync()
	v, err := o.conn.OfficeView(o.t.Context())
	if err != nil {
		o.t.Fatal(err)
	}
	for _, asking := range v.Asking {
		if asking.Words != words {
			continue
		}
		if err := o.conn.OfficeApprove(o.t.Context(), asking.Device); err != nil {
			o.t.Fatal(err)
		}
		o.grant(agent.OfficeAssignment{Members: []string{asking.Member}, Right: bureau.Use})
		return
	}
	o.t.Fatalf("nobody asks with %q: %v", words, v.Asking)
}
