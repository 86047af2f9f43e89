//go:build linux

package panel_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"kapu/agent"
	"kapu/internal/pagetest"
	bureau "kapu/office"
)

const quick = "[office]\npoll = \"2s\"\n"

// member is somebody's id.
func (o *office) member(name string) string {
	o.t.Helper()
	v, err := o.conn.OfficeView(o.t.Context())
	if err != nil {
		o.t.Fatal(err)
	}
	for _, m := range v.Members {
		if m.Name == name {
			return m.ID
		}
	}
	o.t.Fatalf("nobody is called %s", name)
	return ""
}

func (o *office) sync() {
	o.t.Helper()
	if _, err := o.conn.OfficeSync(o.t.Context()); err != nil {
		o.t.Fatal(err)
	}
}

// grant gives members a right, to everything unless scopes are named.
func (o *office) grant(rights ...agent.OfficeAssignment) {
	o.t.Helper()
	for _, r := range rights {
		r.All = len(r.Clients)+len(r.Folders) == 0
		if _, err := o.conn.OfficeSetRights(o.t.Context(), r); err != nil {
			o.t.Fatal(err)
		}
	}
	o.sync()
}

// found makes this person's vault an office.
func (o *office) found(office, name string) string {
	o.t.Helper()
	store := o.t.TempDir()
	if _, err := o.conn.OfficeCreate(o.t.Context(), agent.OfficeCreate{Store: store, Office: office, Name: name}); err != nil {
		o.t.Fatal(err)
	}
	o.sync()
	return store
}

// takesIn lets a new member in, with an empty vault of their own.
func (o *office) takesIn(name, settings string) *office {
	o.t.Helper()
	made, err := o.conn.OfficeInvite(o.t.Context(), agent.OfficeInvite{Name: name, Auto: true})
	if err != nil {
		o.t.Fatal(err)
	}
	other := newOffice(o.t, settings)
	if _, err := other.conn.OfficeJoin(o.t.Context(), agent.OfficeJoin{Invitation: made.Text}); err != nil {
		o.t.Fatal(err)
	}
	o.sync()
	other.sync()
	return other
}

// invited has members who have no machine yet.
func (o *office) invited(names ...string) {
	o.t.Helper()
	key, err := o.conn.RecoveryKey(o.t.Context())
	if err != nil {
		o.t.Fatal(err)
	}
	ctx := agent.WithSecret(o.t.Context(), key) // a password takes its time, each time
	for _, name := range names {
		if _, err := o.conn.OfficeInvite(ctx, agent.OfficeInvite{Name: name}); err != nil {
			o.t.Fatal(err)
		}
	}
}

func (w *window) click(selector string) { w.t.Helper(); w.do(pagetest.Press(selector)) }

// choose sets a list or a choice as a person does.
func (w *window) choose(selector, value string) {
	w.t.Helper()
	w.until(`(() => { const s = document.querySelector(%s); if (!s) return false; s.value = %s; s.dispatchEvent(new Event("change", { bubbles: true })); s.dispatchEvent(new Event("input", { bubbles: true })); return s.value === %s })()`, selector, value, value)
}

// safetyNumber opens the dialog with the safety number of the only other machine, and closes it again.
func (w *window) safetyNumber() string {
	w.t.Helper()
	w.click(`[data-do="verify"]`)
	w.until(`document.querySelector("dialog[open] .words") !== null`)
	number := eval[string](w, `document.querySelector("dialog .words").textContent`)
	w.everywhere("office-number")
	w.keys(kb.Escape)
	w.until(`document.querySelector("dialog[open]") === null`)
	return number
}

// givesPassword types the password where the page asks for it.
func (w *window) givesPassword() {
	w.t.Helper()
	w.until(`document.activeElement?.id === "secret"`)
	w.do(chromedp.SendKeys("#secret", password+kb.Enter))
	w.until(`document.querySelector("#secret") === null`)
}

// An office from nothing, on two pages: founded, somebody invited, the words compared, let in, a client delegated,
// used, and the right taken away again.
func TestOfficeOnThePage(t *testing.T) {
	anna := newOffice(t, quick, client("Alfa Kft."), client("=Béta Bt."))
	béla := newOffice(t, quick)
	w := anna.open("office")
	w.shows("Új iroda alapítása")
	w.fill("#create [name=office]", "Kis Iroda")
	w.fill("#create [name=person]", "Anna")
	w.fill("#create [name=store]", "nem-jo")
	w.click("#create .main")
	w.givesPassword()
	w.until(`document.querySelector("#create .wrong").innerText !== ""`)
	w.fill("#create [name=store]", t.TempDir())
	w.click("#create .main")
	w.until(`document.activeElement?.id === "secret"`)
	w.keys(kb.Escape) // whoever does not give it has changed nothing
	w.until(`document.querySelector("#create .wrong").innerText.startsWith("A PIN-kód vagy jelszó nélkül")`)
	w.click("#create .main")
	w.givesPassword()
	w.shows("Egyedül van az irodában")

	w.click("#invite")
	w.fill("[name=person]", "Béla")
	w.click("dialog .main")
	w.givesPassword()
	w.until(`(document.querySelector("#invitation")?.value ?? "") !== "" && document.querySelector(".qr").naturalWidth > 0`)
	invitation := eval[string](w, `document.querySelector("#invitation").value`)
	w.keys(kb.Escape)
	w.shows("Függő meghívók")

	b := béla.open("office")
	b.fill("[name=invitation]", invitation[:40])
	b.click("#join .main")
	b.givesPassword()
	b.shows("Ez nem meghívó")
	b.fill("[name=invitation]", invitation)
	b.click("#join .main")
	b.givesPassword()
	b.until(`(document.querySelector("#words")?.innerText ?? "").split(" ").length >= 4`)
	words := eval[string](b, `document.querySelector("#words").innerText`)
	w.shows("Béla be szeretne lépni")
	w.everywhere("office-asks")
	b.everywhere("office-waits")
	if got := eval[string](w, `document.querySelector(".asking .words").innerText`); got != words {
		t.Errorf("the admin sees %q, the new machine %q", got, words)
	}
	w.click(".asking .main")
	w.givesPassword()
	w.shows("Jóváhagyva: Béla")
	b.shows("Munkatársak és gépeik") // by itself
	b.until(`document.querySelectorAll(".people > li").length === 2 && document.querySelector("#invite") === null`)
	w.shows("Csak egy rendszergazda van")
	if number := w.safetyNumber(); len(strings.Fields(number)) != 6 || b.safetyNumber() != number {
		t.Errorf("the safety number is %q and %q", number, b.safetyNumber())
	}

	// Delegated by keyboard: the whole office's row, the staff's column.
	w.enter(anna.link("office/rights"))
	w.until(`document.querySelectorAll(".matrix .client").length === 2`)
	w.do(chromedp.Focus("#query"))
	w.keys(kb.ArrowDown, kb.ArrowDown, kb.ArrowRight, kb.ArrowRight, kb.Enter)
	w.until(`document.querySelector("dialog[open] h2")?.innerText.startsWith("Béla: ")`)
	w.click(`dialog [value=use]`)
	w.until(`document.querySelector("dialog .reach")?.innerText.endsWith("Béla ezután 1 egyedi kulcsot ismer (most: 0).") ?? false`)
	w.click(`dialog .main`)
	w.givesPassword()
	w.shows("Béla: használat – ")
	w.shows("(1 ügyfél)")
	w.until(`document.querySelectorAll(".matrix .right.use:not(.through)").length === 1`)
	b.enter(béla.link(""))
	b.until(`document.querySelectorAll(".body [role=row]").length === 1`)
	b.shows("használat")
	// What is not allowed is not offered.
	b.do(chromedp.Focus(".body [role=row]"))
	b.keys(kb.Home, kb.F2)
	b.shows("csak használhatja")
	b.click(`.body [data-do="details"]`)
	b.until(`document.querySelector("dialog.details") !== null && document.querySelector("dialog [data-secret], dialog textarea") === null`)
	b.click("dialog summary")
	b.until(`document.querySelectorAll(".history li").length > 2 && document.querySelector(".history").innerText.includes("Anna")`)
	b.keys(kb.Escape)

	// Taken away: the key is on the list of those to renew, until there is another.
	béla.sync()
	w.click(".matrix .right.use")
	w.click(`dialog [value=""]`)
	w.click(`dialog .main`)
	w.until(`document.querySelector(".matrix .right.use") === null`)
	b.until(`document.querySelectorAll(".body [role=row]").length === 0`)
	w.enter(anna.link("office/keys"))
	w.until(`(() => { if (document.querySelector("table.list tbody tr")) return true; fetch("/api/office-sync", { method: "POST", body: "{}" }); return false })()`)
	dir := t.TempDir()
	w.downloads(dir)
	w.click("#csv")
	saved := w.downloaded(filepath.Join(dir, "kapu-megujitando-kulcsok.csv"))
	if !strings.HasPrefix(saved, "\ufeffÜgyfelek;") || !strings.Contains(saved, "Béla") || strings.Contains(saved, "\n=") {
		t.Errorf("%q", saved)
	}
	w.click("table.list button")
	w.fill("dialog [name=key]", newKey)
	w.click("dialog .main")
	w.shows("Nincs megújítandó kulcs")

	// Whoever is removed is told what comes of it before.
	w.enter(anna.link("office"))
	w.click(`[data-do=remove]`)
	w.shows("kulcsot megújítani nem kell")
	w.click("dialog .bad")
	w.until(`document.querySelectorAll(".people > li").length === 1`)
	b.enter(béla.link("office"))
	b.shows("ez a gép már nem tagja")
	b.click("#office .main")
	b.click("dialog .bad")
	b.shows("Új iroda alapítása")
	b.fill("#recover [name=store]", t.TempDir())
	b.click("#recover .main") // they are not in it any more, wherever they say it is
	b.givesPassword()
	b.until(`document.querySelector("#recover .wrong").innerText !== ""`)
}

// A substitute without keys: set for some days, seen by them, written into the journal, and ended before its time.
func TestSubstitute(t *testing.T) {
	anna := newOffice(t, quick, client("Alfa Kft."), client("=Béta Bt."))
	store := anna.found("Kis Iroda", "Anna")
	dóra := anna.takesIn("Dóra", quick)
	w := anna.open("office/substitutes")
	w.shows("senki sem helyettesít")
	day := func(days int) string { return bureau.DayOf(time.Now().AddDate(0, 0, days)) }
	yesterday := day(-1)
	w.fill("[name=until]", yesterday)
	w.fill("[name=from]", yesterday)
	w.click("form .main")
	w.givesPassword()
	w.shows("az első előtt van, vagy már elmúlt")
	w.fill("[name=until]", day(2))
	w.click("form .main")
	w.givesPassword()
	w.shows("Helyettesítés beállítva: Dóra")
	w.until(`document.querySelectorAll("#list tbody tr").length === 1`)
	if got := eval[string](w, `document.querySelector("#list tbody tr").innerText`); !strings.Contains(got, "kódok") || !strings.Contains(got, "Minden ügyfél") || !strings.Contains(got, "most tart") {
		t.Errorf("%q", got)
	}
	// Days that overlap with these would end with them.
	w.fill("[name=until]", day(9))
	w.click("form .main")
	w.givesPassword()
	w.shows("előbb fejezze be azt")

	anna.sync()
	dóra.sync()
	d := dóra.open("")
	d.until(`document.querySelectorAll(".body [role=row] .tag").length === 2`)
	d.shows("kódok")
	d.do(chromedp.Focus(".body [role=row]"))
	d.keys(kb.Home, "Ctrl+"+kb.Enter)
	d.until(`document.querySelector(".digits") !== null`)
	d.keys("Ctrl+a")
	d.until(`document.querySelector("#bulk:not([hidden])") !== null && [...document.querySelectorAll("#bulk button:not([hidden])")].length === 1`)
	// Nothing of an admin's is offered, and asking for it leads back.
	d.enter(dóra.link("office/journal"))
	d.until(`location.pathname === "/office" && document.querySelectorAll(".people > li").length === 2 && document.querySelector("[data-do=remove]") === null`)
	d.until(`document.querySelectorAll(".parts a:not([hidden])").length === 2`)

	w.click("#list button")
	w.shows("semmit sem kell megújítani")
	w.click("dialog .bad")
	w.until(`document.querySelector("#list") === null`)
	dóra.sync()
	if n := len(dóra.list()); n != 0 {
		t.Errorf("%d clients stay", n)
	}

	w.enter(anna.link("office/journal"))
	w.until(`[...document.querySelectorAll(".body [role=row]")].some((r) => r.innerText.includes("Dóra") && r.innerText.includes("kód megmutatva"))`)
	w.choose("#member", anna.member("Dóra"))
	w.until(`[...document.querySelectorAll(".body [role=row]")].every((r) => r.innerText.includes("Dóra"))`)
	dir := t.TempDir()
	w.downloads(dir)
	w.click("#csv")
	saved := w.downloaded(filepath.Join(dir, "kapu-irodai-naplo.csv"))
	if !strings.Contains(saved, ";Dóra;") || strings.Contains(saved, ";Anna;") || strings.Contains(saved, ";=") {
		t.Errorf("%q", saved)
	}
	w.fill("#from", day(1))
	w.shows("Nincs ilyen sor")

	// Synchronising, the office's settings, and a store that is gone.
	w.enter(anna.link("office/state"))
	w.fill("[name=days]", "5")
	w.choose("[name=from]", "7")
	w.click("form .main")
	w.givesPassword()
	w.shows("A beállítások elmentve")
	if v, err := anna.conn.OfficeView(t.Context()); err != nil || v.Settings.BookDays != 5 || v.Settings.FromHour != 7 {
		t.Errorf("%v %+v", err, v.Settings)
	}
	w.click("#sync")
	w.shows("Egyeztetve a tárolóval")
	if err := os.Rename(store, store+"-away"); err != nil {
		t.Fatal(err)
	}
	w.click("#sync")
	w.shows("óta nem sikerül")
	w.until(`document.querySelector(".parts .failing") !== null`)
	if err := os.Rename(store+"-away", store); err != nil {
		t.Fatal(err)
	}
	w.click("#sync")
	w.until(`document.querySelector(".parts .failing") === null`)
}

// Who works in an office beside clients of their own gives it those, where they may edit.
func TestOwnClientBecomesTheOffices(t *testing.T) {
	anna := newOffice(t, quick, client("Alfa Kft."))
	anna.found("Kis Iroda", "Anna")
	dóra := anna.takesIn("Dóra", quick)
	if _, err := dóra.conn.Add(t.Context(), agent.New{Client: agent.Client{Name: "Saját Zrt."}, Key: "GEZDGNBVGY3TQOJQ"}); err != nil {
		t.Fatal(err)
	}
	dóra.sync()
	share := func(w *window, hidden bool) {
		t.Helper()
		w.keys(kb.End, " ") // the second, which is Dóra's own
		w.until(`document.querySelector("#bulk:not([hidden])") !== null && document.querySelector("[data-do=share]").hidden === %s`, hidden)
	}
	d := dóra.open("")
	d.until(`document.querySelectorAll(".body [role=row]").length === 1`)
	d.do(chromedp.Focus(".body [role=row]"))
	share(d, true) // nothing here is an office's, as far as the list says
	d.keys(" ")

	anna.grant(agent.OfficeAssignment{Members: []string{anna.member("Dóra")}, Right: "use"})
	dóra.sync()
	d.until(`document.querySelectorAll(".body [role=row]").length === 2`)
	share(d, false)
	d.click("[data-do=share]")
	d.shows("1 ügyfél az irodáé lesz")
	d.click("dialog .bad")
	d.givesPassword()
	d.shows("nincs módosítási joga")
	d.click("dialog menu [type=button]")
	anna.grant(agent.OfficeAssignment{Members: []string{anna.member("Dóra")}, Right: "edit"})
	dóra.sync()
	d.click("[data-do=share]")
	d.click("dialog .bad")
	d.until(`document.activeElement?.id === "secret"`)
	d.fits("office-share-secret")
	d.givesPassword()
	d.until(`document.querySelector("dialog[open]") === null && document.querySelector("#bulk").hidden`)
	dóra.sync()
	anna.sync()
	if n := len(anna.list()); n != 2 {
		t.Errorf("the office has %d clients", n)
	}
}

// Where nobody can be a substitute the page says so, and waits for nothing.
func TestSubstitutesWithoutStaff(t *testing.T) {
	o := newOffice(t, "", client("Alfa Kft."))
	o.found("Kovács Könyvelő", "Kovács Anna")
	w := o.open("office/substitutes")
	w.shows("nincs olyan munkatárs")
	w.until(`document.querySelector("main .loading") === null`)
}
