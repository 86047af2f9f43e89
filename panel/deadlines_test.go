//go:build linux

package panel_test

import (
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"kapu/exchange"
	bureau "kapu/office"
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
	w.do(chromedp.Click("dialog [value=ok]"))
	w.shows("Az új dátum beállítva: Béta Kft.")
	w.shows("2 meghatalmazás vagy jelszó")
	in := bureau.DayOf(time.Now().AddDate(2, 0, 0))
	if c := o.list()["Gamma Kft."]; c.PasswordUntil != in {
		t.Errorf("the account's password: %s, want %s", c.PasswordUntil, in)
	}
	w.do(chromedp.Click(".notice button"))
	w.shows("3 meghatalmazás vagy jelszó")

	w.do(chromedp.Click("tbody tr:first-child button"))
	w.fill("dialog input", "")
	w.do(chromedp.Click("dialog [value=ok]"))
	w.shows("2 meghatalmazás vagy jelszó")
	if c := o.list()["Alfa Kft."]; c.MandateUntil != "" {
		t.Errorf("the mandate: %s", c.MandateUntil)
	}
}
