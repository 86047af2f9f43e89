//go:build linux

package panel_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kapu/agent"
	"kapu/vault"
)

// forked is a person whose vault another machine has saved apart from them: they are shown the other's.
func forked(t *testing.T) *office {
	t.Helper()
	o := newOffice(t, "", client("Közös Kft."))
	file := filepath.Join(o.home, "vault.age")
	old, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	o.adds(client("Egy Bt."))
	if err := os.WriteFile(file, old, 0o600); err != nil {
		t.Fatal(err)
	}
	other, err := vault.Door{Dir: o.home, State: t.TempDir()}.Unlock(t.Context(), vault.Given(password))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := other.Update(t.Context(), func(tx *vault.Tx) error {
		key, err := vault.ParseKey("MFRGGZDFMZTWQ2LK")
		if err != nil {
			return err
		}
		a, err := tx.PutAccount(vault.Account{Key: key})
		if err == nil {
			_, err = tx.PutClient(vault.Client{Name: "Kettő Kft.", Account: a.ID})
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return o
}

// A vault that does not continue what this machine has seen is said on the page, which shows what is missing and takes
// it over.
func TestVersionsOnThePage(t *testing.T) {
	o := forked(t)
	w := o.open("settings/backups")
	w.shows("A széf nem annak a folytatása")
	w.shows("ezen a gépen; a széf nem ennek a folytatása")
	w.shot("backups")
	w.click("#backups li:has(.state:not(:empty)) button")
	w.until(`document.querySelector("#unite-dialog")?.innerText.includes("Egy Bt.: a széfből hiányzik, visszakerül") ?? false`)
	w.shot("unite")
	w.click("#unite-dialog [value=ok]")
	w.shows("Átvéve")
	w.until(`document.querySelector("#apart").hidden`)
	if got := o.list(); len(got) != 3 || got["Egy Bt."].ID == "" || got["Kettő Kft."].ID == "" {
		t.Errorf("%+v", got)
	}
	if s, err := o.conn.Status(t.Context()); err != nil || s.Warning != nil {
		t.Errorf("%+v, %v", s.Warning, err)
	}
}

// A version can be discarded, and then is told no more.
func TestVersionDiscardedOnThePage(t *testing.T) {
	o := forked(t)
	w := o.open("settings/backups")
	w.until(`document.querySelectorAll("#backups li:has(.state:not(:empty)) button").length === 3`)
	w.click("#backups li:has(.state:not(:empty)) button:last-child")
	w.until(`document.querySelector("#confirm-dialog") !== null`)
	w.click("#confirm-dialog [value=ok]")
	w.until(`document.querySelector("#apart").hidden`)
	if got := o.list(); len(got) != 2 || got["Kettő Kft."].ID == "" {
		t.Errorf("%+v", got)
	}
}

// A month of the log that is gone is said above the lines, and in the file.
func TestLogGapOnThePage(t *testing.T) {
	o := newOffice(t, "", client("Közös Kft."))
	if err := os.RemoveAll(filepath.Join(o.home, "log")); err != nil {
		t.Fatal(err)
	}
	w := o.open("log")
	w.shows("A napló nem teljes")
	w.until(`document.querySelector("#gaps").innerText.includes("egy sincs meg")`)
	w.shot("log-gap")
	dir := t.TempDir()
	w.downloads(dir)
	w.click("#csv")
	if sheet := w.downloaded(filepath.Join(dir, "kapu-naplo.csv")); !strings.Contains(sheet, "Hiány a naplóban") {
		t.Errorf("%q", sheet)
	}
	if log, err := o.conn.Log(t.Context(), agent.LogRequest{}); err != nil || len(log.Gaps) != 1 {
		t.Errorf("%+v, %v", log, err)
	}
}
