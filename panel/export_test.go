//go:build linux

package panel_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"kapu/agent"
	"kapu/vault"
)

type handedOut struct {
	Parcels       []string
	Said, Problem string
}

func call(t *testing.T, c *http.Client, base, method, request, secret string) handedOut {
	t.Helper()
	answer := send(t, c, "POST", base+"/api/"+method, request, agent.SecretHeader, url.PathEscape(secret))
	var h handedOut
	if err := json.NewDecoder(answer.Body).Decode(&h); err != nil {
		t.Fatalf("%s: %s, %v", method, answer.Status, err)
	}
	return h
}

// Files are handed out to who gives the password, once, to be saved and not shown or kept.
func TestParcels(t *testing.T) {
	e := client("Alfa Kft.")
	e.DeletionCode = "123456"
	o := newOffice(t, "", e)
	c, base := enter(t, o)
	for _, tt := range []struct {
		method, request, begins, name string
		holds                         func(data []byte) bool
	}{
		{"export", `{"format":"csv"}`, "", `filename="kapu-csv-`, func(data []byte) bool {
			return bytes.Contains(data, []byte(e.Key.Secret)) && !bytes.Contains(data, []byte("123456"))
		}},
		{"export", `{"format":"csv","deletion_codes":true}`, "", `.csv"`, func(data []byte) bool { return bytes.Contains(data, []byte("123456")) }},
		{"backup", `{"passphrase":"hosszú jelmondat"}`, "", `filename="kapu-mentes-`, vault.IsArchive},
		{"recovery-sheet", `{}`, "%PDF", `filename="kapu-helyreallitasi-lap.pdf"`, func([]byte) bool { return true }},
	} {
		for _, wrong := range []string{"", "nem ez a jelszó"} {
			if h := call(t, c, base, tt.method, tt.request, wrong); len(h.Parcels) > 0 || h.Problem == "" {
				t.Errorf("%s by %q: %+v", tt.method, wrong, h)
			}
		}
		if s, err := o.conn.Status(t.Context()); err != nil || s.RecoveryKept {
			t.Errorf("before the sheet: %v, %v", s.RecoveryKept, err)
		}
		h := call(t, c, base, tt.method, tt.request, password)
		if len(h.Parcels) != 1 || h.Said == "" {
			t.Fatalf("%s: %+v", tt.method, h)
		}
		if answer := send(t, caller(), "GET", base+"/parcel/"+h.Parcels[0], ""); answer.StatusCode != http.StatusUnauthorized {
			t.Errorf("%s for a stranger: %s", tt.method, answer.Status)
		}
		answer := send(t, c, "GET", base+"/parcel/"+h.Parcels[0], "")
		data, err := io.ReadAll(answer.Body)
		disposition := answer.Header.Get("Content-Disposition")
		if err != nil || !tt.holds(data) || !strings.HasPrefix(string(data), tt.begins) {
			t.Errorf("%s: not what was asked for (%d bytes, %v)", tt.method, len(data), err)
		}
		if !strings.HasPrefix(disposition, "attachment; ") || !strings.Contains(disposition, tt.name) || answer.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %v", tt.method, answer.Header)
		}
		if again := send(t, c, "GET", base+"/parcel/"+h.Parcels[0], ""); again.StatusCode == http.StatusOK {
			t.Errorf("%s is there twice", tt.method)
		}
	}
	if s, err := o.conn.Status(t.Context()); err != nil || !s.RecoveryKept {
		t.Errorf("after the sheet: %v, %v", s.RecoveryKept, err)
	}
}

// The page of exports warns as the command does, wants new passwords twice, and asks for the vault's.
func TestExportPage(t *testing.T) {
	o := newOffice(t, "", client("Alfa Kft."))
	w := o.open("export")
	w.until(`document.querySelector("[name=format]")?.options.length > 0`)
	w.until(`document.querySelector("#export [name=folder]") !== null`)
	w.fill("#backup [name=passphrase]", "hosszú jelmondat")
	w.do(chromedp.SendKeys("#backup [name=again]", "hosszú jelmondta"+kb.Enter))
	w.shows("A kettő nem egyezik")
	w.fill("#backup [name=again]", "")
	w.do(chromedp.SendKeys("#backup [name=again]", "hosszú jelmondat"+kb.Enter))
	w.until(`document.activeElement?.id === "secret"`)
	w.do(chromedp.SendKeys("#secret", "nem ez"+kb.Enter))
	w.until(`document.getElementById("secret-problem").textContent !== ""`)
	w.until(`document.activeElement?.id === "secret"`)
	w.do(chromedp.SendKeys("#secret", password+kb.Enter))
	w.shows("A biztonsági mentés elkészült")
	if v := eval[string](w, `document.querySelector("#backup [name=passphrase]").value`); v != "" {
		t.Error("the passphrase stays on the page")
	}

	w.do(chromedp.SetValue("#export [name=format]", "csv"))
	eval[bool](w, `document.querySelector("[name=format]").dispatchEvent(new Event("change"))`)
	w.shows("titkosítatlanul lesznek a kulcsok")
	w.click("#export .main") // it has not been understood yet
	if eval[bool](w, `document.querySelector("dialog") !== null`) {
		t.Error("a plain file without a yes")
	}
	dir := t.TempDir()
	w.downloads(dir)
	w.click("[name=understood]")
	w.click("#export .main")
	w.until(`document.activeElement?.id === "secret"`)
	w.keys(kb.Escape)
	w.until(`document.querySelector("dialog") === null`)
	w.click("#export .main")
	w.until(`document.activeElement?.id === "secret"`)
	w.do(chromedp.SendKeys("#secret", password+kb.Enter))
	w.shows("Használat után törölje")
	var saved []string
	for deadline := time.Now().Add(patience); len(saved) == 0 && time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		saved, _ = filepath.Glob(filepath.Join(dir, "kapu-csv-*.csv"))
	}
	if len(saved) != 1 {
		t.Errorf("the browser has saved %q", saved)
	}
	if !eval[bool](w, `document.getElementById("export") !== null`) {
		t.Error("a download has closed the page")
	}
}

// A client's key and deletion code are shown to who gives the password, and hidden when asked to; the note is edited.
func TestDetails(t *testing.T) {
	e := client("Alfa Kft.")
	e.DeletionCode, e.Note = "112233", "Régi <b>megjegyzés</b>"
	o := newOffice(t, "", e)
	w := o.open("")
	w.namesAre("Alfa Kft.")
	w.keys(kb.ArrowDown, "i")
	w.until(`document.querySelector("dialog.details textarea")?.value === %s`, e.Note)
	w.click(`[data-secret=deletion_code] button`)
	w.until(`document.activeElement?.id === "secret"`)
	w.do(chromedp.SendKeys("#secret", "nem ez"+kb.Enter))
	w.until(`document.getElementById("secret-problem").textContent !== ""`)
	if strings.Contains(w.text(), "112233") {
		t.Error("shown for a wrong password")
	}
	w.until(`document.activeElement?.id === "secret"`)
	w.do(chromedp.SendKeys("#secret", password+kb.Enter))
	w.until(`document.querySelector("[data-secret=deletion_code] output")?.textContent === "112233"`)
	if eval[bool](w, `document.querySelector("[data-secret=key] output") !== null`) {
		t.Error("the key came along")
	}
	w.until(`document.querySelector("[data-secret=deletion_code] button").textContent === "Elrejtés"`)
	w.click(`[data-secret=deletion_code] button`)
	w.until(`!document.documentElement.outerHTML.includes("112233")`)
	w.fill("dialog.details textarea", "Új megjegyzés")
	w.click("dialog.details .main")
	w.shows("Elmentve: Alfa Kft.")
	w.until(`document.activeElement?.dataset.id !== undefined`)
	if d, err := o.conn.Details(t.Context(), agent.Reveal{ID: o.list()["Alfa Kft."].ID}); err != nil || d.Note != "Új megjegyzés" {
		t.Errorf("%+v, %v", d, err)
	}
}

// What was revealed goes by itself.
func TestDetailsHideThemselves(t *testing.T) {
	e := client("Alfa Kft.")
	o := newOffice(t, "", e)
	w := o.open("")
	w.namesAre("Alfa Kft.")
	eval[bool](w, `(() => { // a clock that runs a hundred times as fast
		const real = setTimeout;
		window.setTimeout = (f, ms, ...rest) => real(f, ms >= 30_000 ? ms / 100 : ms, ...rest);
		return true;
	})()`)
	w.keys(kb.ArrowDown, "i")
	w.click(`[data-secret=key] button`)
	w.until(`document.activeElement?.id === "secret"`)
	eval[bool](w, `(() => {
		window.seen = "";
		new MutationObserver(() => { window.seen ||= document.querySelector("[data-secret=key] output")?.textContent ?? "" })
			.observe(document.body, { subtree: true, childList: true, characterData: true });
		return true;
	})()`)
	w.do(chromedp.SendKeys("#secret", password+kb.Enter))
	w.until(`window.seen.replaceAll(" ", "") === %s`, e.Key.Secret)
	w.until(`document.querySelector("[data-secret=key] output") === null`)
}
