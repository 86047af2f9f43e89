//go:build linux

package e2e

import (
	"bytes"
	"context"
	"encoding/base32"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"kapu/internal/desktop"
	"kapu/internal/examples"
	"kapu/internal/pagetest"
	"kapu/internal/wait"
)

// answer types into the dialog that is open, and says yes to it.
func (p *person) answer(question, text string) {
	p.t.Helper()
	p.must(p.Answer(p.ctx, question, text))
}

// choose types a path into a dialog for files until the dialog has gone, each time more slowly: it takes a moment to
// show its field and to read the folder, and the first Return may go to the list of names that it offers meanwhile.
func (p *person) choose(title, path string, keys ...string) {
	p.t.Helper()
	p.must(p.FocusWindow(p.ctx, title))
	for pause, gone := 500*time.Millisecond, false; !gone; pause *= 2 {
		for _, key := range keys {
			p.must(p.Key(p.ctx, key))
			time.Sleep(pause)
		}
		p.must(p.Type(p.ctx, path))
		for range 3 {
			time.Sleep(pause)
			_ = p.Key(p.ctx, "Return")
			moment, cancel := context.WithTimeout(p.ctx, 2*pause)
			gone = gone || p.WaitNoWindow(moment, title) == nil
			cancel()
			if gone {
				break
			}
		}
		p.must(p.ctx.Err())
	}
}

// cancel closes the dialog that is open.
func (p *person) cancel(question string) {
	p.t.Helper()
	p.must(p.FocusWindow(p.ctx, question))
	p.must(p.Key(p.ctx, "Escape"))
	p.must(p.WaitNoWindow(p.ctx, question))
}

func (p *person) told(part string) {
	p.t.Helper()
	_, err := p.Notifications().Wait(p.ctx, func(n desktop.Notification) bool { return strings.Contains(n.Body, part) })
	p.must(err)
}

// inArguments returns the processes, of all there are, whose arguments or environment hold a text.
func inArguments(text string) (who []string) {
	for _, kind := range []string{"cmdline", "environ"} {
		files, _ := filepath.Glob("/proc/[0-9]*/" + kind)
		for _, f := range files {
			if data, _ := os.ReadFile(f); bytes.Contains(data, []byte(text)) {
				who = append(who, f+": "+strings.ReplaceAll(string(data), "\x00", " "))
			}
		}
	}
	return who
}

// asking is the title of the dialogs.
const asking = "^Kapu$"

// A search with one match copies its code; with several it shows them on top of the menu.
func TestSearch(t *testing.T) {
	p := at(t, full)
	clients := []examples.Client{
		{Name: "Szabo Egy Kft.", Folder: "Kft-k", Key: "JBSWY3DPEHPK3PXP"},
		{Name: "Szabo Ketto Kft.", Folder: "Kft-k", Key: "GEZDGNBVGY3TQOJQ"},
		{Name: "Nagy Bela Bt.", Folder: "Bt-k", Key: "MFRGGZDFMZTWQ2LK"},
	}
	p.imports(clients)
	_, tray := p.tray()
	_, err := tray.WaitItem(p.ctx, "Bt-k", "Nagy Bela Bt.")
	p.must(err)

	p.must(tray.ClickPath(p.ctx, "Keresés…"))
	p.answer(asking, "nagy b")
	p.clipboardIs(clients[2].Key)

	// Its rows take the place of the recent ones, and no name is ever an argument.
	p.must(tray.ClickPath(p.ctx, "Keresés…"))
	p.answer(asking, "szabo")
	found, err := tray.WaitItem(p.ctx, clients[1].Name)
	p.must(err)
	for _, c := range clients {
		if who := inArguments(c.Name); len(who) > 0 {
			t.Errorf("%q can be read by everybody: %q", c.Name, who)
		}
	}
	items, err := tray.Menu()
	p.must(err)
	if top := desktop.Outline(items); !strings.HasPrefix(top, "[Keresés: szabo]\nSzabo Egy Kft.\nSzabo Ketto Kft.\n---\n") {
		t.Errorf("%v is not on top of\n%s", found, top)
	}
	p.must(tray.ClickPath(p.ctx, clients[1].Name))
	p.clipboardIs(clients[1].Key)

	before, _ := p.Clipboard(p.ctx)
	p.must(tray.ClickPath(p.ctx, "Keresés…"))
	p.cancel(asking)
	p.must(tray.ClickPath(p.ctx, "Keresés…"))
	p.answer(asking, "nincs ilyen")
	p.told("Nincs ilyen ügyfél")
	if now, _ := p.Clipboard(p.ctx); now != before {
		t.Errorf("the clipboard held %q and holds %q", before, now)
	}
}

// A door of the page on an empty machine, adding by dialogs and importing by the page: the clients are in the menu,
// their codes are right, and the tray has not seen a key. Locked pages lead back in.
func TestAddByDialogAndImportByPage(t *testing.T) {
	p := at(t, full)
	link := p.browser()
	process, tray := p.tray()
	added := examples.Client{Name: "Elso Kft.", Folder: "Kft-k", Key: "PMQX6ZDG2WRT5NKD"}
	p.must(tray.ClickPath(p.ctx, "Egy ügyfél felvétele…"))
	door := p.opened(link)
	door.until(`document.querySelector("#make .main") !== null`)
	door.do(pagetest.Press("#make .main"))
	door.until(`document.activeElement?.id === "key"`)
	_, err := tray.WaitItem(p.ctx, "Új ügyfél…")
	p.must(err)
	p.must(tray.ClickPath(p.ctx, "Új ügyfél…"))
	for _, text := range []string{added.Name, added.Key, added.Folder} {
		p.answer(asking, text)
	}
	p.told("Elso Kft.: felvéve")
	p.cancel(asking) // putting the recovery key on paper, for the vault is new: later
	key := p.putRecoveryAway(tray)
	p.must(tray.ClickPath(p.ctx, added.Folder, added.Name))
	p.clipboardIs(added.Key)

	clients := examples.Clients(12, 2)
	list := filepath.Join(t.TempDir(), "lista.txt")
	p.must(os.WriteFile(list, examples.Export(clients), 0o600))
	p.must(tray.ClickPath(p.ctx, "Importálás…"))
	imported := p.opened(link)
	imported.take(list, 12)
	last := clients[11]
	p.must(tray.ClickPath(p.ctx, p.pathOf(tray, last)...))
	p.clipboardIs(last.Key)

	// A cancelled dialog changes nothing, at whichever question.
	for answers := range 3 {
		p.must(tray.ClickPath(p.ctx, "Új ügyfél…"))
		for range answers {
			p.answer(asking, "GEZDGNBVGY3TQOJQ")
		}
		p.cancel(asking)
	}
	p.must(tray.ClickPath(p.ctx, "Új ügyfél…")) // what is doubtful is asked about
	for _, text := range []string{"Telefonos Kft.", "telefon", ""} {
		p.answer(asking, text)
	}
	p.cancel(asking)
	if n := strings.Count(p.kapu("list"), "\n"); n < 13 || n > 14 {
		t.Errorf("%d lines of clients", n)
	}

	// What does not work is told in a sentence.
	p.must(tray.ClickPath(p.ctx, "Új ügyfél…"))
	for _, text := range []string{"Rossz Kft.", "not base32!", ""} {
		p.answer(asking, text)
	}
	_, err = p.Notifications().Wait(p.ctx, func(n desktop.Notification) bool { return n.Hints["category"] == "x-kapu.problem" })
	p.must(err)

	if os.Geteuid() == 0 {
		secrets := map[string][]byte{}
		for _, c := range append(slices.Clone(clients), added) {
			raw, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(c.Key)
			p.must(err)
			secrets[c.Name], secrets[c.Name+" (raw)"] = []byte(c.Key), raw
		}
		secrets["recovery key"] = []byte(key)
		secrets["what was typed for a key"] = []byte("not base32!")
		if found := search(t, p.agentPID(), secrets); len(found) == 0 {
			t.Error("the unlocked agent holds no secret: the search cannot be right")
		}
		if found := search(t, process.Pid(), secrets); len(found) > 0 {
			t.Errorf("the tray holds %q", found)
		}
	}

	imported.undo(12)
	if out := p.kapu("list"); strings.Contains(out, last.Name) || !strings.Contains(out, added.Name) {
		t.Errorf("after the import was taken back:\n%s", out)
	}

	// Whatever the tray knew is gone with the agent; both pages are locked, and lead back in.
	p.must(tray.ClickPath(p.ctx, "Zárolás"))
	for _, w := range []page{door, imported} {
		w.until(`document.querySelector("#unlock button") !== null`)
	}
	door.do(pagetest.Press("#unlock button"))
	for _, w := range []page{door, imported} {
		w.until(`document.querySelector("#lock") !== null`)
	}
	agent := p.agentPID()
	p.kapu("lock")
	waitGone(p.t, agent)
}

// putRecoveryAway saves the recovery sheet as the menu reminds to, and returns the key that is on it.
func (p *person) putRecoveryAway(tray *desktop.Tray) string {
	p.t.Helper()
	const row, where = "Helyreállítási kulcs kinyomtatása…", "^Hová kerüljön a helyreállítási lap?"
	p.must(tray.ClickPath(p.ctx, row))
	p.must(p.FocusWindow(p.ctx, asking))
	p.must(p.Key(p.ctx, "Tab", "Tab", "Return")) // past the text, to the first button
	sheet := filepath.Join(p.t.TempDir(), "kulcs.pdf")
	p.choose(where, sheet, "ctrl+a")
	p.told("A helyreállítási lap elkészült: " + sheet)
	text, err := exec.Command("pdftotext", sheet, "-").Output()
	p.must(err)
	key := p.kapu("recovery-key", "--text")
	if !strings.Contains(string(text), "AGE-SECRET-KEY-PQ-1") || !strings.HasPrefix(key, "AGE-SECRET-KEY-PQ-1") {
		p.t.Errorf("the sheet says %q, the vault %d letters", text, len(key))
	}
	items, err := tray.Menu()
	p.must(err)
	if menu := desktop.Outline(items); strings.Contains(menu, row) {
		p.t.Errorf("the menu still reminds:\n%s", menu)
	}
	return strings.TrimSpace(key)
}

// Locking, quitting and even the tray's sudden death close a dialog that is open.
func TestDialogEndsWithTheTray(t *testing.T) {
	p := at(t, full)
	p.imports(examples.Clients(3, 0))
	process, tray := p.tray()
	open := func(row, title string) {
		t.Helper()
		p.must(tray.ClickPath(p.ctx, row))
		p.must(p.FocusWindow(p.ctx, title))
	}
	for row, title := range map[string]string{"Keresés…": asking, "Új ügyfél…": asking} {
		open(row, title)
		p.must(tray.ClickPath(p.ctx, "Zárolás"))
		p.must(p.WaitNoWindow(p.ctx, title))
		p.waitLocked(tray)
		p.must(tray.ClickPath(p.ctx, "Feloldás…"))
	}
	open("Új ügyfél…", asking)
	p.must(tray.ClickPath(p.ctx, "Kilépés"))
	p.must(p.WaitNoWindow(p.ctx, asking))
	p.must(process.Wait(p.ctx))

	process, tray = p.tray()
	p.must(tray.ClickPath(p.ctx, "Feloldás…"))
	open("Új ügyfél…", asking)
	p.must(process.Signal(syscall.SIGKILL))
	p.must(p.WaitNoWindow(p.ctx, asking))
	wait.Until(t, "the program's processes to end", func() bool { return len(kapuProcesses(p.home())) == 0 })
}
