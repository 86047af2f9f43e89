//go:build linux

package panel_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/xuri/excelize/v2"

	"kapu/agent"
	"kapu/exchange"
	"kapu/internal/examples"
)

// officeRow is a row of an office's table.
type officeRow struct{ name, tax, folder, key, user string }

// officeTable has n made-up clients as an office writes them; each tenth has the account of the one before.
func officeTable(n int) []officeRow {
	rows := make([]officeRow, 0, n)
	for i, c := range examples.Clients(n, 5) {
		r := officeRow{c.Name, fmt.Sprintf("%08d-%d-%02d", 10000000+(i*7919)%20000000, i%3+1, i%40+2), c.Folder, c.Key, fmt.Sprintf("ugyfel%03d", i)}
		if i%10 == 9 {
			r.key, r.user = rows[i-1].key, rows[i-1].user
		}
		rows = append(rows, r)
	}
	return rows
}

// workbook writes a table as Excel would.
func workbook(t *testing.T, rows []officeRow) string {
	t.Helper()
	book := excelize.NewFile()
	defer book.Close()
	if err := book.SetSheetName("Sheet1", "Ügyfelek"); err != nil {
		t.Fatal(err)
	}
	table := [][]any{{"Cégnév", "Adószám", "Mappa", "Egyedi kulcs", "Felhasználónév"}}
	for _, r := range rows {
		table = append(table, []any{r.name, r.tax, r.folder, r.key, r.user})
	}
	for i, cells := range table {
		if err := book.SetSheetRow("Ügyfelek", fmt.Sprintf("A%d", i+1), &cells); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(t.TempDir(), "ugyfelek.xlsx")
	if err := book.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	return path
}

// looks tries a state of the page in a window and on a telephone.
func (w *window) looks(what string) {
	w.t.Helper()
	w.dark(true)
	w.fits(what + "-dark")
	w.dark(false)
	w.fits(what)
	w.resize(390, 800)
	w.fits(what + "-phone")
	if eval[bool](w, `(() => { const rows = document.querySelector(".plan tbody"); rows?.scrollIntoView(); return rows !== null })()`) {
		w.shot(what + "-phone-rows")
	}
	w.resize(1180, 760)
}

// row is what the plan, or the outcome, says of a client.
func (w *window) row(name string) string {
	w.t.Helper()
	return eval[string](w, `[...document.querySelectorAll(".plan tbody tr")].find((r) => r.querySelector(".who bdi").textContent === %s)?.innerText ?? ""`, name)
}

// answer presses one of the buttons that answer for all rows of a question.
func (w *window) answer(words string) {
	w.t.Helper()
	eval[bool](w, `[...document.querySelectorAll(".answers button")].find((b) => b.textContent === %s).click() ?? true`, words)
	w.until(`[...document.querySelectorAll(".answers [aria-pressed=true]")].some((b) => b.textContent === %s && !b.disabled)`, words)
}

// keyOf is the key that a client has now.
func (o *office) keyOf(c agent.Client) agent.Details {
	o.t.Helper()
	d, err := o.conn.Details(o.t.Context(), agent.Reveal{ID: c.ID, Key: true})
	if err != nil {
		o.t.Fatal(err)
	}
	return d
}

// A bookkeeper's table of 300 rows, and the same table half a year later: three clients have new keys, one another
// name, one owner a further business, and one key is a word. The plan asks, and what is decided comes about, no more.
func TestBookkeepersTable(t *testing.T) {
	o := newOffice(t, "")
	rows := officeTable(300)
	w := o.open("import")
	w.until(`document.activeElement?.id === "files"`)
	w.do(chromedp.SetUploadFiles("#files", []string{workbook(t, rows)}))
	w.shows("Terv 300 bejegyzésre (Excel)")
	w.shows("300 bejegyzés importálása")
	w.looks("plan-first")
	w.click(".confirm .main")
	w.shows("Kész: 300 bejegyzés bekerült")
	w.looks("plan-first-done")
	if got := len(o.list()); got != 300 {
		t.Fatalf("%d clients", got)
	}

	later := slices.Clone(rows)
	fresh := examples.Clients(320, 0)[310:] // keys of nobody
	for i, at := range []int{10, 20, 30} {
		later[at].key = fresh[i].Key
	}
	later[41].name = "Átnevezett Társaság Zrt."
	later[52].folder = "Új mappa"
	later = append(later,
		officeRow{"Második Vállalkozás Kft.", "29999999-2-42", "Kft-k", rows[63].key, rows[63].user},
		officeRow{"Telefonos Bt.", "28888888-2-42", "", "telefon", "telefonos"})
	w.do(chromedp.SetUploadFiles("#files", []string{workbook(t, later)}))
	w.shows("Terv 302 bejegyzésre")
	w.shows("Más kulccsal szerepel: 3 ügyfél")
	w.shows("Kétséges: 1 bejegyzés")
	w.shows("Itt más a neve: 1 ügyfél")
	w.shows("2 bejegyzés importálása") // the folder and the further business: nothing else is done unasked
	w.shows("Kimarad, mert kétséges, vagy más a kulcsa: 4 bejegyzés.")
	w.looks("plan-asks")

	// For all three, but the last is kept as it is: by its own list, with the keyboard left where it was.
	w.answer("csere az új kulcsra")
	w.shows("5 bejegyzés importálása")
	eval[bool](w, `document.querySelector(".ask .quiet").click() ?? true`)
	w.until(`document.querySelectorAll(".plan tbody tr").length === 3`)
	w.shows(later[30].name)
	w.do(chromedp.Focus("#choice-30"))
	w.keys(kb.ArrowUp)
	w.shows("4 bejegyzés importálása")
	w.until(`document.activeElement?.id === "choice-30" && !document.activeElement.disabled`)
	if got := w.row(later[30].name); !strings.Contains(got, "más kulcs") || !strings.Contains(got, later[30].tax) || !strings.Contains(got, "32. sor") {
		t.Errorf("the row says %q", got)
	}
	w.answer("a fájlbeli név legyen")
	w.answer("felvétel így is")
	w.shows("6 bejegyzés importálása")
	w.looks("plan-decided")
	w.click(`.chips button:first-child`)
	w.until(`document.querySelectorAll(".plan tbody tr").length === 200`)
	if got := o.list(); len(got) != 300 || got[later[41].name].ID != "" {
		t.Error("a plan has changed the vault")
	}
	w.click(".confirm .main")
	w.shows("Kész: 6 bejegyzés bekerült")
	w.looks("plan-done")

	// What was merged, replaced or changed is told, and so is what waits.
	for name, want := range map[string]string{
		later[10].name: "kulcscsere", later[20].name: "kulcscsere", later[30].name: "más kulcs", later[41].name: "név",
		later[52].name: "mappa", "Második Vállalkozás Kft.": "összevonva",
	} {
		if got := w.row(name); !strings.Contains(got, want) {
			t.Errorf("of %s it says %q, want %q", name, got, want)
		}
	}
	got := o.list()
	if len(got) != 302 || got[rows[41].name].ID != "" || got[later[41].name].TaxNumber != rows[41].tax ||
		got[later[52].name].Folder != "Új mappa" || got["Második Vállalkozás Kft."].Account != got[rows[63].name].Account ||
		got["Telefonos Bt."].ID == "" {
		t.Errorf("%d clients", len(got))
	}
	for at, want := range map[int]string{10: later[10].key, 20: later[20].key, 30: rows[30].key} {
		if d := o.keyOf(got[rows[at].name]); d.Key != want || want != rows[at].key && (len(d.Formers) != 1 || d.Formers[0].Key != rows[at].key) {
			t.Errorf("row %d: %+v", at, d)
		}
	}

	w.click(`.card [type=button]`)
	w.shows(" visszavonva.")
	if got = o.list(); len(got) != 300 || got[rows[41].name].ID == "" || o.keyOf(got[rows[10].name]).Key != rows[10].key {
		t.Errorf("after undo: %d clients", len(got))
	}
}

// What is doubtful is asked about where a single client is added, too: no is no, yes adds it.
func TestDoubtfulOnThePage(t *testing.T) {
	o := newOffice(t, "")
	w := o.open("add")
	w.until(`document.activeElement?.id === "key"`)
	w.do(chromedp.SendKeys("#key", "telefon"+kb.Enter))
	w.until(`document.activeElement?.name === "name"`)
	w.do(chromedp.SendKeys("[name=name]", "Telefonos Bt."+kb.Enter))
	w.until(`document.querySelector("dialog[open]") !== null`)
	w.shows("szónak olvasható")
	w.looks("add-doubtful")
	w.keys(kb.Escape)
	w.until(`document.querySelector("dialog[open]") === null && !document.getElementById("step-client").hidden`)
	if got := o.list(); len(got) != 0 {
		t.Errorf("%+v", got)
	}
	w.do(chromedp.Focus("[name=name]"))
	w.keys(kb.Enter)
	w.until(`document.querySelector("dialog[open]") !== null`)
	w.click(`dialog [value=ok]`)
	w.until(`document.getElementById("digits").textContent !== ""`)
	if got := o.list(); got["Telefonos Bt."].ID == "" {
		t.Errorf("%+v", got)
	}
}

var columnField = regexp.MustCompile(`\["([a-z-]*)", t\("page-column-`)

// The page offers for a column whatever a column can be.
func TestColumnFields(t *testing.T) {
	source, err := os.ReadFile("static/givenfiles.js")
	if err != nil {
		t.Fatal(err)
	}
	offered := []string{}
	for _, m := range columnField.FindAllStringSubmatch(string(source), -1) {
		offered = append(offered, m[1])
	}
	slices.Sort(offered)
	if want := append([]string{""}, exchange.FieldNames()...); !slices.Equal(offered, want) {
		t.Errorf("the page offers %q, want %q", offered, want)
	}
}

// tables writes sheets as Excel would, and hides a row of each.
func tables(t *testing.T, hide int, sheets map[string][][]any) string {
	t.Helper()
	book := excelize.NewFile()
	defer book.Close()
	for name, rows := range sheets {
		_, err := book.NewSheet(name)
		for i, cells := range rows {
			if err == nil {
				err = book.SetSheetRow(name, fmt.Sprintf("A%d", i+1), &cells)
			}
		}
		if err == nil && hide > 0 {
			err = book.SetRowVisible(name, hide, false)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := book.DeleteSheet("Sheet1"); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "konyveles.xlsx")
	if err := book.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	return path
}

// columnIs picks what a column is; the keyboard stays where it was.
func (w *window) columnIs(letters, field string) {
	w.t.Helper()
	id := eval[string](w, `document.querySelector(".given[open] select[id$='-" + %s + "']")?.id ?? ""`, letters)
	if id == "" {
		w.t.Fatalf("no column %s", letters)
	}
	w.do(chromedp.Focus("#" + strings.ReplaceAll(id, " ", `\ `)))
	eval[bool](w, `(() => { const s = document.activeElement; s.value = %s;
		return s.dispatchEvent(new Event("change", { bubbles: true })) })()`, field)
	w.until(`(() => { const s = document.getElementById(%s); return s && !s.disabled && s === document.activeElement })()`, id)
}

// A table whose headings are the office's own: the person says what they are, sees the plan anew, keeps what they had
// decided, and is understood the next time.
func TestColumnsOnThePage(t *testing.T) {
	o := newOffice(t, "")
	keys := examples.Clients(10, 0)
	path := tables(t, 4, map[string][][]any{"Munka1": {
		{"Amit könyvelünk", "NAV", "Kar", "Generátor jel"},
		{"Duna Kft.", "12345678-2-42", "Kft-k", keys[0].Key},
		{"Tisza Bt.", "22345678-1-42", "Bt-k", "telefon"},
		{"Régi Zrt.", "32345678-1-42", "Zrt-k", keys[2].Key},
	}})
	w := o.open("import")
	w.until(`document.activeElement?.id === "files"`)
	w.do(chromedp.SetUploadFiles("#files", []string{path}))
	w.until(`document.querySelector(".given[open] select") !== null`)
	w.shows("Generátor jel")
	w.looks("columns-first")
	if strings.Contains(w.html(), keys[0].Key) {
		t.Error("a key is in the page")
	}
	w.columnIs("A", "name")
	w.columnIs("D", "key")
	w.columnIs("C", "folder")
	w.shows("Duna Kft.")
	w.answer("felvétel így is")
	w.columnIs("B", "tax-number")
	w.shows("2 bejegyzés importálása") // the decision about the doubtful one stays
	w.looks("columns-said")
	w.do(chromedp.Focus(`[id^="hidden-"]`))
	w.keys(" ")
	w.shows("3 bejegyzés importálása")
	w.looks("columns-hidden")
	w.click(".confirm .main")
	w.shows("Kész: 3 bejegyzés bekerült")
	got := o.list()
	if c := got["Duna Kft."]; len(got) != 3 || c.Folder != "Kft-k" || c.TaxNumber != "12345678-2-42" || got["Régi Zrt."].ID == "" {
		t.Errorf("%+v", got)
	}

	// The next file with these headings needs no word.
	w.do(chromedp.SetUploadFiles("#files", []string{tables(t, 0, map[string][][]any{"Munka1": {
		{"Amit könyvelünk", "NAV", "Kar", "Generátor jel"}, {"Maros Kft.", "42345678-2-42", "Kft-k", keys[3].Key},
	}})}))
	w.shows("1 bejegyzés importálása")
	if eval[bool](w, `document.querySelector(".given[open]") !== null`) {
		t.Error("what is understood asks for a look")
	}
}

// A file that is of no known format, and one that is said to be of another: what it is is the person's to say.
func TestFormatOnThePage(t *testing.T) {
	o := newOffice(t, "")
	w := o.open("import")
	w.until(`document.activeElement?.id === "files"`)
	list := "egy\n" + strings.Repeat("semmi értelmes\n", 3)
	w.do(chromedp.SetUploadFiles("#files", []string{file(t, "lista.xyz", list)}))
	w.until(`document.querySelector(".given[open] form.format select") !== null`)
	w.shows("ismeretlen")
	w.looks("format-asked")
	w.do(chromedp.SetUploadFiles("#files", []string{file(t, "kulcsok.txt", someURIs)}))
	w.shows("Terv 4 bejegyzésre (otpauth)")
	eval[bool](w, `(() => { document.querySelector("form.format select").value = "otpauth"; return true })()`)
	w.do(chromedp.Focus(".given[open] form.format button"))
	w.keys(kb.Enter)
	w.shows("Terv 8 bejegyzésre (otpauth)")
	w.shows("lista.xyz")
}

// A KeePass database with a password and a key file: a wrong one is said, and both are asked for again.
func TestKeyFileOnThePage(t *testing.T) {
	path := func(name string) string {
		p, err := filepath.Abs("../exchange/testdata/" + name)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	o := newOffice(t, "")
	w := o.open("import")
	w.until(`document.activeElement?.id === "files"`)
	w.do(chromedp.SetUploadFiles("#files", []string{path("keepass4-keyfile.kdbx")}))
	w.until(`document.activeElement?.id === "password"`)
	w.looks("key-file")
	w.do(chromedp.SendKeys("#password", "Árvíztűrő 12"+kb.Enter))
	w.until(`document.querySelector("#trouble .wrong") !== null && document.activeElement?.id === "password"`)
	w.do(chromedp.SetUploadFiles("#key-file", []string{path("keepass.key")}))
	w.do(chromedp.SendKeys("#password", "Árvíztűrő 12"+kb.Enter))
	w.shows("(KeePass)")
	w.shows("bejegyzés importálása")
}
