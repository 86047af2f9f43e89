//go:build linux

package panel_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"kapu/exchange"
	bureau "kapu/office"
)

// headings are the titles of the columns in sight, without the sign of the sorting.
func (w *window) headings() string {
	w.t.Helper()
	return strings.Join(eval[[]string](w, `[...document.querySelectorAll(".head button")].map((b) => b.innerText)`), "|")
}

func (w *window) headingsAre(want string) {
	w.t.Helper()
	w.until(`[...document.querySelectorAll(".head button")].map((b) => b.innerText).join("|") === %s`, want)
}

// A column that says nothing is folded away, and the button of the columns says so; which are shown is remembered in
// the settings, for the page's address is another one after each unlocking.
func TestColumnsGiveWay(t *testing.T) {
	for language, texts := range map[string]struct{ few, all, chosen, folded, title string }{
		"hu": {
			"Név|Adószám|Mappa|Meghatalmazás", "Név|Adószám|Mappa|Felhasználónév|Szolgáltatás|Meghatalmazás", "Név|Adószám|Meghatalmazás",
			"(4 összecsukva)", "Felhasználónév: üres\nSzolgáltatás: mindenkinél: Ügyfélkapu+",
		},
		"en": {
			"Name|Tax number|Folder|Mandate until", "Name|Tax number|Folder|User name|Service|Mandate until", "Name|Tax number|Mandate until",
			"(4 folded)", "User name: empty\nService: all: Ügyfélkapu+",
		},
	} {
		t.Run(language, func(t *testing.T) {
			entries := []exchange.Entry{client("Alfa Kft."), client("Béta Bt."), client("Gamma Kft.")}
			entries[0].TaxNumber, entries[0].Folder = "12345678-1-42", "Kft-k"
			entries[1].MandateUntil, entries[2].Folder = "2031-12-31", "Kft-k"
			o := newOffice(t, fmt.Sprintf("language = %q\n", language), entries...)
			w := o.open("")
			w.namesAre("Alfa Kft.", "Béta Bt.", "Gamma Kft.")
			w.headingsAre(texts.few)
			w.shows(texts.folded)
			if title := eval[string](w, `document.getElementById("columns").title`); !strings.HasPrefix(title, texts.title) {
				t.Errorf("the button says %q", title)
			}

			// Who edits has the empty ones too, and they go again.
			w.do(chromedp.Focus("#query"))
			w.keys(kb.ArrowDown, kb.F2)
			w.until(`document.activeElement.name === "name"`)
			if got := w.headings(); !strings.HasPrefix(got, texts.all) {
				t.Errorf("while editing: %s", got)
			}
			w.keys(kb.Escape)
			w.headingsAre(texts.few)

			w.click("#columns")
			w.click("#columns-dialog [name=folder]")
			w.keys(kb.Enter)
			w.headingsAre(texts.chosen)
			if got := o.settings(); !strings.Contains(got, "[page]") || !strings.Contains(got, `hide_columns = "folder"`) {
				t.Errorf("the settings say %s", got)
			}
			o.lock()
			o.kapu(password+"\n", "unlock", "--password")
			o.dial()
			again := o.open("")
			again.namesAre("Alfa Kft.", "Béta Bt.", "Gamma Kft.")
			again.headingsAre(texts.chosen)
			again.click("#columns")
			again.click("#columns-dialog [name=fold]")
			again.keys(kb.Enter)
			again.until(`document.querySelectorAll(".head button").length === 7`)
			o.kapu("", "config", "check")
		})
	}
}

// A column is folded away by what the filters leave, not by what is searched for; a day that is near is never.
func TestWhatFoldsColumns(t *testing.T) {
	day := bureau.DayOf(time.Now().AddDate(0, 0, 3))
	entries := []exchange.Entry{client("Alfa Kft."), client("Béta Bt."), client("Gamma Kft.")}
	for i := range entries {
		entries[i].MandateUntil, entries[i].PasswordUntil = day, "2031-12-31"
		entries[i].Folder, entries[i].TaxNumber = []string{"Kft-k", "Bt-k", "Kft-k"}[i], fmt.Sprintf("1234567%d-1-42", i)
	}
	w := newOffice(t, "", entries...).open("")
	w.namesAre("Alfa Kft.", "Béta Bt.", "Gamma Kft.")
	w.headingsAre("Név|Adószám|Mappa|Meghatalmazás")
	w.fill("#query", "kft")
	w.namesAre("Alfa Kft.", "Gamma Kft.")
	w.headingsAre("Név|Adószám|Mappa|Meghatalmazás")
	w.pick("[data-chip=folder]", "in Kft-k")
	w.headingsAre("Név|Adószám|Meghatalmazás")
	w.shows("(5 összecsukva)")
}

// pick chooses of a list as a person does.
func (w *window) pick(selector, value string) {
	w.t.Helper()
	w.until(`[...(document.querySelector(%s)?.options ?? [])].some((o) => o.value === %s)`, selector, value)
	eval[bool](w, `(() => {
		const select = document.querySelector(%s);
		select.value = %s;
		return select.dispatchEvent(new Event("change", { bubbles: true }));
	})()`, selector, value)
}

// A day is never cut, in whatever font and width; and no title of a column either where all of them are shown.
func TestDaysAreNeverCut(t *testing.T) {
	for _, language := range []string{"hu", "en"} {
		t.Run(language, func(t *testing.T) {
			o := newOffice(t, fmt.Sprintf("language = %q\n[page]\nfold_columns = false\n", language), strange()...)
			for _, font := range map[string][]string{"hu": {"system-ui", "monospace"}, "en": {"serif"}}[language] {
				w := newBrowser(t)
				w.do(chromedp.Navigate("about:blank"))
				w.before(fmt.Sprintf(`const sheet = new CSSStyleSheet();
					sheet.replaceSync("body { font-family: %s !important }");
					document.adoptedStyleSheets = [sheet];`, font))
				w.enter(o.link(""))
				w.until(`document.querySelectorAll(".body [role=row]").length === 5`)
				for _, size := range sizes {
					w.resize(size.width, size.height)
					cut := eval[[]string](w, `[...document.querySelectorAll(".body time")].filter((d) => {
						const [day, cell] = [d.getBoundingClientRect(), d.closest("[role=gridcell]").getBoundingClientRect()];
						const facts = d.closest(".facts").getBoundingClientRect();
						const shown = facts.height === 0 || day.top < facts.bottom - 1;
						return shown && (day.right > cell.right + .5 || facts.height > 0 && day.bottom > facts.bottom + 1);
					}).map((d) => d.innerText)`)
					if len(cut) > 0 {
						t.Errorf("%s, %s: cut are %q", font, size.name, cut)
					}
				}
			}
		})
	}
}

// The fields of a row that is edited stand under their headings; on a card each bears its title.
func TestFieldsStandUnderTheirHeadings(t *testing.T) {
	w := exampleOffice(t, 60).open("")
	w.shows("60 ügyfél")
	w.do(chromedp.Focus("#query"))
	w.keys(kb.ArrowDown, kb.ArrowDown, kb.F2)
	w.until(`document.activeElement.name === "name"`)
	for _, size := range sizes {
		w.resize(size.width, size.height)
		wrong := eval[[]string](w, `[...document.querySelectorAll(".editing input[name]")].filter((input) => {
			const field = input.getBoundingClientRect();
			if (document.querySelector(".cards")) {
				const title = getComputedStyle(input.parentElement, "::before");
				return title.content !== JSON.stringify(input.ariaLabel) || title.display === "none" || field.width < 60;
			}
			const heading = document.querySelector(".head ." + input.name).getBoundingClientRect();
			return Math.abs(field.left - heading.left) > 4 || Math.abs(field.right - heading.right) > 4;
		}).map((input) => input.name)`)
		if len(wrong) > 0 || eval[int](w, `document.querySelectorAll(".editing input[name]").length`) != 7 {
			t.Errorf("%s: %q", size.name, wrong)
		}
		if cards := eval[bool](w, `document.querySelector(".cards") !== null`); cards != (size.width < 1180) {
			t.Errorf("%s: cards are shown: %v", size.name, cards)
		}
	}
	// The last one too can be edited on a card: its fields are not cut off.
	w.keys(kb.Escape, kb.End, kb.F2)
	w.until(`document.activeElement.name === "name"`)
	w.do(chromedp.ScrollIntoView(".editing [data-do=save]"))
	w.click(".editing [data-do=save]")
	w.until(`document.querySelector(".editing") === null`)
}

// The headings sort by keyboard: one place in the order of tabbing, arrows between them and to the rows.
func TestSortingByKeyboard(t *testing.T) {
	entries := []exchange.Entry{client("Alfa"), client("Béta"), client("Gamma")}
	for i, tax := range []string{"22222222-1-42", "33333333-1-42", "11111111-1-42"} {
		entries[i].TaxNumber = tax
	}
	w := newOffice(t, "", entries...).open("")
	w.namesAre("Alfa", "Béta", "Gamma")
	w.keys(kb.ArrowDown, kb.ArrowUp)
	w.until(`document.activeElement.dataset.sort === "order"`)
	w.keys(kb.ArrowRight, kb.Enter)
	w.namesAre("Gamma", "Alfa", "Béta")
	sorted := func(direction string) {
		t.Helper()
		w.until(`document.activeElement.closest("[role=columnheader].tax_number")?.ariaSort === %s`, direction)
	}
	sorted("ascending")
	w.keys(" ")
	w.namesAre("Béta", "Alfa", "Gamma")
	sorted("descending")
	w.keys(kb.ArrowDown)
	w.until(`document.activeElement.getAttribute("role") === "row"`)
	w.keys("Shift+" + kb.Tab)
	sorted("descending")
	if n := eval[int](w, `document.querySelectorAll(".head [tabindex='0']").length`); n != 1 {
		t.Errorf("Tab stops %d times in the headings", n)
	}
	w.keys(kb.Home)
	w.until(`document.activeElement.dataset.all !== undefined`)
	w.keys(" ")
	w.shows("Kijelölve: 3")

	// Where the clients are cards, the headings still sort.
	w.resize(390, 844)
	w.until(`document.querySelector(".cards") !== null`)
	w.click(`[data-sort="order"]`)
	w.namesAre("Alfa", "Béta", "Gamma")
}

// A column that somebody writes into the settings and that there is not is named with its line.
func TestUnknownColumn(t *testing.T) {
	o := newOffice(t, "", client("Alfa"))
	c, base := enter(t, o)
	answer := send(t, c, "POST", base+"/api/columns", `{"hide":"name","fold":true}`)
	body := make([]byte, 1000)
	n, _ := answer.Body.Read(body)
	if answer.StatusCode != 422 || !strings.Contains(string(body[:n]), "page.hide_columns") {
		t.Errorf("%s: %s", answer.Status, body[:n])
	}
	if slices.Contains(strings.Fields(o.settings()), "[page]") {
		t.Error(o.settings())
	}
}
