//go:build linux

package panel_test

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"kapu/agent"
	bureau "kapu/office"
)

// The button says what it takes back, step by step, also what another page or face has changed; Ctrl+Z works in the
// search box that has the focus at first, but leaves alone what was there before the page was opened.
func TestUndoNamesWhatItTakesBack(t *testing.T) {
	o := newOffice(t, "", client("Kis Kft."), client("Nagy Bt."))
	w := o.open("")
	w.namesAre("Kis Kft.", "Nagy Bt.")
	w.shows("Visszavonás: 2 ügyfél importálása")
	w.do(chromedp.Focus("#query"))
	w.keys("Ctrl+z")
	w.keys(kb.ArrowDown, kb.F2)
	w.until(`document.activeElement.name === "name"`)
	w.fill(".editing [name=folder]", "Zalai cégek")
	w.keys(kb.Enter)
	w.shows("Visszavonás: „Kis Kft.” módosítása")
	w.keys(kb.Delete)
	w.namesAre("Nagy Bt.")
	w.shows("Eltávolítva: Kis Kft.")
	w.shows("Visszavonás: „Kis Kft.” eltávolítása")

	w.do(chromedp.Focus("#query"))
	w.fill("#query", "nagy")
	w.keys("Ctrl+z") // what is typed belongs to the box
	w.fill("#query", "")
	w.keys("Ctrl+z")
	w.shows("„Kis Kft.” eltávolítása visszavonva.")
	w.namesAre("Kis Kft.", "Nagy Bt.")
	w.shows("Visszavonás: „Kis Kft.” módosítása")
	w.click("#undo")
	w.shows("„Kis Kft.” módosítása visszavonva.")
	if c := o.list()["Kis Kft."]; c.Folder != "" {
		t.Errorf("%+v", c)
	}
	w.shows("Visszavonás: 2 ügyfél importálása")
	w.keys("Ctrl+z")
	w.namesAre("Kis Kft.", "Nagy Bt.")
	w.click("#undo")
	w.namesAre()
	w.until(`document.getElementById("undo").hidden && document.activeElement.id === "query"`)
}

func TestUndoInEnglish(t *testing.T) {
	o := newOffice(t, "language = \"en\"\n", client("Small Ltd"))
	w := o.open("")
	w.namesAre("Small Ltd")
	w.keys(kb.ArrowDown, kb.Delete)
	w.shows("Removed: Small Ltd")
	w.shows("Undo: Removal of “Small Ltd”")
	w.click("#undo")
	w.shows("Removal of “Small Ltd” taken back.")
}

// One's own client goes without a question; of the office's it is said first for whom it goes, and Enter alone, which
// Delete is followed by all too easily, does not do it.
func TestRemovingTheOffices(t *testing.T) {
	anna := newOffice(t, quick, client("Alfa Kft."), client("Béta Kft."))
	anna.found("Kis Iroda", "Anna")
	béla := anna.takesIn("Béla", quick)
	anna.grant(agent.OfficeAssignment{Members: []string{anna.member("Béla")}, Right: bureau.Edit})
	béla.sync()
	w := anna.open("")
	w.namesAre("Alfa Kft.", "Béta Kft.")
	w.keys(kb.ArrowDown, kb.Delete)
	w.shows("„Alfa Kft.” eltávolítása")
	w.shows("Ez az ügyfél az irodáé")
	w.until(`document.querySelector("#removal-dialog li")?.textContent === "Béla"`)
	w.fits("removal")
	w.keys(kb.Enter)
	w.until(`document.querySelector("dialog[open]") === null`)
	w.namesAre("Alfa Kft.", "Béta Kft.")

	w.until(`document.activeElement.dataset.id !== undefined`)
	w.keys("Ctrl+a", kb.Delete)
	w.shows("2 ügyfél eltávolítása")
	w.shows("Mindegyik az irodáé")
	w.click("#removal-dialog [value=ok]")
	w.namesAre()
	w.shows("Eltávolítva: 2 ügyfél")
	w.shows("Visszavonás: 2 ügyfél eltávolítása")
	w.click("#undo")
	w.namesAre("Alfa Kft.", "Béta Kft.")
}
