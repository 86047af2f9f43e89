//go:build linux

package panel_test

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"encoding/json"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"kapu/agent"
	"kapu/exchange"
	"kapu/internal/wait"
	"kapu/lang"
	"kapu/vault"
)

var keys atomic.Uint64

// client makes an entry with a key of its own.
func client(name string) exchange.Entry {
	n := keys.Add(1) // tests run side by side
	key := sha256.Sum256(binary.BigEndian.AppendUint64(nil, n))
	k, err := vault.ParseKey(base32.StdEncoding.EncodeToString(key[:10]))
	if err != nil {
		panic(err)
	}
	return exchange.Entry{Name: name, Key: k}
}

// names are those of the rows on the page, in order.
func (w *window) names() []string {
	return eval[[]string](w, `[...document.querySelectorAll(".body [role=row]")].sort((a, b) => a.ariaRowIndex - b.ariaRowIndex).map(r => r.querySelector(".name").innerText)`)
}

func (w *window) namesAre(names ...string) {
	w.t.Helper()
	want := strings.Join(names, "|")
	if !wait.Poll(func() bool { return strings.Join(w.names(), "|") == want }) {
		w.t.Fatalf("the rows are %q, want %q; the page shows:\n%s", w.names(), names, w.text())
	}
}

func (w *window) keys(keys ...string) {
	w.t.Helper()
	for _, k := range keys {
		var options []chromedp.KeyOption
		if rest, ok := strings.CutPrefix(k, "Ctrl+"); ok {
			k, options = rest, append(options, chromedp.KeyModifiers(chromedp.ModifierCtrl))
		}
		if rest, ok := strings.CutPrefix(k, "Shift+"); ok {
			k, options = rest, append(options, chromedp.KeyModifiers(chromedp.ModifierShift))
		}
		w.do(chromedp.KeyEvent(k, options...))
	}
}

// fill sets an input's value as typing does.
func (w *window) fill(selector, value string) {
	w.t.Helper()
	w.until(`document.querySelector(%s) !== null`, selector)
	eval[bool](w, `(() => {
		const input = document.querySelector(%s);
		input.value = %s;
		return input.dispatchEvent(new InputEvent("input", { bubbles: true }));
	})()`, selector, value)
}

func (o *office) list() map[string]agent.Client {
	o.t.Helper()
	clients, err := o.conn.List(o.t.Context(), "", "")
	if err != nil {
		o.t.Fatal(err)
	}
	byName := map[string]agent.Client{}
	for _, c := range clients {
		byName[c.Name] = c
	}
	return byName
}

// Hungarian order; found without accents by name, folder and tax number as one types.
func TestSearchInTheTable(t *testing.T) {
	entries := []exchange.Entry{client("Őrség Kft."), client("Cz Bt."), client("Cs Bt."), client("Ordas Kft.")}
	entries[0].TaxNumber, entries[0].Folder = "12345678-1-42", "Zalai cégek"
	entries[1].UserName, entries[2].Service, entries[3].TaxNumber = "szollosi-anna", "e-Kapu", "HU23456789"
	o := newOffice(t, "", entries...)
	w := o.open("")
	w.namesAre("Cz Bt.", "Cs Bt.", "Ordas Kft.", "Őrség Kft.")
	for query, want := range map[string]string{
		"orseg": "Őrség Kft.", "ŐRS": "Őrség Kft.", "kft ord": "Ordas Kft.", "zalai": "Őrség Kft.", "123456781": "Őrség Kft.",
		"12345678-1": "Őrség Kft.", "cs": "Cs Bt.", "semmi": "", "orseg, k.f.t.": "Őrség Kft.", "HU 12345678": "Őrség Kft.",
		"SZŐLLŐSI": "Cz Bt.", "anna-": "Cz Bt.", "ekapu": "Cs Bt.", "23456789": "Ordas Kft.", "23.456.789-1-41": "Ordas Kft.",
	} {
		w.fill("#query", query)
		if want == "" {
			w.namesAre()
			w.shows("Nincs találat")
		} else {
			w.namesAre(want)
		}
	}
}

// The page folds texts as the agent does.
func TestFold(t *testing.T) {
	o := newOffice(t, "", client("Alfa"))
	w := o.open("")
	w.namesAre("Alfa")
	for _, s := range []string{"Árvíztűrő TÜKÖRFÚRÓGÉP", "  a\tb\u00a0 c ", "ÉÖŐÜŰ", "Straße", "שלום", "Łódź", "İstanbul", "e\u0301"} {
		w.do(chromedp.Evaluate[chromedp.Void](`import("/static/fold.js").then((m) => { window.fold = m.fold })`))
		w.until(`window.fold !== undefined`)
		if got := eval[string](w, `fold(%s)`, s); got != lang.Fold(s) {
			t.Errorf("%q: the page has %q, the agent %q", s, got, lang.Fold(s))
		}
	}
}

// The page finds by words what the agent finds: the vectors of package lang, and texts made by chance.
func TestSearchVectors(t *testing.T) {
	data, err := os.ReadFile("../lang/testdata/search.json")
	if err != nil {
		t.Fatal(err)
	}
	var v struct {
		Clients []struct {
			Name, Folder, Service string
			TaxNumber             string `json:"tax_number"`
			UserName              string `json:"user_name"`
			Finds, Misses         []string
		}
	}
	if err := json.Unmarshal(data, &v); err != nil || len(v.Clients) == 0 {
		t.Fatal(err)
	}
	o := newOffice(t, "", client("Alfa"))
	w := o.open("")
	w.namesAre("Alfa")
	w.do(chromedp.Evaluate[chromedp.Void](`import("/static/words.js").then((m) => {
		window.finds = ([name, tax, ...others], queries) => {
			const key = m.keyOf([name, ...others].map(m.lines).join(""), tax);
			return queries.map((q) => m.parse(q)(key));
		};
	})`))
	w.until(`window.finds !== undefined`)
	compare := func(fields, queries []string) []bool {
		t.Helper()
		key := lang.NewSearchKey(fields[0], fields[1], fields[2:]...)
		found := eval[[]bool](w, `finds(%s, %s)`, fields, queries)
		for i, s := range queries {
			if q := lang.NewQuery(s); found[i] != q.Finds(&key) {
				t.Errorf("%q in %q: the page says %v, the agent %v", s, fields, found[i], !found[i])
			}
		}
		return found
	}
	for _, c := range v.Clients {
		found := compare([]string{c.Name, c.TaxNumber, c.Folder, c.UserName, c.Service}, append(c.Finds, c.Misses...))
		for i, yes := range found {
			if yes != (i < len(c.Finds)) {
				t.Errorf("%q, query %d: %v", c.Name, i, yes)
			}
		}
	}

	pieces := []string{
		"Kovács", "nagy", "és", "and", "&", "+", " ", " ", " ", "-", "–", ".", ",", "’", "'", "´", "e", "v", "k.f.t.", "Z. Rt.", "HU", "22",
		"345", "22345678", "1", "42", "Ł", "ß", "ı", "İ", "Σ", "ς", "™", "½",
		"\u00ad", "\u200b", "\ufeff", "\u0085", "\u202e", "e\u0301", "„", "?", "ﬁ", "🍕", "ʼ", "Ş",
		"ǭ", "/", "\t", "ﷺ", "ノ", "한", "א", "\u0e33", "ÿ", "Ǆ",
	}
	seed := uint64(time.Now().UnixNano())
	r := rand.New(rand.NewPCG(seed, 0))
	text := func() string {
		var b strings.Builder
		for range r.IntN(9) {
			b.WriteString(pieces[r.IntN(len(pieces))])
		}
		return b.String()
	}
	for range 200 {
		fields := []string{text(), text(), text()}
		queries := append([]string{}, fields...)
		for range 20 {
			queries = append(queries, text(), pieces[r.IntN(len(pieces))])
		}
		compare(fields, queries)
	}
	if t.Failed() {
		t.Logf("seed %d", seed)
	}
}

// Everything by keyboard: select, move to a folder, take it back, edit in place, delete, take that back.
func TestKeyboard(t *testing.T) {
	o := newOffice(t, "", client("Alfa"), client("Béta"), client("Gamma"))
	w := o.open("")
	w.namesAre("Alfa", "Béta", "Gamma")
	w.keys(kb.ArrowDown, kb.ArrowDown)
	w.until(`document.activeElement.querySelector(".name")?.innerText === "Béta"`)
	w.keys("Shift+" + kb.ArrowDown)
	w.shows("Kijelölve: 2")
	w.click(`[data-do="folder"]`)
	w.do(chromedp.SendKeys("#folder-dialog input", "Új mappa"+kb.Enter))
	w.shows("Módosítva: 2 ügyfél")
	if got := o.list(); got["Béta"].Folder != "Új mappa" || got["Gamma"].Folder != "Új mappa" || got["Alfa"].Folder != "" {
		t.Errorf("%+v", got)
	}
	w.click(`.notice button`)
	w.shows("2 ügyfél módosítása visszavonva.")
	if got := o.list(); got["Béta"].Folder != "" || got["Gamma"].Folder != "" {
		t.Errorf("after undo: %+v", got)
	}

	w.do(chromedp.Focus(`.body [role=row]`))
	w.keys(kb.Home, kb.F2)
	w.until(`document.activeElement.name === "name"`)
	w.fill(".editing [name=name]", "Omega Zrt.")
	w.fill(".editing [name=mandate_until]", "2030-05-06")
	w.fill(".editing [name=password_until]", "2030-07-08")
	w.fill(".editing [name=tax_number]", "11111111-2-33")
	w.keys(kb.Enter)
	w.namesAre("Béta", "Gamma", "Omega Zrt.")
	c := o.list()["Omega Zrt."]
	if c.MandateUntil != "2030-05-06" || c.PasswordUntil != "2030-07-08" || c.TaxNumber != "11111111-2-33" {
		t.Errorf("edited: %+v", c)
	}
	w.shows("2030. 05. 06.")

	w.keys(kb.F2)
	w.until(`document.activeElement.name === "name"`)
	w.fill(".editing [name=name]", "")
	w.keys(kb.Enter)
	w.until(`document.querySelector("[role=alert]") !== null`)
	w.keys(kb.Escape)
	w.namesAre("Béta", "Gamma", "Omega Zrt.")

	w.keys("Ctrl+a")
	w.shows("Kijelölve: 3")
	w.keys(kb.Delete)
	w.shows("Eltávolítva: 3 ügyfél")
	w.namesAre()
	w.click(`.notice button`)
	w.namesAre("Béta", "Gamma", "Omega Zrt.")
}

// Dates and favourites of several clients at once.
func TestBulk(t *testing.T) {
	o := newOffice(t, "", client("Alfa"), client("Béta"))
	w := o.open("")
	w.namesAre("Alfa", "Béta")
	for _, step := range []struct {
		command, day string
		done         func(agent.Client) bool
	}{
		{"mandate_until", "2031-01-02", func(c agent.Client) bool { return c.MandateUntil == "2031-01-02" }},
		{"password_until", "2031-03-04", func(c agent.Client) bool { return c.PasswordUntil == "2031-03-04" }},
		{"favourite", "", func(c agent.Client) bool { return c.Favourite }},
		{"mandate_until", "", func(c agent.Client) bool { return c.MandateUntil == "" }},
	} {
		w.click(`[data-all]`)
		w.shows("Kijelölve: 2")
		w.click(`[data-do="` + step.command + `"]`)
		if step.command != "favourite" {
			w.fill("#day-dialog input", step.day)
			w.click(`#day-dialog [value=ok]`)
		}
		w.shows("Módosítva: 2 ügyfél")
		w.until(`!document.querySelector("#bulk:not([hidden])")`)
		if got := o.list(); !step.done(got["Alfa"]) || !step.done(got["Béta"]) {
			t.Errorf("%+v: %+v", step, got)
		}
		w.do(chromedp.Evaluate[chromedp.Void](`document.querySelector(".notice").remove()`))
	}
}

// A code is shown on request, in threes, and goes when asked to.
func TestShowCode(t *testing.T) {
	e := client("Alfa")
	o := newOffice(t, "", e)
	w := o.open("")
	w.namesAre("Alfa")
	w.keys(kb.ArrowDown, "Ctrl+"+kb.Enter)
	w.until(`document.querySelector(".digits") !== null`)
	shown := eval[string](w, `document.querySelector(".digits").innerText`)
	now, _ := e.Key.Code(time.Now())
	before, _ := e.Key.Code(time.Now().Add(-30 * time.Second))
	if d := strings.ReplaceAll(shown, " ", ""); len(shown) != 7 || (d != now.Digits && d != before.Digits) {
		t.Errorf("shown %q, want %s", shown, now.Digits)
	}
	w.keys(kb.Escape)
	w.until(`document.querySelector(".digits") === null`)
}

// Without a clipboard, and where no code is to be shown, a copy is refused with a sentence; that the other flows copy
// is tried on a desktop (e2e).
func TestCopyIsTheAgents(t *testing.T) {
	o := newOffice(t, "[copy]\nshow_code = \"never\"\n", client("Alfa"))
	w := o.open("")
	w.namesAre("Alfa")
	w.keys(kb.ArrowDown, kb.Enter)
	w.shows("nincs vágólap")
}

// Hostile names are text, stay in their place, and show what is to be seen of them.
func TestHostileNames(t *testing.T) {
	hostile := []string{
		`<script>window.hacked=1</script>`, `"><img src=x onerror="window.hacked=1">`, "{{.}} ${1}", "\u202eevil\u202c gnp.exe",
		strings.Repeat("Hosszú ", 28), "' onmouseover='window.hacked=1", "&amp; &lt;b&gt;",
	}
	var entries []exchange.Entry
	for _, name := range hostile {
		e := client(name)
		e.Folder, e.UserName, e.TaxNumber = name, name, name
		entries = append(entries, e)
	}
	o := newOffice(t, "", entries...)
	w := o.open("")
	w.until(`document.querySelectorAll(".body [role=row]").length === %s`, len(hostile))
	shown := strings.Join(w.names(), "|")
	for _, name := range hostile {
		if !strings.Contains(shown, strings.TrimSpace(lang.Visible(name))) {
			t.Errorf("%q is not shown as it is seen", name)
		}
	}
	w.keys(kb.ArrowDown, "Ctrl+a")
	w.click(`[data-do="folder"]`)
	w.until(`document.querySelector("dialog[open]") !== null`)
	w.keys(kb.Escape)
	w.until(`document.activeElement?.matches("[role=row]") ?? false`) // the dialog is gone, and keys are the table's
	w.keys(kb.Escape)
	w.until(`document.querySelectorAll("[aria-selected=true]").length <= 1`) // else the last key takes all of them
	w.keys(kb.F2)
	w.until(`document.querySelector(".editing") !== null`)
	w.keys(kb.Escape)
	w.until(`document.querySelector(".editing") === null`)
	w.keys(kb.Delete)
	w.shows("Eltávolítva: ")
	if eval[bool](w, `window.hacked === 1 || document.querySelector(".body script, .body img") !== null`) {
		t.Error("a name was taken for markup")
	}
	if outside := eval[int](w, `document.documentElement.scrollWidth - innerWidth`); outside > 0 {
		t.Errorf("a name widens the page by %d pixels", outside)
	}
	q := o.open("search")
	q.until(`document.querySelectorAll("[role=option]").length === %s`, len(hostile)-1)
	if eval[bool](q, `window.hacked === 1 || document.querySelector("li script, li img") !== null`) {
		t.Error("a name was taken for markup")
	}
}

// What another face changes is on the page at once.
func TestNews(t *testing.T) {
	o := newOffice(t, "", client("Alfa"))
	w := o.open("")
	w.namesAre("Alfa")
	if _, err := o.conn.Import(t.Context(), agent.Import{Entries: []exchange.Entry{client("Ábel")}}); err != nil {
		t.Fatal(err)
	}
	w.namesAre("Ábel", "Alfa")
}

// The page speaks the language of the settings.
func TestEnglish(t *testing.T) {
	o := newOffice(t, "language = \"en\"\n", client("Alfa"))
	w := o.open("")
	w.shows("Clients")
	w.namesAre("Alfa")
	w.shows("No mandate noted")
}

// Folders of `kapu list` are what the page has made of them: one agent, several faces.
func TestFacesAgree(t *testing.T) {
	if _, err := exec.LookPath("chromium"); err != nil {
		t.Skip("no chromium")
	}
	o := newOffice(t, "", client("Alfa"))
	w := o.open("")
	w.namesAre("Alfa")
	w.click(`[data-do="star"]`)
	w.until(`document.querySelector("[data-do=star]").ariaPressed === "true"`)
	if out := o.kapu("", "list", "--json"); !strings.Contains(out, `"favourite":true`) && !strings.Contains(out, `"favourite": true`) {
		t.Errorf("%s", out)
	}
}

// Where there is no clipboard, the code that was to be copied is shown for typing.
func TestCodeToBeTyped(t *testing.T) {
	t.Parallel()
	c := client("Alfa Kft.")
	o := newOffice(t, "", c)
	w := o.open("")
	w.namesAre("Alfa Kft.")
	w.click(".body [role=row] .name")
	w.keys(kb.Enter)
	w.shows("a vágólap nem használható. Gépelje be a kódot.")
	now := time.Now()
	shown := eval[string](w, `document.querySelector(".notice .digits").innerText`)
	for _, at := range []time.Time{now, now.Add(-30 * time.Second)} {
		code, err := c.Key.Code(at)
		if err != nil {
			t.Fatal(err)
		}
		if lang.Grouped(code.Digits) == shown {
			return
		}
	}
	t.Errorf("the page shows %q", shown)
}
