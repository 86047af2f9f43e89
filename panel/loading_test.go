//go:build linux

package panel_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// held makes the page's requests wait until release() is called, or answers them with an error that a person sees.
const held = `window.held = [];
const real = window.fetch;
window.fetch = async (path, options) => {
	if (!String(path).startsWith("/api/")) return real(path, options);
	if (window.held) await new Promise((go) => window.held.push(go));
	if (window.refuse?.(path)) return new Response(JSON.stringify({ problem: "A szolgáltatás megállt." }), { status: 422 });
	return real(path, options);
};
window.release = () => { const all = window.held; window.held = null; for (const go of all) go(); return true; };`

// before runs a script in each document before its own.
func (w *window) before(source string) {
	w.t.Helper()
	w.do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: source})
		return err
	}))
}

// What has not come yet is not the same as nothing, on every page: it says that it is on its way, and no more.
func TestLoadingIsNotEmptiness(t *testing.T) {
	empty := []string{
		"Még nincs ügyfél", "Nincs találat", "Nincs a következő", "A napló üres", "nincs", "Nincs", "0 ügyfél",
	}
	o := smallOffice(t, "", 6)
	for view, ready := range map[string]string{
		"": `document.querySelectorAll(".body [role=row]").length === 6`, "search": `document.querySelectorAll("[role=option]").length === 6`,
		"deadlines": `document.getElementById("due").innerText !== ""`, "log": `document.querySelector(".body [role=row]") !== null`,
		"settings": `!document.getElementById("all").hidden`, "export": `document.querySelector("[name=format]").options.length > 0`,
		"office": officeReady["office"], "office/rights": officeReady["office/rights"], "office/keys": officeReady["office/keys"],
		"office/substitutes": officeReady["office/substitutes"], "office/journal": officeReady["office/journal"],
		"office/state": officeReady["office/state"],
	} {
		t.Run(view, func(t *testing.T) {
			w := newBrowser(t)
			w.do(chromedp.Navigate("about:blank"))
			w.before(held)
			w.do(chromedp.Navigate(o.link(view)))
			w.until(`document.querySelector("main .loading")?.innerText === "Betöltés…"`)
			text := eval[string](w, `document.querySelector("main").innerText`)
			for _, words := range empty {
				if view != "export" && strings.Contains(text, words) {
					t.Errorf("while it is on its way, the page says %q:\n%s", words, text)
				}
			}
			if view == "" {
				w.fits("loading")
			}
			w.until(`release()`)
			w.until(ready)
			w.until(`document.querySelector("main .loading") === null`)
		})
	}
}

// What was refused is said, with a way to try again.
func TestLoadingIsRefused(t *testing.T) {
	o := newOffice(t, "", client("Alfa Kft."))
	w := newBrowser(t)
	w.do(chromedp.Navigate("about:blank"))
	w.before(held + `window.refuse = (path) => path === "/api/clients"; window.release();`)
	w.do(chromedp.Navigate(o.link("")))
	w.shows("A szolgáltatás megállt.")
	if strings.Contains(w.text(), "Még nincs ügyfél") {
		t.Error("it is said that there are none")
	}
	w.fits("refused")
	eval[bool](w, `(window.refuse = null) === null`)
	w.tabTo(".loading button")
	w.keys(kb.Enter)
	w.namesAre("Alfa Kft.")
	w.until(`document.querySelector(".loading") === null`)
}

// No page has two things that scroll up and down, and all have their navigation on one line.
func TestOneScrollBar(t *testing.T) {
	o := smallOffice(t, written, 40)
	w := o.open("")
	w.shows("40 ügyfél")
	origin := eval[string](w, `location.origin`)
	for _, view := range []string{
		"", "add", "import", "export", "deadlines", "log", "settings", "search", "office", "office/rights", "office/keys",
		"office/substitutes", "office/journal", "office/state",
	} {
		w.do(chromedp.Navigate(origin + "/" + view))
		w.until(`document.querySelector("main") !== null && location.pathname === %s`, "/"+view)
		w.until(`document.querySelector("main .loading") === null`)
		for _, size := range sizes {
			w.resize(size.width, size.height)
			w.scrollsOnce(fmt.Sprintf("%s at %s", view, size.name))
			w.notTooWide(view + " at " + size.name)
			w.shot(fmt.Sprintf("page-%s-%s", strings.ReplaceAll(view, "/", "-"), size.name))
			if height := eval[float64](w, `document.querySelector("header")?.offsetHeight ?? 0`); height > 48 {
				t.Errorf("%s at %s: the navigation is %.0f pixels high", view, size.name, height)
			}
		}
	}
}

// On a telephone the pages are a menu, by keyboard too; what can be done with a client is large enough for a finger.
func TestOnATelephone(t *testing.T) {
	w := exampleOffice(t, 30).open("")
	w.shows("30 ügyfél")
	w.resize(390, 844)
	w.until(`document.querySelector(".cards") !== null`)
	small := eval[[]string](w, `[...document.querySelectorAll(".body button, .filters button, .filters select, header button, .tools button")].filter((b) => {
		const { width, height } = b.getBoundingClientRect();
		return width > 0 && (width < 40 || height < 40);
	}).map((b) => b.outerHTML)`)
	if len(small) > 0 {
		t.Errorf("too small: %q", small[:1])
	}
	if eval[bool](w, `document.querySelector("nav").checkVisibility()`) {
		t.Error("the menu is open by itself")
	}
	w.do(chromedp.Focus("button.menu"))
	w.keys(kb.Enter)
	w.until(`document.querySelector("nav").checkVisibility()`)
	w.fits("menu")
	w.keys(kb.Escape)
	w.until(`!document.querySelector("nav").checkVisibility()`)
	w.keys(kb.Enter, kb.Tab, kb.Tab, kb.Enter)
	w.until(`location.pathname === "/add"`)
}
