//go:build linux

package panel_test

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// The pages of steps and forms are accessible and fit their window too, at each step.
func TestLooksOfForms(t *testing.T) {
	o := exampleOffice(t, 8)
	add, take, export := o.open("add"), o.open("import"), o.open("export")
	each := func(w *window, what string) {
		t.Helper()
		for _, scheme := range []string{"light", "dark"} {
			w.dark(scheme == "dark")
			w.resize(1180, 760)
			w.fits(what + "-" + scheme)
		}
		w.narrow()
		w.fits(what + "-narrow")
		w.resize(1180, 760)
	}
	add.until(`document.activeElement?.id === "key"`)
	each(add, "add-key")
	add.do(chromedp.SendKeys("#key", newKey+kb.Enter))
	add.until(`document.activeElement?.name === "name"`)
	each(add, "add-client")
	add.do(chromedp.SendKeys("[name=name]", "Új Kft."+kb.Enter))
	add.until(`document.getElementById("digits").textContent !== ""`)
	add.click("#refused")
	each(add, "add-code")
	add.click("#accepted")
	each(add, "add-deletion")

	take.until(`document.activeElement?.id === "files"`)
	each(take, "import")
	take.do(chromedp.SetUploadFiles("#files", []string{file(t, "kulcsok.txt", someURIs)}))
	take.shows("Terv 4")
	each(take, "import-plan")
	take.click(".confirm .main")
	take.shows("Kész: 3")
	each(take, "import-done")

	export.until(`document.querySelector("[name=format]")?.options.length > 0`)
	each(export, "export")
}
