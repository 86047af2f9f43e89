//go:build linux

package panel_test

import (
	"bytes"
	"encoding/binary"
	"os"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// A reading that takes long can be cancelled, and then another file can be given.
func TestCancelReading(t *testing.T) {
	data, err := os.ReadFile("../exchange/testdata/keepass3.kdbx")
	if err != nil {
		t.Fatal(err)
	}
	rounds := func(n uint64) []byte { return binary.LittleEndian.AppendUint64([]byte("\x06\x08\x00"), n) }
	o := newOffice(t, "")
	w := o.open("import")
	slow := file(t, "slow.kdbx", string(bytes.Replace(data, rounds(6000), rounds(590_000_000), 1)))
	w.until(`document.activeElement?.id === "files"`) // else the page is not ready to be given one
	w.do(chromedp.SetUploadFiles("#files", []string{slow}))
	w.do(chromedp.SendKeys("#password", "x"+kb.Enter))
	w.click("#stop")
	w.until(`!document.querySelector("progress") && document.activeElement?.id === "password"`) // asked for once more
	if said := eval[string](w, `document.getElementById("trouble").innerText`); said != "" {
		t.Errorf("who has cancelled is told %q", said)
	}
	w.click("form.card [type=button]")
	w.until(`document.activeElement?.id === "files"`)
	w.do(chromedp.SetUploadFiles("#files", []string{file(t, "kulcsok.txt", someURIs)}))
	w.shows("Terv 4 bejegyzésre (otpauth)")
}
