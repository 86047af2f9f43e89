//go:build linux

package panel_test

import (
	"testing"

	"github.com/chromedp/chromedp"

	"kapu/internal/wait"
)

// A group that has locked itself is not the whole vault: the page goes on, says which it is, and opens it for the
// password. The shortest time that a group may have is half a minute, which this test waits for.
func TestLockedGroup(t *testing.T) {
	t.Parallel()
	bér := client("Bér Kft.")
	bér.Folder = "Bérszámfejtés"
	w := newBrowser(t) // before the half minute begins
	w.do(chromedp.Navigate("about:blank"))
	o := newOffice(t, "[[group]]\nfolder = \"Bérszámfejtés\"\nlock_after = \"30s\"\n", client("Alfa Kft."), bér)
	w.enter(o.link(""))
	w.namesAre("Alfa Kft.", "Bér Kft.")
	clients, err := o.conn.List(t.Context(), "ber", "")
	if err != nil || len(clients) != 1 {
		t.Fatal(clients, err)
	}
	wait.Until(t, "the group to lock itself", func() bool {
		s, err := o.conn.Status(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return len(s.LockedFolders) > 0
	})
	w.until(`document.querySelector("#locked-groups:not([hidden])")?.innerText.includes("Bérszámfejtés") ?? false`)
	w.namesAre("Alfa Kft.")
	w.everywhere("locked-group")
	// That nobody is in sight is not that there is nobody.
	removed, err := o.conn.Remove(t.Context(), o.list()["Alfa Kft."].ID)
	if err != nil {
		t.Fatal(err)
	}
	w.shows("Minden ügyfél zárolt csoportban van.")
	w.everywhere("locked-all")
	if _, err := o.conn.Undo(t.Context(), removed.Undo); err != nil {
		t.Fatal(err)
	}
	w.namesAre("Alfa Kft.")

	// What asks for one of its clients all the same is told so, and is offered to open it.
	w.until(`(import("/static/copy.js").then((m) => m.copy(%s)), true)`, clients[0].ID)
	w.shows("Zárolva van: Bérszámfejtés")
	w.namesAre("Alfa Kft.")
	unlock := func(secret string) {
		t.Helper()
		w.until(`document.querySelector("#secret") !== null`)
		w.fill("#secret", secret)
		w.click("dialog[open] .main")
	}
	w.click(".notice button")
	unlock("rossz")
	w.until(`document.querySelector("#secret-problem").innerText !== ""`)
	w.namesAre("Alfa Kft.")
	unlock(password)
	w.shows("„Bérszámfejtés” feloldva.")
	w.namesAre("Alfa Kft.", "Bér Kft.")
	w.until(`document.querySelector("#locked-groups").hidden`)
	o.lock()
	w.shows("Zárolva")
}
