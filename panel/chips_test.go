//go:build linux

package panel_test

import (
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"kapu/agent"
	"kapu/exchange"
	"kapu/internal/wait"
	bureau "kapu/office"
)

// chips are the filters with their numbers, and those that are chosen with a star before them.
func (w *window) chips() string {
	w.t.Helper()
	return strings.Join(eval[[]string](w, `[...document.querySelectorAll("[data-chip][aria-pressed]")].map((b) =>
		(b.ariaPressed === "true" ? "*" : "") + b.innerText)`), "|")
}

func (w *window) chipsAre(want string) {
	w.t.Helper()
	if !wait.Poll(func() bool { return w.chips() == want }) {
		w.t.Fatalf("the chips are %s, want %s", w.chips(), want)
	}
}

// filed are clients of whom something runs out, has run out, or is not noted.
func filed() []exchange.Entry {
	day := func(days int) string { return bureau.DayOf(time.Now().AddDate(0, 0, days)) }
	entries := []exchange.Entry{client("Alfa Kft."), client("Béta Bt."), client("Gamma Kft."), client("Delta Kft."), client("Epszilon Bt.")}
	for i, e := range []exchange.Entry{
		{Folder: "Kft-k", MandateUntil: day(-1), Favourite: true},
		{Folder: "Bt-k", MandateUntil: day(0)},
		{Folder: "Kft-k", MandateUntil: day(31), PasswordUntil: day(30)},
		{Folder: "Kft-k", PasswordUntil: day(-400)},
		{MandateUntil: day(400), Favourite: true},
	} {
		e.Name, e.Key = entries[i].Name, entries[i].Key
		entries[i] = e
	}
	return entries
}

// Chips narrow the list and tell how many they would leave, beside each other, the folder and the search; what runs out
// soon and what has run out widen each other.
func TestChips(t *testing.T) {
	w := newOffice(t, "", filed()...).open("")
	w.namesAre("Alfa Kft.", "Béta Bt.", "Delta Kft.", "Epszilon Bt.", "Gamma Kft.")
	w.chipsAre("Kedvenc 2|30 napon belül lejár 2|Lejárt 2|Nincs megadva meghatalmazás 1")
	w.click("[data-chip=soon]")
	w.namesAre("Béta Bt.", "Gamma Kft.")
	w.shows("2 / 5")
	w.chipsAre("Kedvenc 0|*30 napon belül lejár 2|Lejárt 2|Nincs megadva meghatalmazás 0")
	w.click("[data-chip=over]")
	w.namesAre("Alfa Kft.", "Béta Bt.", "Delta Kft.", "Gamma Kft.")
	w.chipsAre("Kedvenc 1|*30 napon belül lejár 2|*Lejárt 2|Nincs megadva meghatalmazás 1")
	w.pick("[data-chip=folder]", "in Kft-k")
	w.namesAre("Alfa Kft.", "Delta Kft.", "Gamma Kft.")
	w.fill("#query", "al")
	w.namesAre("Alfa Kft.")
	w.chipsAre("Kedvenc 1|*30 napon belül lejár 0|*Lejárt 1|Nincs megadva meghatalmazás 0")
	w.until(`[...document.querySelector("[data-chip=folder]").options].map((o) => o.text).join("|") ===
		"Minden mappa|Bt-k (0)|Kft-k (1)|Nincs mappában (0)"`)

	// Escape takes back the search, then the filters.
	w.do(chromedp.Focus("#query"))
	w.keys(kb.Escape)
	w.namesAre("Alfa Kft.", "Delta Kft.", "Gamma Kft.")
	w.keys(kb.Escape)
	w.shows("5 ügyfél")
	w.chipsAre("Kedvenc 2|30 napon belül lejár 2|Lejárt 2|Nincs megadva meghatalmazás 1")

	// By keyboard; and what leaves nobody says so, with the way back.
	w.until(`document.activeElement.id === "query"`)
	w.tabTo("[data-chip=no-mandate]")
	w.keys(" ")
	w.namesAre("Delta Kft.")
	w.fill("#query", "béta")
	w.shows("Ezekkel a szűrőkkel nincs találat.")
	w.fits("chips-none")
	w.click("#grid [data-do=clear]")
	w.shows("5 ügyfél")
	w.until(`document.activeElement.id === "query" && document.activeElement.value === ""`)
	w.pick("[data-chip=folder]", "in ")
	w.namesAre("Epszilon Bt.")
}

// tabTo presses Tab until something has the focus.
func (w *window) tabTo(selector string) {
	w.t.Helper()
	for range 40 {
		if eval[bool](w, `document.activeElement.matches(%s)`, selector) {
			return
		}
		w.keys(kb.Tab)
	}
	w.t.Fatalf("Tab does not lead to %s", selector)
}

func TestChipsInEnglish(t *testing.T) {
	w := newOffice(t, "language = \"en\"\n", filed()...).open("")
	w.chipsAre("Favourite 2|Runs out within 30 days 2|Has run out 2|No mandate noted 1")
	w.click("[data-chip=no-mandate]")
	w.fill("#query", "x")
	w.shows("Nothing is left by these filters.")
}

// What is the office's, and possible duplicates, are chips where there are any.
func TestChipsOfTheOffice(t *testing.T) {
	anna := newOffice(t, "", client("Alfa Kft."), client("Béta Bt."))
	anna.found("Kis Iroda", "Anna")
	béla := anna.takesIn("Béla", "")
	béla.adds(kovacs("12345678-1-42", "pal", "A"), kovacs("12345678-1-42", "eva", "B")) // of their own, and they stay so
	anna.grant(agent.OfficeAssignment{Members: []string{anna.member("Béla")}, Right: bureau.Use})
	béla.sync()
	w := béla.open("")
	w.until(`document.querySelectorAll(".body [role=row]").length === 4`)
	w.click("[data-chip=shared]")
	w.namesAre("Alfa Kft. használat", "Béta Bt. használat")
	w.click("[data-chip=shared]")
	w.click("[data-chip=duplicates]")
	w.until(`document.querySelectorAll(".body [role=row]").length === 2`)
	// One alone is no duplicate.
	w.pick("[data-chip=folder]", "in A")
	w.namesAre()
	w.shows("Nincs két ügyfél, amely ugyanaz lehetne.")
}
