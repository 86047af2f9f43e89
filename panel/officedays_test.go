//go:build linux

package panel_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"kapu/agent"
	bureau "kapu/office"
)

// in lets the browser think that it is in another time zone.
func (w *window) in(zone string) {
	w.t.Helper()
	w.do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, emulation.SetTimezoneOverride, emulation.SetTimezoneOverrideParams{TimezoneID: zone})
		return err
	}))
}

// A day of a right is the same one on the page and on the command line, on a machine whose clock is elsewhere.
func TestDaysElsewhere(t *testing.T) {
	const zone = "America/New_York"
	anna := newOfficeOn(t, []string{"TZ=" + zone}, "", client("Alfa Kft."))
	anna.found("Kis Iroda", "Anna")
	anna.invited("Béla", "Cili")
	w := newBrowser(t)
	w.in(zone)
	w.do(chromedp.Navigate(anna.link("office/substitutes")))
	w.shows("senki sem helyettesít")
	day := func(days int) string { return bureau.DayOf(time.Now().AddDate(0, 0, days)) }
	for field, want := range map[string]string{"from": day(0), "until": day(7)} {
		if got := eval[string](w, `document.querySelector("[name="+%s+"]").value`, field); got != want {
			t.Errorf("%s is proposed as %s, want %s", field, got, want)
		}
	}
	w.choose("[name=member]", anna.member("Béla"))
	w.choose("[name=what]", "all")
	w.fill("[name=from]", "2097-07-01")
	w.fill("[name=until]", "2097-12-31")
	w.click("form .main")
	w.givesPassword()
	w.shows("Helyettesítés beállítva: Béla")
	anna.kapu(password+"\n", "office", "grant", "Cili", "--all", "--right", "codes", "--from", "2097-07-01", "--until", "2097-12-31")

	var grants []agent.OfficeGrant
	if err := json.Unmarshal([]byte(anna.kapu("", "office", "rights", "--json")), &grants); err != nil {
		t.Fatal(err)
	}
	if len(grants) != 2 || !grants[0].From.Equal(grants[1].From) || !grants[0].Until.Equal(grants[1].Until) {
		t.Errorf("given by the page and by the command line: %+v", grants)
	}
	if got := anna.kapu("", "office", "rights"); strings.Count(got, "2097-07-01 – 2097-12-31") != 2 {
		t.Errorf("the command line shows %s", got)
	}
	w.until(`document.querySelectorAll("#list tbody tr").length === 2`)
	shown := eval[string](w, `[...document.querySelectorAll("#list tbody td:nth-of-type(2)")].map((d) => d.innerText).join("|")`)
	one, two, _ := strings.Cut(shown, "|")
	if one != two || !strings.Contains(one, "2097. 07. 01.") || !strings.Contains(one, "2097. 12. 31.") || strings.Contains(one, ":") {
		t.Errorf("the page shows %q", shown)
	}
}
