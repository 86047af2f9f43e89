//go:build linux

package panel_test

import (
	"fmt"
	"io"
	"net/http"
	"testing"
	"time"

	"kapu/exchange"
)

// What an office of 5,000 clients costs; go test -v says it, and nothing here depends on seconds.
func TestFiveThousandClients(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a while")
	}
	const n = 5000
	entries := make([]exchange.Entry, n)
	for i := range entries {
		e := client(fmt.Sprintf("Ügyfél %c%c %d Kereskedelmi és Szolgáltató Kft.", 'A'+i%26, 'a'+i/26%26, i))
		e.TaxNumber, e.Folder, e.UserName = fmt.Sprintf("%08d-2-41", 10000000+i*1733), fmt.Sprintf("%d. csoport", i%30), fmt.Sprintf("ugyfel%04d", i)
		entries[i] = e
	}
	o := newOffice(t, "", entries...)
	c, base := enter(t, o)
	sum := 0
	for _, request := range []string{
		"GET /", "GET /static/page.css", "GET /static/clients.js", "GET /static/kapu.js", "GET /static/list.js", "GET /static/words.js", "GET /static/fold.js", "GET /static/copy.js",
		"GET /static/coded.js", "GET /static/details.js", "GET /static/dialog.js", "GET /static/secret.js", "GET /static/complain.js",
		"GET /static/unlock.js", "GET /static/lockedgroups.js", "GET /static/dom.js", "GET /static/mark.js", "GET /static/grid.js",
		"GET /static/rows.js", "GET /static/table.js", "GET /static/dates.js", "GET /static/icons.js", "GET /static/texts.js",
		"GET /static/lit/lit-html.js", "GET /static/lit/directives/repeat.js", "GET /static/kapu.svg", "POST /api/clients",
	} {
		var method, path string
		fmt.Sscan(request, &method, &path)
		answer := send(t, c, method, base+path, "{}", "Accept-Encoding", "gzip")
		if answer.StatusCode != http.StatusOK || answer.Header.Get("Content-Encoding") != "gzip" {
			t.Errorf("%s: %s, %v", request, answer.Status, answer.Header)
		}
		data, _ := io.ReadAll(answer.Body)
		sum += len(data)
	}
	t.Logf("over the wire: %d kB", sum/1000)
	if sum > 300_000 {
		t.Errorf("%d bytes over the wire", sum)
	}

	w := o.open("")
	w.until(`document.querySelectorAll(".body [role=row]").length > 0`)
	if rows := eval[int](w, `document.querySelectorAll(".body [role=row]").length`); rows > 100 {
		t.Errorf("%d rows exist", rows)
	}
	w.shows("5000 ügyfél")
	t.Logf("first paint %.0f ms, rows %.0f ms after the page was asked for",
		eval[float64](w, `performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? -1`),
		eval[float64](w, `performance.getEntriesByName("rows")[0]?.startTime ?? -1`))
	// A keystroke, until it is on the screen.
	eval[bool](w, `(async () => {
		const input = document.getElementById("query");
		window.strokes = [];
		for (const q of ["k", "ke", "ker", "kere", "", "1", "12", "123", "4999", "csoport"]) {
			const began = performance.now();
			input.value = q;
			input.dispatchEvent(new InputEvent("input", { bubbles: true }));
			document.body.offsetHeight;
			window.strokes.push(performance.now() - began);
			await new Promise(requestAnimationFrame);
		}
		window.done = true;
	})() && true`)
	w.until(`window.done === true`)
	t.Logf("keystrokes: %.1f ms", eval[[]float64](w, `window.strokes`))
	eval[bool](w, `(() => { window.mutations = 0; new MutationObserver((m) => { window.mutations += m.length }).observe(document, { subtree: true, childList: true, attributes: true, characterData: true }); return true; })()`)
	time.Sleep(2 * time.Second)
	if m := eval[int](w, `window.mutations`); m > 0 {
		t.Errorf("%d changes while nothing changes", m)
	}
}
