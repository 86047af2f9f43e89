//go:build linux

package panel_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"kapu/exchange"
	bureau "kapu/office"
	"kapu/vault"
)

// dueOffice has three deadlines of four clients, two of whom share an account.
func dueOffice(t *testing.T) *office {
	t.Helper()
	day := func(days int) string { return bureau.DayOf(time.Now().AddDate(0, 0, days)) }
	entries := []exchange.Entry{client("Alfa Kft."), client("Béta Kft."), client("Gamma Kft."), client("Őrség Kft.")}
	entries[0].MandateUntil, entries[0].Folder = day(-1), "Zalai cégek"
	entries[1].PasswordUntil, entries[1].UserName = day(12), "kovacs.anna"
	entries[2] = exchange.Entry{Name: "Gamma Kft.", Key: entries[1].Key, PasswordUntil: day(12), UserName: "kovacs.anna"}
	entries[2].MandateUntil = day(31)
	entries[3].MandateUntil = day(0)
	return newOffice(t, "", entries...)
}

// What runs out is listed, the most urgent first, and gets a new last day by one click; that can be taken back.
func TestDeadlines(t *testing.T) {
	o := dueOffice(t)
	w := o.open("deadlines")
	w.shows("3 meghatalmazás vagy jelszó")
	rows := func() []string {
		return eval[[]string](w, `[...document.querySelectorAll("tbody tr")].map((r) => r.querySelector("bdi").innerText + ": " + r.querySelector("td small").innerText)`)
	}
	want := []string{"Alfa Kft.: tegnap lejárt", "Őrség Kft.: ma jár le", "Béta Kft.: 12 nap múlva lejár"}
	if got := rows(); len(got) != 3 || got[0] != want[0] || got[1] != want[1] || got[2] != want[2] {
		t.Errorf("%q, want %q", got, want)
	}
	w.shows("és még 1 ügyfél")

	// By keyboard: to the last button, Enter, Enter takes the day that is proposed.
	w.do(chromedp.Focus("tbody tr:last-child button"))
	w.keys(kb.Enter)
	w.until(`document.querySelector("dialog[open]") !== null`)
	w.click("dialog [value=ok]")
	w.shows("Az új dátum beállítva: Béta Kft.")
	w.shows("2 meghatalmazás vagy jelszó")
	in := bureau.DayOf(time.Now().AddDate(2, 0, 0))
	if c := o.list()["Gamma Kft."]; c.PasswordUntil != in {
		t.Errorf("the account's password: %s, want %s", c.PasswordUntil, in)
	}
	w.click(".notice button")
	w.shows("3 meghatalmazás vagy jelszó")

	w.click("tbody tr:first-child button")
	w.fill("dialog input", "")
	w.click("dialog [value=ok]")
	w.shows("2 meghatalmazás vagy jelszó")
	if c := o.list()["Alfa Kft."]; c.MandateUntil != "" {
		t.Errorf("the mandate: %s", c.MandateUntil)
	}
}

// Many are given a new day at once, mandates and passwords each for their time; a mandate may have no end.
func TestDeadlinesInBulk(t *testing.T) {
	o := dueOffice(t)
	w := o.open("deadlines")
	w.shows("3 meghatalmazás vagy jelszó")
	w.fill("#query", "orseg")
	w.shows("Találat: 1 / 3")
	w.click(`[data-select]`)
	w.fill("#query", "")
	w.shows("Meghatalmazás új dátuma… (1)")
	w.fits("deadlines-selected")
	w.click(`[data-all]`)
	w.shows("Meghatalmazás új dátuma… (2)")
	w.shows("Jelszó új dátuma… (1)")
	w.click(`#bulk [data-kind=mandate]`)
	w.shows("Meghatalmazás: 2 ügyfél")
	w.click(`#day-dialog [name=endless]`)
	w.until(`document.querySelector("#day-dialog [name=value]").disabled`)
	w.click(`#day-dialog [value=ok]`)
	w.shows("Az új dátum beállítva: 2 ügyfél")
	w.shows("1 meghatalmazás vagy jelszó")
	if got := o.list(); got["Alfa Kft."].MandateUntil != vault.Indefinite || got["Őrség Kft."].MandateUntil != vault.Indefinite {
		t.Errorf("%+v", got)
	}
	w.shows("Visszavonás: 2 ügyfél módosítása")
	w.click("#undo")
	w.shows("3 meghatalmazás vagy jelszó")
	w.do(chromedp.Evaluate[chromedp.Void](`(() => {
		const within = document.getElementById("within");
		within.value = "90";
		within.dispatchEvent(new Event("change"));
	})()`))
	w.shows("4 meghatalmazás vagy jelszó")
	w.resize(390, 760)
	w.fits("deadlines-390")
}

// What is shown is what is handed out: to a spreadsheet, to a calendar without user names, and to the printer, where
// nothing is that could be pressed.
func TestDeadlinesHandedOut(t *testing.T) {
	o := dueOffice(t)
	w := o.open("deadlines")
	w.shows("3 meghatalmazás vagy jelszó")
	w.fill("#query", "kft")
	eval[bool](w, `(() => {
		window.files = [];
		const real = URL.createObjectURL;
		URL.createObjectURL = (blob) => { blob.text().then((text) => files.push(blob.type + "\n" + text)); return real.call(URL, blob); };
		window.print = () => { window.printed = true; };
		return true;
	})()`)
	w.click("#csv")
	w.until(`files.length === 1`)
	w.fill("#query", "beta")
	w.click("#ics")
	w.until(`files.length === 2`)
	w.shows("Ügyfelek nevét tartalmazza")
	files := eval[[]string](w, `files`)
	if csv := files[0]; !strings.HasPrefix(csv, "text/csv\n") || strings.Count(csv, "\r\n") != 4 || !strings.Contains(csv, ";portáljelszó;Béta Kft.;;;1\r\n") {
		t.Errorf("%q", csv)
	}
	if ics := files[1]; !strings.HasPrefix(ics, "text/calendar\nBEGIN:VCALENDAR\r\n") || strings.Count(ics, "BEGIN:VEVENT") != 1 ||
		!strings.Contains(ics, "Béta Kft.") || strings.Contains(ics, "kovacs") || strings.Contains(ics, "Alfa") {
		t.Errorf("%q", ics)
	}
	w.click("#print")
	w.until(`window.printed`)
	w.fill("#query", "")
	w.do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"})
		return err
	}))
	w.until(`[...document.querySelectorAll("button, input, nav, .notice")].every((e) => e.offsetParent === null)`)
	w.until(`document.querySelectorAll("tbody tr").length === 3 && document.querySelector("h1").offsetParent !== null`)
	w.shot("deadlines-print")
}

func TestDeadlinesInEnglish(t *testing.T) {
	e := client("Small Ltd")
	e.MandateUntil = bureau.DayOf(time.Now().AddDate(0, 0, 3))
	o := newOffice(t, "language = \"en\"\n", e)
	w := o.open("deadlines")
	w.shows("run out within that time or have run out: 1")
	w.click(`[data-all]`)
	w.click(`#bulk [data-kind=mandate]`)
	w.click(`#day-dialog [name=endless]`)
	w.click(`#day-dialog [value=ok]`)
	w.shows("New date set: Small Ltd")
	w.shows("No mandate or password runs out within that time")
	w.shows("Undo: Change of “Small Ltd”")
}
