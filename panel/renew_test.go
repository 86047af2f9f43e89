//go:build linux

package panel_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A new identity is asked for in the settings, with the password and what becomes of the backups; the page is locked
// afterwards, and everything is there with the same password.
func TestRenewOnThePage(t *testing.T) {
	o := newOffice(t, "", client("Alfa Kft."), client("Béta Bt."))
	w := o.open("settings")
	dir := t.TempDir()
	w.downloads(dir)
	w.until(`document.getElementById("all")?.hidden === false`)
	w.click("#renew")
	w.until(`document.querySelector("dialog[open] [name=current]") !== null`)
	for _, size := range sizes {
		w.resize(size.width, size.height)
		w.fits("renew-" + size.name)
	}
	w.resize(1180, 760)
	w.click("#renew-keys")
	list := w.downloaded(filepath.Join(dir, "kapu-megujitando-kulcsok.csv"))
	if !strings.Contains(list, "Alfa Kft.") || !strings.Contains(list, "Béta Bt.") {
		t.Errorf("the list of keys: %q", list)
	}
	w.fill("[name=current]", "zöld zokni bojler")
	w.click("dialog .danger, dialog .main")
	w.until(`(document.querySelector("dialog [role=alert]")?.innerText ?? "") !== ""`)
	w.fill("[name=current]", password)
	w.click(`dialog [name=backups][value=delete]`)
	w.click("dialog .danger, dialog .main")
	w.until(`document.body?.classList.contains("small") === true`)
	o.kapu(password+"\n", "unlock")
	o.dial()
	if clients := o.list(); len(clients) != 2 {
		t.Errorf("%d clients", len(clients))
	}
	if left, _ := os.ReadDir(filepath.Join(o.home, "backups")); len(left) > 0 {
		t.Errorf("%d backups are left", len(left))
	}
}
