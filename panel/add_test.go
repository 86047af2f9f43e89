//go:build linux

package panel_test

import (
	"encoding/base64"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"kapu/agent"
	"kapu/qr"
	"kapu/vault"
)

const newKey = "JBSW Y3DP ehpk-3pxp"

// A client is added by keyboard: the key, who it is, the first code, the deletion code.
func TestAdd(t *testing.T) {
	o := newOffice(t, "")
	w := o.open("add")
	w.until(`document.activeElement?.id === "key"`)
	w.do(chromedp.SendKeys("#key", "JBSW1"+kb.Enter))
	w.until(`document.getElementById("key-problem").textContent !== ""`)
	w.fill("#key", "")
	w.do(chromedp.SendKeys("#key", newKey+kb.Enter))
	w.until(`document.activeElement?.name === "name"`)
	w.fill("[name=tax_number]", "12345678-1-42")
	w.fill("[name=folder]", "Bér")
	w.fill("[name=note]", "Kovács Anna")
	w.do(chromedp.SendKeys("[name=name]", "Új Kft."+kb.Enter))
	w.until(`document.getElementById("digits").textContent !== ""`)
	k, _ := vault.ParseKey(newKey)
	shown := strings.ReplaceAll(eval[string](w, `document.getElementById("digits").textContent`), " ", "")
	now, _ := k.Code(time.Now())
	before, _ := k.Code(time.Now().Add(-30 * time.Second))
	if shown != now.Digits && shown != before.Digits {
		t.Errorf("the first code is %s, want %s", shown, now.Digits)
	}
	if v := eval[string](w, `document.getElementById("key").value`); v != "" {
		t.Errorf("the key is still on the page: %q", v)
	}
	w.until(`/még \d+ mp/.test(document.getElementById("left").textContent)`)
	w.do(chromedp.Focus("#accepted"))
	w.keys(kb.Enter)
	w.until(`document.activeElement?.id === "deletion"`)
	w.do(chromedp.SendKeys("#deletion", "987654"+kb.Enter))
	w.shows("Kész: Új Kft.")
	c := o.list()["Új Kft."]
	d, err := o.conn.Details(t.Context(), agent.Reveal{ID: c.ID, DeletionCode: true})
	if err != nil || d.DeletionCode != "987654" || d.Note != "Kovács Anna" || d.Folder != "Bér" || d.TaxNumber != "12345678-1-42" || d.Service != "Ügyfélkapu+" {
		t.Errorf("%+v, %v", d, err)
	}
	w.click("#another")
	w.until(`document.activeElement?.id === "key"`)
	if name := eval[string](w, `document.querySelector("[name=name]").value + document.querySelector("[name=note]").value`); name != "" {
		t.Errorf("the next client begins with %q", name)
	}
}

// A code that the portal does not accept: another key may be given, what was typed stays, and nothing is left of the
// first.
func TestNotAccepted(t *testing.T) {
	o := newOffice(t, "")
	w := o.open("add")
	w.until(`document.activeElement?.id === "key"`)
	w.do(chromedp.SendKeys("#key", newKey+kb.Enter))
	w.until(`document.activeElement?.name === "name"`)
	w.do(chromedp.SendKeys("[name=name]", "Új Kft."+kb.Enter))
	w.until(`document.getElementById("digits").textContent !== ""`)
	w.click("#refused")
	w.shows("Rosszul járhat a gép órája")
	w.click("#again")
	w.until(`document.activeElement?.id === "key"`)
	if got := o.list(); len(got) != 0 {
		t.Errorf("%+v", got)
	}
	w.do(chromedp.SendKeys("#key", "JBSWY3DPEHPK3PXQ"+kb.Enter))
	w.until(`document.activeElement?.name === "name" && document.activeElement.value === "Új Kft."`)
	w.keys(kb.Enter)
	w.until(`document.getElementById("digits").textContent !== ""`)
	w.click("#refused")
	w.click("#later")
	w.shows("még nem fogadta el")
	if got := o.list(); len(got) != 1 {
		t.Errorf("%+v", got)
	}
}

// A picture with a QR code is chosen, dropped or pasted; its key never comes to the page.
func TestAddByPicture(t *testing.T) {
	o := newOffice(t, "")
	code, err := qr.Make("otpauth://totp/kovacs.anna?secret=JBSWY3DPEHPK3PXP&issuer=%C3%9Cgyf%C3%A9lkapu%2B&digits=8")
	if err != nil {
		t.Fatal(err)
	}
	png, err := code.PNG(4)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "kod.png")
	if err := os.WriteFile(path, png, 0o600); err != nil {
		t.Fatal(err)
	}
	for event, give := range map[string]func(w *window){
		"chosen": func(w *window) { w.do(chromedp.SetUploadFiles("#picture", []string{path})) },
		"drop":   func(w *window) { w.give("DragEvent", "drop", "dataTransfer", png) },
		"paste":  func(w *window) { w.give("ClipboardEvent", "paste", "clipboardData", png) },
	} {
		w := o.open("add")
		w.until(`document.activeElement?.id === "key"`)
		give(w)
		w.shows("A kulcs megvan")
		w.until(`document.activeElement?.name === "name" && document.activeElement.value === "kovacs.anna"`)
		if eval[bool](w, `document.documentElement.outerHTML.includes("JBSWY3DP") || document.getElementById("key").value !== ""`) {
			t.Errorf("%s: the key is on the page", event)
		}
		w.fill("[name=name]", event)
		w.keys(kb.Enter)
		w.until(`document.getElementById("digits").textContent.replaceAll(" ", "").length === 8`)
	}
	if got := o.list(); len(got) != 3 || got["drop"].Service != "Ügyfélkapu+" {
		t.Errorf("%+v", got)
	}

	w := o.open("add")
	w.until(`document.activeElement?.id === "key"`)
	w.give("DragEvent", "drop", "dataTransfer", []byte("\x89PNG\r\n\x1a\nnem kép"))
	w.shows("A kép sérült")
}

// give lets an event bring a picture.
func (w *window) give(kind, event, field string, picture []byte) {
	w.t.Helper()
	eval[bool](w, `(() => {
		const data = new DataTransfer();
		const bytes = Uint8Array.from(atob(%s), (c) => c.charCodeAt(0));
		data.items.add(new File([bytes], "kod.png", { type: "image/png" }));
		const [kind, event, field] = [%s, %s, %s];
		document.body.dispatchEvent(new globalThis[kind](event, { [field]: data, bubbles: true, cancelable: true }));
		return true;
	})()`, base64.StdEncoding.EncodeToString(picture), kind, event, field)
}
