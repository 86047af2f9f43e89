//go:build linux

package panel_test

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// absent makes the page believe that this machine was away, and that another one wants to come back.
const absent = `const fetched = window.fetch;
window.fetch = async (path, options) => {
	const answer = await fetched(path, options);
	if (path !== "/api/office") return answer;
	const office = await answer.json();
	const words = "gesztenye gyümölcs pillangó, vitorla kulcs levél";
	office.members[1].devices = [{ id: "x", name: "kati@laptop", number: "43183 35527 50393 66387 16132 20640", away: "2026-09-30" }];
	if (window.name === "away") Object.assign(office, { away: "2026-09-28", words, admin: false });
	else office.asking = [{ device: "x", member: office.members[1].id, name: "Kati", machine: "kati@laptop", words, away: "2026-09-30" }];
	return new Response(JSON.stringify(office), { status: 200, headers: { "Content-Type": "application/json" } });
};`

// Whoever sits at a machine that was away is told what to do, and an admin sees which machine wants to come back, and
// since when it was away.
func TestAwayOnThePage(t *testing.T) {
	o := smallOffice(t, "", 3)
	for _, who := range []string{"admin", "away"} {
		w := newBrowser(t)
		w.do(chromedp.Navigate("about:blank"))
		w.before(`window.name = "` + who + `";` + absent)
		w.do(chromedp.Navigate(o.link("office")))
		w.until(`document.querySelector(".asking .words") !== null`)
		words := eval[string](w, `document.querySelector(".asking .words").textContent`)
		if words != "gesztenye gyümölcs pillangó, vitorla kulcs levél" {
			t.Errorf("%s: the words are %q", who, words)
		}
		want := []string{"Kati gépe vissza szeretne térni: kati@laptop", "2026-09-30", "távol", "Biztonsági szám"}
		if who == "away" {
			want = []string{"ezt a gépet újra jóvá kell hagyni", "2026-09-28", "hat szót"}
		}
		for _, part := range want {
			if text := w.text(); !strings.Contains(text, part) {
				t.Errorf("%s: nothing says %q:\n%s", who, part, text)
			}
		}
		w.everywhere("office-away-" + who)
	}
}
