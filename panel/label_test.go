//go:build linux

package panel_test

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"kapu/agent"
	"kapu/exchange"
	bureau "kapu/office"
	"kapu/vault"
)

// adds adds clients one by one, by which clients of one name are taken for two.
func (o *office) adds(entries ...exchange.Entry) (ids []string) {
	o.t.Helper()
	for _, e := range entries {
		added, err := o.conn.Add(o.t.Context(), agent.New{Scanned: &e, Client: agent.Client{
			Name: e.Name, TaxNumber: e.TaxNumber, Folder: e.Folder, UserName: e.UserName,
		}})
		if err != nil {
			o.t.Fatal(err)
		}
		ids = append(ids, added.ID)
	}
	return ids
}

// kovacs is a client of a name that several bear.
func kovacs(tax, user, folder string) exchange.Entry {
	e := client("Kovács Kft.")
	e.TaxNumber, e.UserName, e.Folder = tax, user, folder
	return e
}

// Of two of one name the quick search chooses none by itself; it names who was chosen as the menu does.
func TestQuickSearchOfNamesakes(t *testing.T) {
	o := newOffice(t, "", client("Alfa Kft."))
	ids := o.adds(kovacs("12345678-1-42", "pal", ""), kovacs("12345678-1-42", "eva", ""))
	w := o.open("search")
	chosen := func() string {
		return eval[string](w, `document.querySelector("[aria-selected=true] .name")?.innerText ?? ""`)
	}
	w.until(`document.querySelectorAll("#found li").length === 3`)
	w.keys("k", "o", "v")
	w.until(`document.querySelectorAll("#found li").length === 2`)
	w.shows("Kovács Kft. (eva)")
	w.shows("Válasszon a nyilakkal")
	if got := chosen(); got != "" {
		t.Errorf("%q is chosen", got)
	}
	w.fits("search-namesakes")
	w.keys(kb.Enter)
	if eval[bool](w, `document.querySelector(".notice") !== null`) {
		t.Error("something was copied")
	}
	w.keys(kb.ArrowDown)
	first := chosen()
	w.keys(kb.ArrowDown)
	second := chosen()
	if first == second || !strings.HasPrefix(first, "Kovács Kft. (") || !strings.HasPrefix(second, "Kovács Kft. (") {
		t.Errorf("chosen are %q, then %q", first, second)
	}
	// The one who is chosen stays so when the list is another one.
	name := "Kovács és Tsa Kft."
	o.adds(client(name))
	w.until(`document.querySelectorAll("#found li").length === 3`)
	if got := chosen(); got != second {
		t.Errorf("chosen is %q, want %q", got, second)
	}
	w.keys(kb.Enter)
	w.shows(second + ": a vágólap nem használható") // in this test there is none
	log, err := o.conn.Log(t.Context(), agent.LogRequest{})
	got := log.Lines
	if err != nil || got[0].Name != second || got[0].Client != ids[0] && got[0].Client != ids[1] {
		t.Errorf("%+v, %v", got[0], err)
	}
	w.fill("#query", "alfa")
	if got := chosen(); got != "Alfa Kft." {
		t.Errorf("chosen is %q", got)
	}
}

// The search above the table takes none of two of one name either: Enter says that one is to be chosen.
func TestSearchOfNamesakes(t *testing.T) {
	o := newOffice(t, "", client("Alfa Kft."))
	o.adds(kovacs("12345678-1-42", "pal", ""), kovacs("12345678-1-42", "eva", ""))
	w := o.open("")
	w.until(`document.querySelectorAll(".body [role=row]").length === 3`)
	w.do(chromedp.Focus("#query"))
	w.keys("k", "o", "v")
	w.until(`document.querySelectorAll(".body [role=row]").length === 2`)
	w.keys(kb.Enter)
	w.shows("Válasszon a nyilakkal")
	if got, err := o.conn.Log(t.Context(), agent.LogRequest{}); err != nil || got.Lines[0].Act == vault.Copied {
		t.Errorf("%+v, %v", got.Lines[0], err)
	}
	w.keys(kb.ArrowDown, kb.Enter)
	w.shows("a vágólap nem használható") // in this test there is none
}

// Who may be there twice is filtered out of the list, and made one: the person says who stays and which key, and sees
// what comes of it. It is taken back as one.
func TestMergeOnThePage(t *testing.T) {
	o := newOffice(t, "", client("Alfa Kft."), client("Béta Bt."))
	ids := o.adds(kovacs("", "pal", "Kft-k"), kovacs("12345678-1-42", "eva", "Kft-k"))
	w := o.open("")
	w.until(`document.querySelectorAll(".body [role=row]").length === 4`)
	w.click("[data-chip=duplicates]")
	w.until(`document.querySelectorAll(".body [role=row]").length === 2`)
	w.shows("2 / 4")
	w.fits("duplicates")
	w.do(chromedp.Focus(".body [role=row]"))
	w.keys("Ctrl+a")
	w.shows("Kijelölve: 2")
	w.fits("duplicates-selected")
	w.click("[data-do=merge]")
	w.until(`document.querySelector("#merge-dialog [role=status] p") !== null`)
	w.shows("A másik kulcs a korábbi kulcsok közé kerül.")
	w.click("#merge-dialog fieldset [type=button]")
	w.until(`/\d{3}\s\d{3}/.test(document.querySelector("#merge-dialog").innerText)`)
	for _, scheme := range []string{"light", "dark"} {
		w.dark(scheme == "dark")
		w.fits("merge-" + scheme)
	}
	w.click(`#merge-dialog [name=keep][value="` + ids[0] + `"]`)
	w.click(`#merge-dialog [name=key][value="` + ids[1] + `"]`)
	// The last use, too, where a second lay between the two codes.
	w.until(`/A megmaradó ügyfélnél változik: Adószám, Felhasználónév(, Utoljára)?\./.test(document.body?.innerText ?? "")`)
	w.click("#merge-dialog .main")
	w.shows("Összevonva: Kovács Kft.")
	w.shows("Nincs két ügyfél, amely ugyanaz lehetne.")
	if c := o.list()["Kovács Kft."]; c.ID != ids[0] || c.UserName != "eva" || c.TaxNumber != "12345678-1-42" {
		t.Errorf("%+v", c)
	}
	w.click(".notice button")
	w.until(`document.querySelectorAll(".body [role=row]").length === 2`)
	w.click("[data-chip=duplicates]")
	w.until(`document.querySelectorAll(".body [role=row]").length === 4`)
}

// In the office clients of one name are chosen by their labels, and a right says how many clients it is to, and who
// comes along.
func TestLabelsAndReachInTheOffice(t *testing.T) {
	zala := kovacs("11111111-1-20", "zala", "Zala")
	o := newOffice(t, "", zala, kovacs("22222222-2-41", "pest", "Pest"))
	shared := exchange.Entry{Name: "Közös Kft.", Key: zala.Key, Folder: "Vas"}
	o.adds(shared)
	o.found("Kis Iroda", "Anna")
	o.takesIn("Béla", quick)
	w := o.open("office/rights")
	w.until(`document.querySelectorAll(".matrix .client").length === 3`)
	w.shows("Kovács Kft. (11111111-1-20)")
	w.shows("Kovács Kft. (22222222-2-41)")
	w.fits("matrix-namesakes")
	béla := o.member("Béla")
	column := eval[int](w, `[...document.querySelectorAll(".head [role=columnheader]")].findIndex((h) => h.innerText === "Béla")`)
	w.until(`(document.querySelector('[data-id="folder:Zala"] [data-column="'+%s+'"]').click(), true)`, column)
	w.until(`document.querySelector("dialog .reach")?.innerText.includes("Összesen 2 ügyfelet érint;") ?? false`)
	w.shows("közülük 1 közös kulcs miatt jár vele (Közös Kft.).")
	w.fits("give-reach")
	w.click("dialog [name=right][value=use]")
	w.click("dialog .main")
	w.givesPassword()
	w.shows("Béla: használat – Zala (2 ügyfél)")

	w.enter(o.link("office/substitutes"))
	w.until(`document.querySelector("[name=what]") !== null`)
	w.until(`document.querySelector("form .reach").innerText === "Összesen 3 ügyfelet érint."`) // for Anna, who is an admin
	w.choose("[name=for]", béla)
	w.until(`document.querySelector("form .reach").innerText.startsWith("Összesen 2 ügyfelet érint;")`)
	w.choose("[name=what]", "client")
	w.until(`document.querySelector("[name=client]") !== null`)
	w.until(`[...document.querySelectorAll("#clients option")].some((o) => o.value === "Kovács Kft. (22222222-2-41)")`)
	w.fill("[name=client]", "Kovács Kft.")
	w.click("form .main")
	w.shows("Több ilyen nevű ügyfél van (Kovács Kft. (11111111-1-20); Kovács Kft. (22222222-2-41)).")
	w.fits("substitutes-namesakes-which")
	w.fill("[name=client]", "Kovács Kft. (22222222-2-41)")
	w.until(`document.querySelector("[name=client]").dispatchEvent(new Event("change", { bubbles: true }))`)
	w.until(`document.querySelector("form .reach").innerText === "Összesen 1 ügyfelet érint."`)
	w.click("form .main")
	w.givesPassword()
	w.until(`document.querySelectorAll("#list tbody tr").length === 1`)
	w.shows("Kovács Kft. (22222222-2-41)")
	w.fits("substitutes-namesakes")
	v, err := o.conn.OfficeView(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range v.Grants {
		if g.Right == bureau.Codes && (g.Member != béla || len(g.Names) != 1 || g.Names[0] != "Kovács Kft. (22222222-2-41)") {
			t.Errorf("%+v", g)
		}
	}
}
