//go:build linux

package panel_test

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"kapu/internal/desktop"
	"kapu/internal/desktop/desktoptest"
	"kapu/internal/wait"
)

// On the page a key or a button copies the user name, and the code comes after it; a client without one has no button.
func TestUserNameThenCode(t *testing.T) {
	d := desktoptest.Start(t, desktop.Options{Display: true})
	entry := client("Őrség Kft.")
	entry.UserName = "orseg.anna"
	o := newOfficeOn(t, d.Env(), "", client("Alfa Kft."), entry)
	holds := func(text string) {
		t.Helper()
		if err := d.WaitClipboard(desktoptest.Context(t), text); err != nil {
			t.Fatal(err)
		}
	}
	w := o.open("")
	w.namesAre("Alfa Kft.", "Őrség Kft.")
	if buttons := eval[int](w, `document.querySelectorAll(".body [data-do=sign-in]").length`); buttons != 1 {
		t.Errorf("%d clients have a user name to copy", buttons)
	}
	w.click(".body [data-do=sign-in]")
	w.shows("Őrség Kft.: felhasználónév a vágólapon. Illessze be; utána a kód kerül a vágólapra.")
	holds("orseg.anna")

	// The button of the notice has the code at once, and the moment at which it ends.
	w.click(".notice button")
	w.until(`/Őrség Kft\.: kód a vágólapon, \d\d:\d\d:\d\d-ig érvényes/.test(document.querySelector(".notice")?.innerText)`)
	wait.Until(t, "the code on the clipboard", func() bool {
		text, _ := d.Clipboard(t.Context())
		return len(text) == 6 && text != "orseg."
	})

	w.until(`(document.querySelector(".body [data-id].active") ?? document.querySelector(".body [data-id]")).focus() ?? true`)
	w.keys("u") // of the row that was clicked
	w.shows("Illessze be; utána")
	holds("orseg.anna")
	w.keys("U")
	w.until(`document.querySelector(".notice")?.innerText.trim() === "Őrség Kft.: felhasználónév a vágólapon."`)
	w.do(chromedp.Focus("#query"))
	w.fill("#query", "alfa")
	w.namesAre("Alfa Kft.")
	w.keys(kb.ArrowDown, "u")
	w.shows("„Alfa Kft.” felhasználóneve nincs megadva.")
}

// In the quick search it is Enter with Alt, and the window closes.
func TestQuickSearchForAUserName(t *testing.T) {
	d := desktoptest.Start(t, desktop.Options{Display: true})
	entry := client("Őrség Kft.")
	entry.UserName = "orseg.anna"
	o := newOfficeOn(t, d.Env(), "", client("Alfa Kft."), entry)
	w := o.open("search")
	w.shows("Alt+Enter: felhasználónév, majd kód.")
	w.fill("#query", "ors")
	w.until(`document.querySelectorAll("#found [role=option]").length === 1`)
	w.do(chromedp.KeyEvent(kb.Enter, chromedp.KeyModifiers(chromedp.ModifierAlt)))
	if err := d.WaitClipboard(desktoptest.Context(t), "orseg.anna"); err != nil {
		t.Fatal(err)
	}
	if said := w.text(); strings.Contains(said, "orseg.anna") {
		t.Errorf("the notice shows the user name: %s", said)
	}
}
