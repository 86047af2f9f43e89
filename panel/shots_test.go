//go:build linux

package panel_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"kapu/exchange"
	"kapu/internal/examples"
	bureau "kapu/office"
)

// exampleOffice has made-up clients of the real kind.
func exampleOffice(t *testing.T, n int) *office {
	t.Helper()
	return exampleOfficeIn(t, "", n)
}

// exampleOfficeIn has them under settings of its own.
func exampleOfficeIn(t *testing.T, settings string, n int) *office {
	t.Helper()
	day := func(days int) string { return bureau.DayOf(time.Now().AddDate(0, 0, days)) }
	var entries []exchange.Entry
	for i, c := range examples.Clients(n, 5) {
		e := client(c.Name)
		e.Folder, e.UserName = c.Folder, fmt.Sprintf("ugyfel%03d", i)
		e.TaxNumber = fmt.Sprintf("%08d-%d-%02d", 10000000+(i*7919)%20000000, i%3+1, i%40+2)
		if i%3 == 0 {
			e.MandateUntil = day(i*13%900 - 20)
		}
		if i%4 == 1 {
			e.PasswordUntil = day(i*11%700 - 10)
		}
		e.Favourite = i%17 == 0
		entries = append(entries, e)
	}
	return newOffice(t, settings, entries...)
}

// shot takes a picture of the page if KAPU_SHOTS names a folder for it.
func (w *window) shot(name string) {
	dir := os.Getenv("KAPU_SHOTS")
	if dir == "" {
		return
	}
	data, err := chromedp.Run(w.ctx, chromedp.CaptureScreenshot())
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, name+".png"), data, 0o600)
	}
	if err != nil {
		w.t.Error(err)
	}
}

// dark shows the page as to a person who prefers dark.
func (w *window) dark(on bool) {
	scheme := "light"
	if on {
		scheme = "dark"
	}
	w.do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
		})
		return err
	}))
}

// narrow makes the window as wide as one at 200 % zoom is.
func (w *window) narrow() { w.resize(590, 380) }

// fits fails the test if the page is not accessible or wider than its window, and takes its picture.
func (w *window) fits(what string) {
	w.t.Helper()
	for _, violation := range w.violations() {
		w.t.Errorf("%s: %s", what, violation)
	}
	w.shot(what)
	w.notTooWide(what)
}

// notTooWide fails the test if something stands outside of the window.
func (w *window) notTooWide(what string) {
	w.t.Helper()
	if outside := eval[int](w, `Math.max(document.documentElement.scrollWidth, document.querySelector("main").scrollWidth) - innerWidth`); outside > 0 {
		w.t.Errorf("%s is %d pixels too wide", what, outside)
	}
}

// violations are where the page breaks a rule of accessibility in earnest. In the dark the colours are another's, and
// nothing else: there the rules of colours are held to, and in the light all.
func (w *window) violations() []string {
	w.t.Helper()
	source, err := os.ReadFile("../.tools/axe/axe.js")
	if err != nil {
		if os.Getenv("KAPU_DESKTOP_TESTS") != "" {
			w.t.Fatal("no axe: make .tools/axe/axe.js")
		}
		w.t.Skip("no axe: make .tools/axe/axe.js")
	}
	if !eval[bool](w, `typeof axe === "object"`) { // half a megabyte, for as long as the document lasts
		eval[bool](w, string(source)+`;true`)
	}
	eval[bool](w, `(() => {
		window.said = null;
		const colours = { runOnly: ["color-contrast", "link-in-text-block"] };
		const dark = matchMedia("(prefers-color-scheme: dark)").matches;
		axe.run(document, { resultTypes: ["violations"], ...(dark ? colours : {}) }).then(
			(r) => { window.said = r.violations.filter((v) => ["serious", "critical"].includes(v.impact))
				.map((v) => v.id + ": " + v.help + "\n" + v.nodes.map((n) => n.html + " " + n.failureSummary).join("\n")) },
			(e) => { window.said = ["axe: " + e] });
		return true;
	})()`)
	w.until(`window.said !== null`)
	return eval[[]string](w, `window.said`)
}

// Each look of the page, light and dark, wide and at 200 % zoom, is accessible and fits its window.
func TestLooks(t *testing.T) {
	o := exampleOffice(t, 240)
	table, search := o.open(""), o.open("search")
	search.resize(460, 520)
	table.until(`document.querySelectorAll(".body [role=row]").length > 10`)
	search.until(`document.querySelectorAll("[role=option]").length > 10`)
	search.fill("#query", "duna")
	fits := func(w *window, what string) { t.Helper(); w.fits(what) }
	for _, scheme := range []string{"light", "dark"} {
		table.dark(scheme == "dark")
		search.dark(scheme == "dark")
		fits(search, "search-"+scheme)
		table.resize(1180, 760)
		table.keys(kb.Escape, kb.ArrowDown, "Ctrl+"+kb.Enter)
		table.until(`document.querySelector(".digits") !== null`)
		table.keys(kb.ArrowDown, "Shift+"+kb.ArrowDown)
		table.shows("Kijelölve: 2")
		fits(table, "table-"+scheme)
		table.keys(kb.Escape) // hides the code
		table.until(`document.querySelector(".digits") === null`)
		table.keys(kb.Escape)
		table.until(`document.querySelectorAll("[aria-selected=true]").length <= 1`) // else the next key is for two
		table.keys(kb.F2)
		table.until(`document.querySelector(".editing") !== null`)
		fits(table, "edit-"+scheme)
		table.keys(kb.Escape)
		table.click("#keys")
		table.until(`document.querySelector("dialog[open]") !== null`)
		fits(table, "keys-"+scheme)
		table.keys(kb.Escape)
		table.narrow()
		table.until(`document.querySelector(".cards") !== null`)
		fits(table, "narrow-"+scheme)
		table.do(chromedp.Focus("#query"))
	}
	table.resize(1180, 760)
	for _, scheme := range []string{"light", "dark"} {
		table.dark(scheme == "dark")
		table.click(`.body [data-do="details"]`)
		table.until(`document.querySelector("dialog.details[open]") !== null`)
		fits(table, "details-"+scheme)
		table.click(`[data-secret] button`)
		table.until(`document.getElementById("secret") !== null`)
		fits(table, "secret-"+scheme)
		table.keys(kb.Escape)
		table.until(`document.getElementById("secret") === null`)
		table.keys(kb.Escape)
		table.until(`document.querySelector("dialog[open]") === null`)
	}
	o.lock()
	table.until(`document.querySelector("#unlock button") !== null`)
	fits(table, "locked")
	if !eval[bool](table, `document.images[0].naturalWidth > 0`) {
		t.Error("the locked page wants a picture from where there is nobody")
	}
}

// The pages in a column too, empty and full.
func TestColumnLooks(t *testing.T) {
	o := dueOffice(t)
	if err := os.WriteFile(filepath.Join(o.home, "config.toml"), []byte(written), 0o600); err != nil {
		t.Fatal(err)
	}
	for view, ready := range map[string]string{
		"deadlines": `document.querySelector("tbody tr") !== null`,
		"log":       `document.querySelector(".body [role=row]") !== null`,
		"settings":  `document.querySelectorAll(".group").length === 2`,
	} {
		w := o.open(view)
		w.until(ready)
		for _, scheme := range []string{"light", "dark"} {
			w.dark(scheme == "dark")
			w.resize(1180, 760)
			w.fits(view + "-" + scheme)
			if view == "settings" {
				w.click("#protect")
				w.click("[name=method][value=pin]")
				w.fits("protect-" + scheme)
				w.keys(kb.Escape)
				w.do(chromedp.Focus("#add-group"))
				w.fits("groups-" + scheme)
			}
			if view == "deadlines" {
				w.click("tbody button")
				w.fits("day-" + scheme)
				w.keys(kb.Escape)
			}
			w.narrow()
			w.fits(view + "-narrow-" + scheme)
		}
	}
}

// The check finds what is planted: a picture and a button that say nothing, and letters too pale to read.
func TestAccessibilityIsChecked(t *testing.T) {
	o := dueOffice(t)
	w := o.open("deadlines")
	w.until(`document.querySelector("tbody tr") !== null`)
	eval[bool](w, `(() => {
		const main = document.querySelector("main");
		main.append(document.createElement("button"), new Image());
		const pale = document.createElement("p");
		pale.textContent = "halvány";
		pale.style.color = "#eee";
		main.append(pale);
		return true;
	})()`)
	var found []string
	for _, violation := range w.violations() {
		id, _, _ := strings.Cut(violation, ":")
		found = append(found, id)
	}
	slices.Sort(found)
	if want := []string{"button-name", "color-contrast", "image-alt"}; !slices.Equal(found, want) {
		t.Errorf("the check finds %q, want %q", found, want)
	}
}

// However wide the window is, what can be done with a client is in it.
func TestNothingIsCutOff(t *testing.T) {
	o := exampleOffice(t, 20)
	w := o.open("")
	w.until(`document.querySelectorAll(".body [role=row]").length > 5`)
	for width := int64(1240); width >= 560; width -= 40 {
		w.resize(width, 700)
		w.until(`document.querySelectorAll(".body [role=row] button").length > 5`)
		// The page arranges itself a moment after the window has changed.
		w.until(`innerWidth === %s && Math.max(...[...document.querySelectorAll(".body [role=row] button")].map((b) => b.getBoundingClientRect().right)) <= innerWidth`, width)
	}
}
