//go:build linux

package panel_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"kapu/exchange"
	bureau "kapu/office"
)

// sizes are those at which the page has to look right: its own window, a large one, a telephone's, and its own window
// at 200 %.
var sizes = []struct {
	name          string
	width, height int64
}{{"1180", 1180, 760}, {"1456", 1456, 900}, {"390", 390, 844}, {"zoomed", 590, 380}}

// everywhere looks at the page at each size, and in the dark: at the first of them, or at all for who wants pictures.
func (w *window) everywhere(what string) {
	w.t.Helper()
	for i, size := range sizes {
		w.resize(size.width, size.height)
		w.fits(what + "-" + size.name)
		w.scrollsOnce(what + " at " + size.name)
		if i == 0 || os.Getenv("KAPU_SHOTS") != "" {
			w.dark(true)
			w.fits(what + "-" + size.name + "-dark")
			w.dark(false)
		}
	}
	w.resize(1180, 760)
}

// scrollsOnce fails the test if two things scroll up and down.
func (w *window) scrollsOnce(what string) {
	w.t.Helper()
	scrolling := eval[[]string](w, `[...document.querySelectorAll("html, body, body *:not(dialog *, textarea, [popover])")].filter((e) =>
		e.scrollHeight > e.clientHeight + 1 && e.clientHeight > 0 && (e === document.documentElement ? getComputedStyle(e).overflowY !== "hidden" :
		["auto", "scroll"].includes(getComputedStyle(e).overflowY))).map((e) => e.tagName + "." + e.className)`)
	if len(scrolling) > 1 {
		w.t.Errorf("%s: %q scroll", what, scrolling)
	}
}

// strange are clients whose names are hard on a table.
func strange() []exchange.Entry {
	long := strings.TrimSpace(strings.Repeat("Hosszúnevű Szolgáltató és Kereskedelmi ", 5))
	names := []string{
		long[:min(len(long), 198)], "Kovács & Társa & Fiai Bt.", "\u202eevil\u202c gnp.exe Kft.", "ב״ה ירושלים Kft.",
		strings.Repeat("Megszentségteleníthetetlen", 7),
	}
	day := func(days int) string { return bureau.DayOf(time.Now().AddDate(0, 0, days)) }
	var entries []exchange.Entry
	for i, name := range names {
		e := client(name)
		e.Folder, e.UserName, e.TaxNumber = name, name, name
		e.MandateUntil, e.PasswordUntil = day(3*i-5), day(9-4*i)
		entries = append(entries, e)
	}
	return entries
}

// The table of clients looks right in each of its states.
func TestTableLooks(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a while")
	}
	t.Run("none", func(t *testing.T) {
		w := newOffice(t, "").open("")
		w.shows("Még nincs ügyfél.")
		w.everywhere("none")
	})
	t.Run("one", func(t *testing.T) {
		w := newOffice(t, "", client("Alfa Kft.")).open("")
		w.namesAre("Alfa Kft.")
		w.everywhere("one")
	})
	t.Run("strange names", func(t *testing.T) {
		w := newOffice(t, "", strange()...).open("")
		w.until(`document.querySelectorAll(".body [role=row]").length === 5`)
		w.everywhere("strange")
	})
	t.Run("three hundred", manyLook)
	t.Run("two thousand in an office", func(t *testing.T) {
		o := exampleOffice(t, 2000)
		o.adds(kovacs("12345678-1-42", "pal", "Kft-k"), kovacs("12345678-1-42", "eva", "Kft-k"))
		o.found("Kis Iroda", "Anna")
		w := o.open("")
		w.shows("2002 ügyfél")
		w.until(`document.querySelector("[data-chip=shared]") !== null`)
		w.everywhere("office")
		w.click("[data-chip=duplicates]")
		w.until(`document.querySelectorAll(".body [role=row]").length === 2`)
		w.do(chromedp.Focus(".body [role=row]"))
		w.keys("Ctrl+a")
		w.everywhere("pair")
		w.click("[data-do=merge]")
		w.until(`document.querySelector("#merge-dialog [role=status] p") !== null`)
		w.everywhere("merged")
	})
}

func manyLook(t *testing.T) {
	w := exampleOffice(t, 300).open("")
	w.shows("300 ügyfél")
	w.everywhere("many")
	w.do(chromedp.Focus("#query"))
	w.keys(kb.ArrowDown, kb.ArrowDown, "Ctrl+"+kb.Enter)
	w.until(`document.querySelector(".digits") !== null`)
	w.keys("Shift+"+kb.ArrowDown, "Shift+"+kb.ArrowDown)
	w.shows("Kijelölve: 3")
	w.everywhere("selected")
	w.keys(kb.Escape) // hides the code
	w.until(`document.querySelector(".digits") === null`)
	w.keys(kb.Escape)
	w.until(`document.querySelectorAll("[aria-selected=true]").length <= 1`) // else the next key is for all of them
	w.keys(kb.F2)
	w.until(`document.querySelector(".editing") !== null`)
	w.everywhere("edited")
	w.keys(kb.Escape)
	w.click("[data-chip=over]")
	w.everywhere("chips")
	w.fill("#query", "nincs ilyen")
	w.everywhere("no-hit")
	w.click("#columns")
	w.until(`document.querySelector("#columns-dialog") !== null`)
	w.everywhere("columns")
}
