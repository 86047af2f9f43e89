//go:build linux

package panel_test

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/chromedp"

	"kapu/agent"
	"kapu/exchange"
	bureau "kapu/office"
)

// downloads lets the browser save files into a folder.
func (w *window) downloads(dir string) {
	w.t.Helper()
	w.do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, browser.SetDownloadBehavior, browser.SetDownloadBehaviorParams{
			Behavior: browser.SetDownloadBehaviorBehaviorAllow, DownloadPath: dir,
			BrowserContextID: chromedp.FromContext(w.ctx).BrowserContextID,
		})
		return err
	}))
}

// downloaded waits for a file and returns it.
func (w *window) downloaded(path string) string {
	w.t.Helper()
	for deadline := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
		if data, err := os.ReadFile(path); err == nil && len(data) > 0 {
			return string(data)
		}
		if time.Now().After(deadline) {
			w.t.Fatalf("%s never came", path)
		}
	}
}

// What was done is told, newest first, searched by name and day, and saved as it is shown.
func TestLog(t *testing.T) {
	o := newOffice(t, "", client("Őrség Kft."), client("=Béta Bt."))
	for _, name := range []string{"Őrség Kft.", "=Béta Bt."} {
		if _, err := o.conn.Code(t.Context(), name, false); err != nil {
			t.Fatal(err)
		}
	}
	w := o.open("log")
	w.shows("3 sor")
	lines := func() string {
		return eval[string](w, `[...document.querySelectorAll(".body [role=row]")].map((r) => r.innerText.replaceAll("\n", "|")).join("\n")`)
	}
	if got := strings.Split(lines(), "\n"); !strings.Contains(got[0], "kód megmutatva|=Béta Bt.|") || !strings.Contains(got[1], "kód megmutatva|Őrség Kft.|") ||
		!strings.Contains(got[2], "importálva|2 ügyfél") {
		t.Errorf("%q", got)
	}
	w.fill("#query", "orseg")
	w.shows("1 sor")
	if got := lines(); !strings.Contains(got, "Őrség Kft.") {
		t.Errorf("%q", got)
	}
	w.fill("#query", "bet")
	w.shows("1 sor")
	today := bureau.DayOf(time.Now())
	w.fill("#from", today)
	w.fill("#until", today)
	w.shows("1 sor")
	dir := t.TempDir()
	w.downloads(dir)
	w.click("#csv")
	saved := w.downloaded(filepath.Join(dir, "kapu-naplo.csv"))
	if !strings.HasPrefix(saved, "\ufeffIdőpont;Mi történt;") || strings.Count(saved, "\r\n") != 2 || !strings.Contains(saved, ";'=Béta Bt.;") {
		t.Errorf("%q", saved)
	}
	w.fill("#until", bureau.DayOf(time.Now().AddDate(0, 0, -1)))
	w.shows("Nincs ilyen sor")
	w.fill("#until", "")
	w.fill("#query", "")

	// What is done while it is open comes by itself.
	if _, err := o.conn.Code(t.Context(), "Őrség Kft.", false); err != nil {
		t.Fatal(err)
	}
	w.shows("4 sor")
}

// A year of an office has 20,000 lines: the page has few of them in the document, and rests when nothing happens.
func TestLongLog(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a while")
	}
	entries := make([]exchange.Entry, 2000)
	for i := range entries {
		entries[i] = client("Ügyfél " + strconv.Itoa(i) + " Kereskedelmi Kft.")
	}
	o := newOffice(t, "", entries...)
	change := agent.EditMany{}
	for _, c := range o.list() {
		change.IDs = append(change.IDs, c.ID)
	}
	for i := range 10 {
		folder := strconv.Itoa(i)
		change.Folder = &folder
		if _, err := o.conn.EditMany(t.Context(), change); err != nil {
			t.Fatal(err)
		}
	}
	w := o.open("log")
	w.shows("20001 sor") // with the import
	t.Logf("rows %.0f ms after the page was asked for", eval[float64](w, `performance.getEntriesByName("rows")[0].startTime`))
	t.Logf("over the wire: %.0f kB", eval[float64](w, `performance.getEntriesByType("resource").find((r) => r.name.endsWith("/api/log")).encodedBodySize / 1000`))
	if rows := eval[int](w, `document.querySelectorAll(".body [role=row]").length`); rows == 0 || rows > 100 {
		t.Errorf("%d rows exist", rows)
	}
	stroke := eval[float64](w, `(() => {
		const input = document.getElementById("query");
		let most = 0;
		for (const q of ["1", "12", "123", "u", "ug"]) {
			const began = performance.now();
			input.value = q;
			input.dispatchEvent(new InputEvent("input", { bubbles: true }));
			document.body.offsetHeight;
			most = Math.max(most, performance.now() - began);
		}
		return most;
	})()`)
	t.Logf("the slowest keystroke took %.1f ms", stroke)
	eval[bool](w, `(() => { window.requests = () => performance.getEntriesByType("resource").length; window.before = requests(); return true; })()`)
	time.Sleep(2 * time.Second)
	if !eval[bool](w, `requests() === before`) {
		t.Error("the page asks while nothing changes")
	}
}
