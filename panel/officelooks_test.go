//go:build linux

package panel_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"kapu/agent"
	"kapu/exchange"
	bureau "kapu/office"
)

// smallOffice is an office of five, one of whom has a machine and knows keys that he should not any more.
func smallOffice(t *testing.T, settings string, n int) *office {
	t.Helper()
	o := exampleOfficeIn(t, settings, n)
	o.found("Kovács és Társa Könyvelőiroda", "Kovács Anna")
	béla := o.takesIn("Szabó Béla", quick)
	o.invited("Tóth Csilla", "Varga Dániel", "Németh Eszter")
	clients := o.list()
	gets := func(name string, right bureau.Right, to agent.OfficeScopes, days agent.OfficeDays) {
		o.grant(agent.OfficeAssignment{Members: []string{o.member(name)}, Right: right, OfficeScopes: to, OfficeDays: days})
	}
	everything, always := agent.OfficeScopes{}, agent.OfficeDays{}
	day := func(days int) string { return bureau.DayOf(time.Now().AddDate(0, 0, days)) }
	gets("Szabó Béla", bureau.Edit, agent.OfficeScopes{Folders: []string{"Betéti társaságok"}}, always)
	gets("Tóth Csilla", bureau.Use, everything, always)
	gets("Varga Dániel", bureau.Codes, agent.OfficeScopes{Folders: []string{"Civil szervezetek"}}, agent.OfficeDays{Until: day(8)})
	gets("Németh Eszter", bureau.Use, everything, agent.OfficeDays{From: day(5), Until: day(18)})
	var third agent.OfficeScopes
	at := 0
	for _, c := range clients {
		if at++; at%3 == 0 {
			third.Clients = append(third.Clients, c.ID)
		}
	}
	gets("Németh Eszter", bureau.Edit, third, always)
	gets("Szabó Béla", bureau.Use, everything, always)
	béla.sync()
	o.sync()
	v, err := o.conn.OfficeView(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range v.Grants {
		if g.Member == o.member("Szabó Béla") && g.Folder == "" {
			if err := o.conn.OfficeRevoke(t.Context(), g.ID); err != nil {
				t.Fatal(err)
			}
		}
	}
	o.sync()
	return o
}

// officeReady says when each page of the office is as it will be.
var officeReady = map[string]string{
	"office":             `document.querySelectorAll(".people > li").length > 4 && document.querySelector(".people ul small").innerText !== ""`,
	"office/rights":      `document.querySelectorAll(".matrix .client").length > 5 && document.querySelector(".matrix .edit") !== null`,
	"office/substitutes": `document.querySelectorAll("#list tbody tr").length === 2`,
	"office/keys":        `document.querySelectorAll("table.list tbody tr").length > 0`,
	"office/journal":     `document.querySelector(".body [role=row]") !== null`,
	"office/state":       `document.querySelector("#sync") !== null`,
}

// Every page of the office, light and dark, wide and at 200 % zoom, is accessible and fits its window.
func TestOfficeLooks(t *testing.T) {
	o := smallOffice(t, "", 24)
	w := newBrowser(t)
	each := func(what string) {
		t.Helper()
		for _, scheme := range []string{"light", "dark"} {
			w.dark(scheme == "dark")
			w.resize(1180, 760)
			w.fits(what + "-" + scheme)
		}
	}
	dialogue := func(selector, what string) {
		t.Helper()
		w.click(selector)
		w.until(`document.querySelector("dialog[open]") !== null`)
		each(what)
		w.keys(kb.Escape)
		w.until(`document.querySelector("dialog[open]") === null`)
	}
	for _, view := range []string{"office", "office/rights", "office/substitutes", "office/keys", "office/journal", "office/state"} {
		w.do(chromedp.Navigate(o.link(view)))
		w.until(officeReady[view])
		each(strings.ReplaceAll(view, "/", "-"))
		w.narrow()
		w.fits(strings.ReplaceAll(view, "/", "-") + "-narrow")
		w.resize(1180, 760)
		switch view {
		case "office":
			dialogue("#invite", "office-invite")
			dialogue("[data-do=remove]", "office-remove")
		case "office/rights":
			dialogue(`.matrix .client .right:last-child`, "office-give")
		case "office/state":
			dialogue("#leave", "office-leave")
		}
	}
	alone := newOffice(t, "")
	w.do(chromedp.Navigate(alone.link("office")))
	w.until(`document.querySelector("#create") !== null`)
	each("office-none")
}

// A table of 2,000 clients and 20 people has few rows in the document, and answers a keystroke at once.
func TestManyRights(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a while")
	}
	entries := make([]exchange.Entry, 2000)
	for i := range entries {
		entries[i] = client(fmt.Sprintf("Ügyfél %d Kereskedelmi Kft.", i))
		entries[i].Folder, entries[i].UserName = fmt.Sprintf("%d. csoport", i%25), fmt.Sprintf("ugyfel%d", i%50)
		if i >= 50 {
			entries[i].Key = entries[i-50].Key // of one person: what takes time here is not to be the office's sealing
		}
	}
	o := newOffice(t, "", entries...)
	o.found("Nagy Iroda", "Anna")
	var names []string
	for i := range 19 {
		names = append(names, fmt.Sprintf("Munkatárs %d", i+1))
	}
	o.invited(names...)
	folders := map[string]bool{}
	for _, c := range o.list() {
		folders[c.Folder] = true
	}
	for i, name := range names {
		r := agent.OfficeAssignment{Members: []string{o.member(name)}, Right: bureau.Use}
		for f := range folders {
			if f != "" && (len(f)+i)%3 != 0 {
				r.Folders = append(r.Folders, f)
			}
		}
		if _, err := o.conn.OfficeSetRights(t.Context(), r); err != nil {
			t.Fatal(err)
		}
	}
	w := o.open("office/rights")
	w.shows("2000 ügyfél")
	w.until(`document.querySelector(".matrix .right.use") !== null`)
	t.Logf("rights %.0f ms after the page was asked for", eval[float64](w, `performance.getEntriesByName("rights")[0].startTime`))
	if rows := eval[int](w, `document.querySelectorAll(".matrix .body [role=row]").length`); rows == 0 || rows > 100 {
		t.Errorf("%d rows exist", rows)
	}
	stroke := eval[float64](w, `(() => {
		const input = document.getElementById("query");
		let most = 0;
		for (const q of ["k", "ke", "ker", "", "1", "12"]) {
			const began = performance.now();
			input.value = q;
			input.dispatchEvent(new InputEvent("input", { bubbles: true }));
			document.body.offsetHeight;
			most = Math.max(most, performance.now() - began);
		}
		input.value = "";
		input.dispatchEvent(new InputEvent("input", { bubbles: true }));
		return most;
	})()`)
	t.Logf("the slowest keystroke took %.1f ms", stroke)
	// All of a folder's rows at once, for one member.
	w.click(`.matrix .folder [data-select]`)
	w.click(`.matrix .folder ~ .client [data-select]`)
	w.click("#give")
	w.choose("dialog [name=member]", o.member("Munkatárs 3"))
	w.click("dialog [value=edit]")
	w.click("dialog .main")
	w.givesPassword()
	w.shows("Munkatárs 3: szerkesztés – ")
	w.until(`document.querySelectorAll(".matrix .folder .right.edit").length === 1 && document.querySelectorAll(".matrix .client .right.edit").length > 1`) // one key, several clients
	w.shot("rights-many")
}
