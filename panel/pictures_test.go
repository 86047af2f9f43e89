//go:build linux

package panel_test

import (
	"fmt"
	"os"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"kapu/internal/examples"
)

// TestPictures makes the documents' pictures of the page (make pictures): docs/pictures has the Hungarian ones, en
// below it the English.
func TestPictures(t *testing.T) {
	if os.Getenv("KAPU_SHOTS") == "" {
		t.Skip("for make pictures")
	}
	for language, folder := range map[string]string{"hu": "", "en": "en/"} {
		t.Run(language, func(t *testing.T) { picturesIn(t, language, folder) })
		t.Run(language+"-doors", func(t *testing.T) { doorPicturesIn(t, language, folder) })
		t.Run(language+"-office", func(t *testing.T) { officePicturesIn(t, language, folder) })
	}
}

func picturesIn(t *testing.T, language, folder string) {
	groups := ""
	for _, name := range []string{"Kft-k", "Betéti társaságok"} {
		groups += fmt.Sprintf("\n[[group]]\nfolder = %q\n", name)
	}
	o := exampleOfficeIn(t, fmt.Sprintf("language = %q\n%s", language, groups), 240)
	page := func(view string, width, height int64, ready string) *window {
		w := o.open(view)
		w.resize(width, height)
		w.until(ready)
		return w
	}

	w := page("", 1180, 760, `document.querySelectorAll(".body [role=row]").length > 10`)
	w.keys(kb.ArrowDown, kb.ArrowDown, "Ctrl+"+kb.Enter)
	w.until(`document.querySelector(".digits") !== null`)
	w.shot(folder + "page")
	w.keys(kb.Escape, "i")
	w.until(`document.querySelector("dialog.details .uses")?.innerText.includes("…") === false`)
	w.shot(folder + "details")

	w = page("search", 460, 420, `document.querySelectorAll("[role=option]").length > 10`)
	w.do(chromedp.SendKeys("#query", "duna"))
	w.until(`document.querySelectorAll("[role=option]").length < 10`)
	w.shot(folder + "search")

	w = page("add", 1000, 700, `document.activeElement?.id === "key"`)
	w.shot(folder + "add-key")
	w.do(chromedp.SendKeys("#key", newKey+kb.Enter))
	w.until(`document.activeElement?.name === "name"`)
	w.do(chromedp.SendKeys("[name=tax_number]", "12345678-1-42"), chromedp.SendKeys("[name=folder]", "Kft-k"),
		chromedp.SendKeys("[name=user_name]", "kovacs.anna"), chromedp.SendKeys("[name=name]", "Új Remény Kft."))
	w.shot(folder + "add-client")
	w.keys(kb.Enter)
	w.until(`document.getElementById("digits").textContent !== ""`)
	w.resize(1000, 360)
	w.shot(folder + "add-code")

	w = page("import", 1000, 640, `document.activeElement?.id === "files"`)
	list := string(examples.Export(examples.Clients(4, 2))) + "otpauth://totp/Remény%20Holding%20Zrt.?secret=" + newKey +
		"&issuer=%C3%9Cgyf%C3%A9lkapu%2B\notpauth://totp/Csonka%20Kft.?secret=JBSWY3DPEHPK3P\n"
	w.do(chromedp.SetUploadFiles("#files", []string{file(t, "export.txt", list)}))
	w.until(`document.querySelector(".plan tbody tr") !== null`)
	w.shot(folder + "import")

	w = page("export", 1000, 860, `document.querySelector("[name=format]")?.options.length > 0`)
	w.do(chromedp.Focus("[name=passphrase]"))
	w.shot(folder + "export")

	w = page("settings", 1180, 1300, `document.querySelectorAll(".group").length === 2`)
	eval[bool](w, `(document.getElementById("file").textContent = "") === ""`) // a folder of this test
	w.shot(folder + "settings")

	w = page("deadlines", 1000, 560, `document.querySelector("tbody tr") !== null`)
	w.shot(folder + "deadlines")
}

// doorPicturesIn are those of who has no vault yet.
func doorPicturesIn(t *testing.T, language, folder string) {
	o := newcomer(t, language)
	for view, name := range map[string]string{"": "doors", "restore": "restore"} {
		w := o.begin(view)
		w.resize(1000, 640)
		w.until(`document.querySelector(".doors, #ways form") !== null`)
		w.shot(folder + name)
	}
}

func officePicturesIn(t *testing.T, language, folder string) {
	o := smallOffice(t, fmt.Sprintf("language = %q\n", language), 24)
	w := o.open("office")
	w.resize(1000, 700)
	w.until(officeReady["office"])
	// The machines of this test are not to be seen.
	eval[bool](w, `[...document.querySelectorAll(".people ul bdi")].every((b, i) => b.textContent = ["anna@IRODA-1", "bela@IRODA-2"][i])`)
	w.shot(folder + "office")
	w.do(chromedp.Navigate(o.link("office/rights")))
	w.resize(1000, 600)
	w.until(officeReady["office/rights"])
	w.do(chromedp.Focus("#query"))
	w.keys(kb.ArrowDown, kb.ArrowDown, kb.ArrowDown, kb.ArrowRight, kb.ArrowRight)
	w.shot(folder + "office-rights")
}
