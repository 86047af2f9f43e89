package tray

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"kapu/agent"
	"kapu/icons"
	"kapu/internal/desktop/desktoptest"
	"kapu/internal/wait"
	"kapu/lang"

	bench "kapu/internal/desktop"
)

// program is a tray in a process of its own, on a desktop of its own.
type program struct {
	*bench.Tray
	t       *testing.T
	d       *bench.Desktop
	home    string
	process *bench.Process
	orders  io.Writer
	given   int
}

// start starts one; with a vault, of which only the agent knows what is in it.
func start(t *testing.T, d *bench.Desktop, vault, dialogs bool) *program {
	t.Helper()
	p := &program{t: t, d: d, home: t.TempDir()}
	if vault {
		p.write("vault.age", "")
	}
	p.launch(dialogs)
	var err error
	if p.Tray, err = d.WaitTray(desktoptest.Context(t), p.process.Pid()); err != nil {
		t.Fatal(err)
	}
	return p
}

func (p *program) launch(dialogs bool, env ...string) {
	p.t.Helper()
	exe, err := os.Executable()
	if err != nil {
		p.t.Fatal(err)
	}
	cmd := p.d.Command(p.t.Context(), exe)
	mode := "plain"
	if dialogs {
		mode = "dialogs"
	}
	cmd.Env = append(append(cmd.Env, "KAPU_TRAY_TEST="+mode, "KAPU_HOME="+p.home), env...)
	orders, err := cmd.StdinPipe()
	if err != nil {
		p.t.Fatal(err)
	}
	p.orders = orders
	if p.process, err = p.d.Launch(cmd); err != nil {
		p.t.Fatal(err)
	}
}

func (p *program) order(o order) {
	p.t.Helper()
	data, err := json.Marshal(o)
	if err == nil {
		_, err = fmt.Fprintln(p.orders, string(data))
	}
	if err != nil {
		p.t.Fatal(err)
	}
	p.given++
	p.printsTimes("obeyed\n", p.given)
}

// sees waits until the menu is this.
func (p *program) sees(outline string) {
	p.t.Helper()
	err := p.WaitMenu(desktoptest.Context(p.t), "the wanted rows", func(items []bench.Item) bool {
		return bench.Outline(items) == outline
	})
	if err != nil {
		p.t.Fatalf("%v\nwanted\n%s", err, outline)
	}
}

func (p *program) click(path ...string) {
	p.t.Helper()
	if err := p.ClickPath(desktoptest.Context(p.t), path...); err != nil {
		p.t.Fatal(err)
	}
}

func (p *program) prints(line string) {
	p.t.Helper()
	p.printsTimes(line, 1)
}

func (p *program) printsTimes(line string, n int) {
	p.t.Helper()
	ctx := desktoptest.Context(p.t)
	for strings.Count(p.process.Output(), line) < n {
		select {
		case <-ctx.Done():
			p.t.Fatalf("it did not print %q but\n%s", line, p.process.Output())
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// tells waits for a notice and returns it. The moment until which a code is good is written as HH:MM:SS.
func (p *program) tells(body string) bench.Notification {
	p.t.Helper()
	n, err := p.d.Notifications().Wait(desktoptest.Context(p.t), func(n bench.Notification) bool {
		return moment.ReplaceAllString(n.Body, "HH:MM:SS") == body
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return n
}

var moment = regexp.MustCompile(`\d\d:\d\d:\d\d`)

func (p *program) ends() {
	p.t.Helper()
	err := p.process.Wait(desktoptest.Context(p.t))
	if err != nil && (p.output() == p.process.Output() || strings.Contains(p.output(), "DATA RACE")) {
		p.t.Fatalf("%v\n%s", err, p.process.Output())
	}
}

// output is what the program printed, without one race inside fyne.io/systray 1.12.2: its refresh raises the menu's
// version under one lock, GetLayout reads it under another. A panel that asks twice in the wrong moment shows it.
func (p *program) output() string {
	return raceReport.ReplaceAllStringFunc(p.process.Output(), func(report string) string {
		if strings.Contains(report, "systray.refresh()") && strings.Contains(report, "GetLayout()") && !strings.Contains(report, "kapu/") {
			return ""
		}
		return report
	})
}

var raceReport = regexp.MustCompile(`(?s)={18}\nWARNING: DATA RACE\n.*?={18}\n`)

func (p *program) write(name, text string) {
	p.t.Helper()
	if err := os.WriteFile(filepath.Join(p.home, name), []byte(text), 0o600); err != nil {
		p.t.Fatal(err)
	}
}

func yes() *bool { b := true; return &b }
func no() *bool  { b := false; return &b }

var two = []agent.Client{
	{ID: "a", Name: "Alfa_Kft. & <Tsa>", Folder: "Kft-k"}, {ID: "b", Name: "Béta", Folder: "Bt-k"},
}

const lockedMenu = "[Kapu – zárolva]\n---\nFeloldás…\n---\nKilépés\n"

func TestUnlockCopyLock(t *testing.T) {
	t.Parallel()
	d := desktoptest.Start(t, bench.Options{Notifications: true})
	p := start(t, d, true, true)
	p.sees(lockedMenu)
	p.order(order{Clients: two})
	p.click("Feloldás…")
	p.sees("[Kapu – 2 ügyfél]\n---\nBt-k\n  Béta\nKft-k\n  Alfa_Kft. & <Tsa>\n---\n" +
		"Keresés…\nKezelés…\nÚj ügyfél…\nImportálás…\nZárolás\nKilépés\n")
	if title, err := p.Title(); err != nil || title != "Kapu – 2 ügyfél" {
		t.Errorf("the title is %q, %v", title, err)
	}
	if id, err := p.Property("Id"); err != nil || id != "kapu" {
		t.Errorf("the icon's id is %q, %v", id, err)
	}
	p.prints("start false")

	p.click("Kft-k", "Alfa_Kft. & <Tsa>")
	p.prints("copy a false")
	first := p.tells("Alfa_Kft. & <Tsa>: kód a vágólapon, HH:MM:SS-ig érvényes")
	if first.Hints["transient"] != true || len(first.Actions) > 0 || first.Icon == "" || first.Hints["category"] == nil {
		t.Errorf("the notice is %+v", first)
	}
	p.sees("Alfa_Kft. & <Tsa>\n---\nBt-k\n  Béta\nKft-k\n  Alfa_Kft. & <Tsa>\n---\n" +
		"Keresés…\nKezelés…\nÚj ügyfél…\nImportálás…\nZárolás\nKilépés\n")

	p.order(order{Used: true})
	p.click("Bt-k", "Béta")
	again := p.tells("Béta: ismét ugyanaz a kód van a vágólapon, HH:MM:SS-ig érvényes. A portál ugyanazt a kódot másodszor elutasíthatja.")
	if again.Replaces != first.ID || len(again.Actions) != 1 || again.Actions[0].Label != "A következő kód másolása" {
		t.Errorf("the notice is %+v", again)
	}
	p.order(order{})
	if err := d.Notifications().Act(again.ID, again.Actions[0].Key); err != nil {
		t.Fatal(err)
	}
	p.prints("copy b true")
	last := p.tells("Béta: kód a vágólapon, HH:MM:SS-ig érvényes")

	p.click("Zárolás")
	p.sees(lockedMenu)
	p.prints("lock")
	items, err := p.Menu()
	if err != nil {
		t.Fatal(err)
	}
	if all := fmt.Sprint(items); strings.Contains(all, "Béta") || strings.Contains(all, "Alfa") || strings.Contains(all, "Kft-k") {
		t.Errorf("the locked menu holds %s", all)
	}
	wait.Until(t, "the notice with the client's name to close", func() bool { return !d.Notifications().Open(last.ID) })
	p.click("Feloldás…")
	p.click("Bt-k", "Béta") // at once: no row was another client's
	p.prints("copy b false")
	p.click("Kilépés")
	p.ends()
	p.prints("close")
	p.prints("ended")
}

// Below the clients on top is a submenu of their user names. The notice tells what comes next, and its button does it.
func TestUserNameFromTheMenu(t *testing.T) {
	t.Parallel()
	d := desktoptest.Start(t, bench.Options{Notifications: true})
	p := start(t, d, true, true)
	p.order(order{Agent: yes(), Clients: []agent.Client{
		{ID: "a", Name: "Alfa", Favourite: true, UserName: "anna"}, {ID: "b", Name: "Béta", UserName: "bela"},
	}})
	p.click("Felhasználónév, majd kód", "Alfa")
	p.prints("copy a sign-in")
	n := p.tells("Alfa: felhasználónév a vágólapon. Illessze be, majd a kódot kérje ugyanígy.")
	if len(n.Actions) != 1 || n.Actions[0].Label != "A kód másolása" {
		t.Fatalf("the notice is %+v", n)
	}
	if err := d.Notifications().Act(n.ID, n.Actions[0].Key); err != nil {
		t.Fatal(err)
	}
	p.prints("copy a false")
	p.tells("Alfa: kód a vágólapon, HH:MM:SS-ig érvényes")
	p.click("Béta") // who was worked for is among them
	p.click("Felhasználónév, majd kód", "Béta")
	p.prints("copy b sign-in")
	copied := agent.Copied{Client: agent.Client{ID: "b", Name: "Béta"}, Until: time.Now().Add(codeLife)}
	p.order(order{News: &agent.Event{Type: agent.Waiting, Client: &copied.Client, Seconds: 9}})
	p.tells("Béta: várakozás a friss kódra, még 9 mp")
	p.order(order{News: &agent.Event{Type: agent.CodeCopied, Copied: &copied}}) // by itself, after the paste
	p.tells("Béta: kód a vágólapon, HH:MM:SS-ig érvényes")
}

// A code that has to be typed stands above the text, stays as long as it is good, and is then taken back. It is never
// printed.
func TestCodeToBeTyped(t *testing.T) {
	t.Parallel()
	d := desktoptest.Start(t, bench.Options{Notifications: true})
	p := start(t, d, true, true)
	p.order(order{Clients: two, Code: "123456", Reach: agent.OnlyHere})
	p.click("Feloldás…")
	p.click("Bt-k", "Béta")
	n := p.tells("Béta: a kód csak itt, a távoli gépen van a vágólapon. A saját gépén gépelje be. HH:MM:SS-ig érvényes.")
	if n.Summary != "123 456" || n.Hints["transient"] != true || n.Hints["urgency"] != byte(2) || n.Timeout <= 0 || n.Timeout > int32(codeLife.Milliseconds()) {
		t.Errorf("the notice is %+v", n)
	}
	wait.Until(t, "the notice of a code that has run out to close", func() bool { return !d.Notifications().Open(n.ID) })

	p.order(order{Code: "R3K9T", Reach: agent.Nowhere, Used: true})
	p.click("Bt-k", "Béta")
	n = p.tells("Béta: a vágólap nem használható. Gépelje be a kódot. HH:MM:SS-ig érvényes. A portál ugyanazt a kódot másodszor elutasíthatja.")
	if n.Summary != "R3K 9T" || len(n.Actions) != 1 {
		t.Errorf("the notice is %+v", n)
	}
	p.order(order{}) // a newer notice is not taken back with the code before it
	p.click("Bt-k", "Béta")
	n = p.tells("Béta: kód a vágólapon, HH:MM:SS-ig érvényes")
	time.Sleep(codeLife + time.Second)
	if n.Summary != "Kapu" || n.Hints["urgency"] != nil || n.Timeout != -1 || !d.Notifications().Open(n.ID) {
		t.Errorf("the notice is %+v", n)
	}
	p.click("Kilépés")
	p.ends()
	if out := p.process.Output(); strings.Contains(out, "123") || strings.Contains(out, "R3K") {
		t.Errorf("a code was printed: %s", out)
	}
}

// News of the office change its row, and what a click on it does.
func TestOfficeComesIntoTheMenu(t *testing.T) {
	t.Parallel()
	d := desktoptest.Start(t, bench.Options{Notifications: true})
	p := start(t, d, true, true)
	const open = "Keresés…\nKezelés…\nÚj ügyfél…\nImportálás…\nZárolás\nKilépés\n"
	const list = "Bt-k\n  Béta\nKft-k\n  Alfa_Kft. & <Tsa>\n---\n"
	p.order(order{Agent: yes(), Clients: two, Office: &agent.OfficeStatus{Name: "Kis Iroda", Admin: true}})
	p.sees("[Kapu – 2 ügyfél]\n---\n" + list + open)

	news := &agent.Event{Type: agent.OfficeNews}
	p.order(order{Office: &agent.OfficeStatus{Admin: true, Requests: 1}, News: news, Answers: []string{"Béla gépe (bela@gep) beengedve."}})
	p.sees("[Kapu – 2 ügyfél]\n---\n" + list + "1 gép vár beengedésre…\n" + open)
	p.order(order{
		Office: &agent.OfficeStatus{Admin: true, Requests: 1},
		News:   &agent.Event{Type: agent.Asked, Request: &agent.OfficeRequest{Name: "Béla", Machine: "bela@gep", Words: "alma híd zab szél"}},
	})
	p.tells("Béla (bela@gep) be szeretne lépni az irodába. Hívja fel; ha ezt a hat szót mondja, engedje be a Kapu menüjéből: alma híd zab szél.")
	p.click("1 gép vár beengedésre…")
	p.prints("dialog admit")
	p.tells("Béla gépe (bela@gep) beengedve.")

	// The vault comes into an office and leaves it; whoever is back at the screen still reads it after a lock.
	for membership, said := range map[agent.Membership]string{
		agent.Applied: "Ez a széf belépést kért ebbe az irodába: Idegen Kft.",
		agent.Inside:  "Ez a széf belépett ebbe az irodába: Idegen Kft.",
		agent.Outside: "Ez a széf már nem tagja ennek az irodának: Idegen Kft.",
	} {
		p.order(order{
			Office: &agent.OfficeStatus{Admin: true, Requests: 1},
			News:   &agent.Event{Type: agent.Belongs, Membership: membership, Office: "Idegen Kft."},
		})
		_, err := d.Notifications().Wait(t.Context(), func(n bench.Notification) bool { return strings.Contains(n.Body, said) })
		if err != nil {
			t.Errorf("nothing says %q: %v", said, err)
		}
	}

	gone := lang.E("office-expelled", "Office", "Kis Iroda")
	p.order(order{
		Office: &agent.OfficeStatus{Expelled: true, Worrying: true, Failing: gone},
		News:   &agent.Event{Type: agent.Problem, Problem: gone},
	})
	p.tells(lang.In(lang.Hungarian).Error(gone))
	p.sees("[Kapu – 2 ügyfél]\n---\n" + list + "Ez a gép már nem tagja az irodának…\n" + open)
	p.click("Ez a gép már nem tagja az irodának…")
	p.prints("window open office")
	p.order(order{})
	p.sees("[Kapu – 2 ügyfél]\n---\n" + list + open)
}

func TestAgentComesAndGoes(t *testing.T) {
	t.Parallel()
	d := desktoptest.Start(t, bench.Options{Notifications: true})
	p := start(t, d, true, false)
	p.sees(lockedMenu)
	p.order(order{Agent: yes(), Clients: two}) // `kapu unlock`
	const open = "---\nBt-k\n  Béta\nKft-k\n  Alfa_Kft. & <Tsa>\n---\nKeresés…\nKezelés…\nZárolás\nKilépés\n"
	p.sees("[Kapu – 2 ügyfél]\n" + open)
	p.order(order{Clients: append(two, agent.Client{ID: "c", Name: "Cézár", Folder: "Bt-k"})})
	p.sees("[Kapu – 3 ügyfél]\n---\nBt-k\n  Béta\n  Cézár\nKft-k\n  Alfa_Kft. & <Tsa>\n---\nKeresés…\nKezelés…\nZárolás\nKilépés\n")

	p.order(order{Slow: true})
	p.click("Bt-k", "Béta")
	p.tells(lang.In(lang.Hungarian).T("tray-waiting", "Client", "Béta", "Seconds", 4))
	p.click("Bt-k", "Béta") // changes nothing
	p.order(order{Agent: no()})
	n := p.tells(lang.In(lang.Hungarian).Error(lang.E("agent-gone")))
	p.sees(lockedMenu)
	if !d.Notifications().Open(n.ID) {
		t.Error("what had happened was taken away at once")
	}
	if got := strings.Count(p.process.Output(), "copy b"); got != 1 {
		t.Errorf("two clicks while a copy waits made %d copies", got)
	}
	p.order(order{Agent: yes()})
	p.sees("[Kapu – 3 ügyfél]\n---\nBt-k\n  Béta\n  Cézár\nKft-k\n  Alfa_Kft. & <Tsa>\n---\nKeresés…\nKezelés…\nZárolás\nKilépés\n")
	if err := p.process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	p.ends()
}

func TestDialogs(t *testing.T) {
	t.Parallel()
	d := desktoptest.Start(t, bench.Options{Notifications: true})
	p := start(t, d, true, true)
	p.order(order{
		Agent: yes(), Answers: []string{"Új Kft.: felvéve."},
		Clients: append(two, agent.Client{ID: "c", Name: "Béta 2"}), Unkept: true,
	})
	p.click("Új ügyfél…")
	p.prints("dialog add")
	p.tells("Új Kft.: felvéve.")
	p.order(order{Answers: []string{"A lap kész."}, Unkept: true})
	p.click("Helyreállítási kulcs kinyomtatása…")
	p.prints("dialog recovery")
	p.tells("A lap kész.")

	p.click("Kezelés…")
	p.prints("window open")
	p.order(order{Due: 2})
	p.click("2 lejáró határidő…")
	p.prints("window open deadlines")
	p.order(order{Answers: []string{"alfa"}})
	p.click("Keresés…")
	p.prints("copy a false")
	p.order(order{Answers: []string{"nincs"}})
	p.click("Keresés…")
	p.tells("Nincs ilyen ügyfél: „nincs”. Próbálja a név rövidebb részletével vagy az adószámmal.")
	p.order(order{Answers: []string{"béta"}})
	p.click("Keresés…")
	p.tells("2 találat. Egy percig a menü tetején láthatók.")
	if _, err := p.WaitItem(desktoptest.Context(t), "Béta 2"); err != nil {
		t.Error(err)
	}
	p.click("Béta 2")
	p.prints("copy c false")

	p.click("Importálás…")
	p.prints("window open import")
	p.click("Keresés…") // cancelled
	p.printsTimes("asked for a line", 4)
	p.order(order{Answers: []string{""}})
	p.click("Új ügyfél…") // stays open until the lock
	p.printsTimes("dialog add", 2)
	p.click("Zárolás")
	p.prints("closed add")
	p.click("Kilépés")
	p.ends()
}

// On an empty machine the menu has the doors of the page. Once one of them has led to a first client, the recovery key
// is asked to be put on paper.
func TestDoors(t *testing.T) {
	t.Parallel()
	d := desktoptest.Start(t, bench.Options{Notifications: true})
	p := start(t, d, false, true)
	p.order(order{Answers: []string{"A lap kész."}, Unkept: true})
	p.sees("[Kapu – még nincs széf]\n---\nLista behozása…\nEgy ügyfél felvétele…\nMeghívóm van…\nVisszaállítás…\n---\nKilépés\n")
	for label, view := range map[string]string{
		"Lista behozása…": "import", "Egy ügyfél felvétele…": "add", "Meghívóm van…": "office", "Visszaállítás…": "restore",
	} {
		p.click(label)
		p.prints("window open " + view)
	}
	p.order(order{Agent: yes(), Clients: two, Unkept: true})
	p.prints("dialog recovery")
	p.tells("A lap kész.")
}

func TestSettingsAreFollowed(t *testing.T) {
	t.Parallel()
	d := desktoptest.Start(t, bench.Options{Notifications: true})
	p := start(t, d, true, false)
	p.order(order{Agent: yes(), Clients: two})
	p.sees("[Kapu – 2 ügyfél]\n---\nBt-k\n  Béta\nKft-k\n  Alfa_Kft. & <Tsa>\n---\nKeresés…\nKezelés…\nZárolás\nKilépés\n")
	p.write("config.toml", "[[group]]\nfolder = \"Kft-k\"\nclients = [\"beta\"]\n")
	p.sees("[Kapu – 2 ügyfél]\n---\nKft-k\n  Alfa_Kft. & <Tsa>\n  Béta\nBt-k\n  Béta\n---\nKeresés…\nKezelés…\nZárolás\nKilépés\n")
	p.write("config.toml", "rossz = 1\n")
	n, err := d.Notifications().Wait(desktoptest.Context(t), func(n bench.Notification) bool { return strings.Contains(n.Body, "rossz") })
	if err != nil {
		t.Fatal(err)
	}
	t.Log(n.Body)
	p.sees("[Kapu – 2 ügyfél]\n---\nKft-k\n  Alfa_Kft. & <Tsa>\n  Béta\nBt-k\n  Béta\n---\nKeresés…\nKezelés…\nZárolás\nKilépés\n")
	p.write("config.toml", "language = \"en\"\n")
	p.sees("[Kapu – 2 clients]\n---\nBt-k\n  Béta\nKft-k\n  Alfa_Kft. & <Tsa>\n---\nSearch…\nManage…\nLock\nQuit\n")
}

// A desktop without a tray, and one whose panel comes late and restarts. Notices in between must not keep the
// icon from coming back.
func TestPanelComesLateAndAgain(t *testing.T) {
	t.Parallel()
	d := desktoptest.Start(t, bench.Options{Notifications: true})
	p := start(t, d, true, false)
	p.prints("egyetlen panel sem jelenít meg tálcaikonokat")
	p.order(order{Agent: yes(), Clients: two})
	for i := range 3 {
		p.order(order{Used: i == 1})
		w, err := d.StartWatcher()
		if err != nil {
			t.Fatal(err)
		}
		if err := w.WaitItems(desktoptest.Context(t), 1); err != nil {
			t.Fatal(err)
		}
		p.click("Bt-k", "Béta")
		if n, err := d.Notifications().Wait(desktoptest.Context(t), func(n bench.Notification) bool { return len(n.Actions) == i%2 }); err != nil {
			t.Error(err)
		} else if i == 1 {
			if err := d.Notifications().Act(n.ID, n.Actions[0].Key); err != nil {
				t.Error(err)
			}
		}
		old, err := p.WaitItem(desktoptest.Context(t), "Kilépés")
		if err != nil {
			t.Fatal(err)
		}
		w.Stop()
		items, err := p.Menu() // it stays as it is, for the next panel
		if err != nil {
			t.Fatal(err)
		}
		quit, _ := bench.Find(items, "Kilépés")
		if _, shown := bench.Find(items, "Bt-k", "Béta"); !shown || quit.ID != old.ID {
			t.Errorf("without a panel it is\n%s", bench.Outline(items))
		}
	}
	out := p.output()
	if strings.Count(out, "panel") != 1 || strings.Contains(out, "systray") {
		t.Errorf("it printed\n%s", out)
	}
}

// A panel that begins after systray's first registration, and before systray hears of panels.
func TestPanelComesAtTheWrongMoment(t *testing.T) {
	t.Parallel()
	d := desktoptest.Start(t, bench.Options{})
	w, err := d.StartWatcher()
	if err != nil {
		t.Fatal(err)
	}
	defer w.Stop()
	w.MissNext()
	p := start(t, d, true, false)
	if err := w.WaitItems(desktoptest.Context(t), 1); err != nil {
		t.Fatal(err)
	}
	p.order(order{Agent: yes(), Clients: two})
	p.click("Bt-k", "Béta")
}

func TestNoNoticesOnThisDesktop(t *testing.T) {
	t.Parallel()
	d := desktoptest.Start(t, bench.Options{})
	p := start(t, d, true, false)
	p.order(order{Agent: yes(), Clients: two})
	p.click("Bt-k", "Béta")
	p.prints("Ügyfél: kód a vágólapon, ")
	if strings.Contains(p.process.Output(), "Béta") {
		t.Error("a client's name is in the log")
	}
}

func TestSecondTray(t *testing.T) {
	t.Parallel()
	d := desktoptest.Start(t, bench.Options{})
	p := start(t, d, true, false)
	second := *p
	second.launch(false)
	if err := second.process.Wait(desktoptest.Context(t)); err == nil {
		t.Error("a second tray ran")
	}
	second.prints("A Kapu ikonja már ott van ebben az asztali munkamenetben.")
	p.click("Kilépés")
	p.ends()
}

func TestNoSessionBus(t *testing.T) {
	t.Parallel()
	d := desktoptest.Start(t, bench.Options{})
	for _, address := range []string{"disabled:", "", "unix:path=/nonexistent"} {
		p := &program{t: t, d: d, home: t.TempDir()}
		p.launch(false, "DBUS_SESSION_BUS_ADDRESS="+address, "XDG_RUNTIME_DIR="+p.home)
		if err := p.process.Wait(desktoptest.Context(t)); err == nil {
			t.Errorf("%q: it ran", address)
		}
		p.prints("error: Nincs munkamenet-busz")
		t.Log(p.process.Output())
	}
}

// The session ends under the tray's feet.
func TestSessionEnds(t *testing.T) {
	t.Parallel()
	d := desktoptest.Start(t, bench.Options{})
	p := start(t, d, true, false)
	p.order(order{Clients: two})
	p.click("Feloldás…")
	if _, err := p.WaitItem(desktoptest.Context(t), "Zárolás"); err != nil {
		t.Fatal(err)
	}
	bus := regexp.MustCompile(`dbus-daemon \(process (\d+)\)`).FindStringSubmatch(d.Logs())
	if bus == nil {
		t.Skip("the bus says nothing, so its process is not known")
	}
	pid, _ := strconv.Atoi(bus[1])
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	p.ends()
	p.prints("close") // what this tray unlocked is locked
	p.prints("ended")
}

// Until the loop hears that the bus has gone, changes still come: they must not end the tray, which has to lock first.
func TestIconAfterTheBus(t *testing.T) {
	d := desktoptest.Start(t, bench.Options{})
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", d.BusAddress())
	bus, err := dbus.SessionBus() // the one that systray uses
	if err != nil {
		t.Fatal(err)
	}
	said := log.Writer()
	defer log.SetOutput(said)
	quit := make(chan struct{})
	present(func() {}, func() {
		defer close(quit)
		i := &statusItem{}
		if err := i.serve(bus, func(verb) {}); err != nil {
			t.Error(err)
		}
		i.setPicture(icons.Open)
		bus.Close()
		i.setPicture(icons.Locked)
		i.setTitle("Kapu – zárolva")
	}, quit)
}

// Panels find the icon in the size they show, and are told of another in the ways in which they listen.
func TestIconOnTheBus(t *testing.T) {
	t.Parallel()
	d := desktoptest.Start(t, bench.Options{})
	p := start(t, d, true, false)
	p.sees(lockedMenu)
	pictures := func() (sizes []int32, first []byte) {
		t.Helper()
		v, err := p.Property("IconPixmap")
		if err != nil {
			t.Fatal(err)
		}
		var list []picture
		if err := dbus.Store([]any{v}, &list); err != nil {
			t.Fatal(err)
		}
		for _, l := range list {
			if l.Width != l.Height || len(l.Pixels) != int(4*l.Width*l.Height) {
				t.Errorf("%d×%d of %d bytes", l.Width, l.Height, len(l.Pixels))
			}
			sizes = append(sizes, l.Width)
		}
		return sizes, list[0].Pixels
	}
	sizes, locked := pictures()
	if want := []int32{16, 22, 24, 32, 44, 48, 64, 96}; !slices.Equal(sizes, want) {
		t.Errorf("the sizes are %v", sizes)
	}
	for name, want := range map[string]any{
		"Id": "kapu", "Status": "Active", "ItemIsMenu": true, "Category": "ApplicationStatus", "Title": "Kapu – zárolva",
		"Menu": dbus.ObjectPath("/StatusNotifierItem/menu"),
	} {
		if got, err := p.Property(name); err != nil || got != want {
			t.Errorf("%s is %v, %v", name, got, err)
		}
	}
	counter, err := p.CountSignals()
	if err != nil {
		t.Fatal(err)
	}
	defer counter.Stop()
	p.order(order{Agent: yes(), Clients: two})
	if _, err := p.WaitItem(desktoptest.Context(t), "Zárolás"); err != nil {
		t.Fatal(err)
	}
	if _, open := pictures(); bytes.Equal(open, locked) {
		t.Error("the picture is the same")
	}
	names, err := counter.ByName()
	for _, name := range []string{"NewIcon", "NewTitle", "NewToolTip"} {
		if err != nil || names["org.kde.StatusNotifierItem."+name] != 1 {
			t.Errorf("signals: %v, %v", names, err)
		}
	}
}

// Ayatana's indicators show the icon by the path of its file; a panel that comes after them shows its pictures.
func TestIconForIndicators(t *testing.T) {
	t.Parallel()
	d := desktoptest.Start(t, bench.Options{})
	w, err := d.StartWatcher()
	if err != nil {
		t.Fatal(err)
	}
	indicators, err := d.Connect()
	if err != nil {
		t.Fatal(err)
	}
	defer indicators.Close()
	if _, err := indicators.RequestName(indicatorsName, dbus.NameFlagDoNotQueue); err != nil {
		t.Fatal(err)
	}
	p := start(t, d, true, false)
	shows := func(icon []byte) {
		t.Helper()
		wait.Until(t, "the icon's file", func() bool {
			file, err := p.Property("IconName")
			if err != nil {
				t.Fatal(err)
			}
			data, _ := os.ReadFile(file.(string)) // "" at first
			return bytes.Equal(data, icon)
		})
	}
	shows(icons.Locked.Tray())
	p.order(order{Agent: yes(), Clients: two})
	shows(icons.Open.Tray())
	w.Stop()
	indicators.Close()
	if w, err = d.StartWatcher(); err != nil {
		t.Fatal(err)
	}
	defer w.Stop()
	shows(nil)
}

// Panels that open no menu by a left click tell of it: it does what is most useful. The middle button copies for the
// last client again.
func TestClicksOnTheIcon(t *testing.T) {
	t.Parallel()
	d := desktoptest.Start(t, bench.Options{Notifications: true})
	p := start(t, d, true, true)
	p.sees(lockedMenu)
	p.order(order{Clients: two, Answers: []string{"alfa"}})
	click := func(button func() error) {
		t.Helper()
		if err := button(); err != nil {
			t.Fatal(err)
		}
	}
	click(p.Activate) // locked: unlock
	if _, err := p.WaitItem(desktoptest.Context(t), "Zárolás"); err != nil {
		t.Fatal(err)
	}
	click(p.Activate) // search
	p.printsTimes("copy ", 1)
	p.tells("Alfa_Kft. & <Tsa>: kód a vágólapon, HH:MM:SS-ig érvényes")
	click(p.SecondaryActivate)
	p.printsTimes("copy ", 2)
	click(p.Scroll)
	click(p.IndicatorSecondaryActivate)
	p.printsTimes("copy ", 3)
}

// Plasma tells of a left click in any case, and opens the menu only where the program does not answer.
func TestLeftClickOnPlasma(t *testing.T) {
	d := desktoptest.Start(t, bench.Options{})
	for desktop, answers := range map[string]bool{"KDE": false, "XFCE": true, "": true} {
		t.Setenv("XDG_CURRENT_DESKTOP", desktop)
		conn, err := d.Connect()
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		clicks := make(chan verb, 1)
		if err := (&statusItem{}).serve(conn, func(v verb) { clicks <- v }); err != nil {
			t.Fatal(err)
		}
		err = conn.Object(conn.Names()[0], iconPath).Call(itemAPI+".Activate", 0, int32(0), int32(0)).Err
		if (err == nil) != answers || len(clicks) == 1 != answers {
			t.Errorf("%q: %d clicks, %v", desktop, len(clicks), err)
		}
	}
}

// What an ordinary office costs: memory, and signals on the bus.
func TestTwoThousandClients(t *testing.T) {
	t.Parallel()
	d := desktoptest.Start(t, bench.Options{Notifications: true})
	p := start(t, d, true, false)
	p.sees(lockedMenu)
	t.Log("locked:", p.memory())
	began := time.Now()
	p.order(order{Agent: yes(), Random: 2000})
	title := func(want string) {
		t.Helper()
		for ctx := desktoptest.Context(t); ; {
			got, err := p.Title()
			if got == want {
				return
			}
			if ctx.Err() != nil {
				t.Fatalf("the title is %q, %v", got, err)
			}
			time.Sleep(5 * time.Millisecond)
		}
	}
	title("Kapu – 2000 ügyfél")
	t.Log("unlocked after", time.Since(began).Round(time.Millisecond), p.memory())
	items, err := p.Menu()
	if err != nil {
		t.Fatal(err)
	}
	var count func(items []bench.Item) int
	count = func(items []bench.Item) (n int) {
		for _, i := range items {
			n += 1 + count(i.Children)
		}
		return n
	}
	rows, shown := count(items), len(bench.Visible(items))
	t.Logf("%d rows, %d of them in sight at first; after reading them: %s", rows, shown, p.memory())

	counter, err := p.CountSignals()
	if err != nil {
		t.Fatal(err)
	}
	defer counter.Stop()
	time.Sleep(300 * time.Millisecond) // systray's own, after the first answer
	if err := counter.Reset(); err != nil {
		t.Fatal(err)
	}
	p.order(order{}) // nothing has changed
	time.Sleep(100 * time.Millisecond)
	if n, err := counter.Total(); n != 0 || err != nil {
		t.Errorf("%d signals, %v, though nothing changed", n, err)
	}
	began = time.Now()
	p.order(order{Agent: no()})
	title("Kapu – zárolva")
	n, err := counter.ByName()
	t.Log("locked after", time.Since(began).Round(time.Millisecond), p.memory(), n, err)
	began = time.Now()
	p.order(order{Agent: yes()})
	title("Kapu – 2000 ügyfél")
	t.Log("unlocked again after", time.Since(began).Round(time.Millisecond), p.memory())
}

// A real panel builds its menus in its own time and from its own side of the story.
func TestMouseOnARealPanel(t *testing.T) {
	t.Parallel()
	mouseOn(t, bench.Xfce)
}

// LXQt's panel leaves the left button to the program, which searches, or unlocks what is locked; the middle one copies
// again for the last client.
func TestMouseOnLXQt(t *testing.T) {
	t.Parallel()
	p := mouseOn(t, bench.LXQt)
	press := func(button func(context.Context) error) {
		t.Helper()
		if err := button(desktoptest.Context(t)); err != nil {
			t.Fatal(err)
		}
	}
	p.printsTimes("copy b false", 2)
	press(p.MiddleClick)
	p.printsTimes("copy b false", 3)
	p.order(order{Clients: two, Answers: []string{"alfa"}})
	press(p.LeftClick)
	p.printsTimes("copy a false", 2)
	if err := p.MousePath(desktoptest.Context(t), "Zárolás"); err != nil {
		t.Fatal(err)
	}
	p.sees(lockedMenu)
	press(p.LeftClick)
	if _, err := p.WaitItem(desktoptest.Context(t), "Bt-k", "Béta"); err != nil {
		t.Fatal(err)
	}
}

// mouseOn unlocks, copies and locks with the mouse on a panel.
func mouseOn(t *testing.T, panel *bench.Panel) *program {
	t.Helper()
	d := desktoptest.Start(t, bench.Options{Panel: panel, Notifications: true})
	p := start(t, d, true, true)
	p.sees(lockedMenu)
	p.order(order{Clients: two, Random: 12})
	mouse := func(path ...string) {
		t.Helper()
		began := time.Now()
		if err := p.MousePath(desktoptest.Context(t), path...); err != nil {
			t.Fatal(err)
		}
		t.Log(path, time.Since(began).Round(time.Millisecond), p.memory())
	}
	mouse("Feloldás…")
	if _, err := p.WaitItem(desktoptest.Context(t), "Bt-k", "Béta"); err != nil {
		t.Fatal(err)
	}
	mouse("Bt-k", "Béta")
	p.prints("copy b false")
	mouse("Kft-k", "Alfa_Kft. & <Tsa>")
	p.prints("copy a false")
	if dir := os.Getenv("DESKTOP_SHOTS"); dir != "" {
		if err := p.HoverPath(desktoptest.Context(t), "Kft-k"); err != nil {
			t.Error(err)
		}
		if err := d.Screenshot(desktoptest.Context(t), filepath.Join(dir, t.Name()+".png")); err != nil {
			t.Error(err)
		}
	}
	if err := d.RestartPanel(desktoptest.Context(t)); err != nil {
		t.Fatal(err)
	}
	if err := p.WaitShown(desktoptest.Context(t)); err != nil {
		t.Fatal(err)
	}
	mouse("Zárolás")
	p.sees(lockedMenu)
	mouse("Feloldás…")
	if _, err := p.WaitItem(desktoptest.Context(t), "Bt-k", "Béta"); err != nil {
		t.Fatal(err)
	}
	mouse("Bt-k", "Béta")
	return p
}

// memory says how much memory is this process's own share, and its goroutines' stacks with it.
func (p *program) memory() string {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", p.process.Pid()))
	if err != nil {
		return err.Error()
	}
	var out []string
	for line := range strings.Lines(string(data)) {
		if f := strings.Fields(line); len(f) > 1 && (f[0] == "Pss:" || f[0] == "Pss_Anon:" || f[0] == "Pss_File:") {
			out = append(out, f[0]+f[1])
		}
	}
	return strings.Join(out, " ")
}

// A group that has locked itself takes its names off the desktop, hidden rows included, and comes back when the agent
// is content with the answer. A question that the person closes is no problem.
func TestGroupThatLocksItself(t *testing.T) {
	t.Parallel()
	d := desktoptest.Start(t, bench.Options{Notifications: true})
	p := start(t, d, true, true)
	all := unlocked(join(in("Bér", "Titok Kft."), in("Kft-k", "Alfa"))...).clients
	there := true
	p.order(order{Agent: &there, Clients: all})
	const foot = "---\nKeresés…\nKezelés…\nÚj ügyfél…\nImportálás…\nZárolás\nKilépés\n"
	open := "[Kapu – 2 ügyfél]\n---\nBér\n  Titok Kft.\nKft-k\n  Alfa\n" + foot
	p.sees(open)
	withLocked := "[Kapu – 1 ügyfél]\n---\nBér (zárolva)\n  Feloldás: Bér…\nKft-k\n  Alfa\n" + foot
	p.order(order{Clients: all[:1], Locked: []string{"Bér"}})
	p.sees(withLocked)
	items, err := p.Menu()
	if err != nil {
		t.Fatal(err)
	}
	if words := fmt.Sprint(items); strings.Contains(words, "Titok") {
		t.Errorf("a hidden row knows the name: %s", words)
	}
	p.click("Bér (zárolva)", "Feloldás: Bér…") // and the question is closed
	p.prints("unlock Bér \n")
	p.order(order{Answers: []string{"2580"}, Locked: []string{"Bér"}})
	p.click("Bér (zárolva)", "Feloldás: Bér…")
	p.printsTimes("unlock Bér \n", 2)
	p.order(order{Clients: all})
	p.sees("[Kapu – 2 ügyfél]\n---\nBér\n  Titok Kft.\nKft-k\n  Alfa\n" + foot)
	if told := d.Notifications().Sent(); len(told) > 0 {
		t.Errorf("told %+v", told)
	}
}

// Only where the settings say so, where the vault was locked because the person left, and where nothing is asked, it is
// unlocked again when they come back.
func TestUnlocksWithTheSession(t *testing.T) {
	yes, no := true, false
	const on = "[lock]\nunlock_with_session = true\n"
	for _, tt := range []struct {
		name, settings string
		end            order
		back           order
		unlocks        bool
	}{
		{"as wished", on, order{Agent: &no, Left: true}, order{Back: true}, true},
		{"not wished", "", order{Agent: &no, Left: true}, order{}, false},
		{"locked by hand", on, order{Agent: &no}, order{Back: true}, false},
		{"a PIN is wanted", on, order{Agent: &no, Left: true, Asks: true}, order{Back: true, Asks: true}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d := desktoptest.Start(t, bench.Options{Notifications: true})
			p := &program{t: t, d: d, home: t.TempDir()}
			p.write("vault.age", "")
			p.write("config.toml", tt.settings)
			p.launch(true)
			var err error
			if p.Tray, err = d.WaitTray(desktoptest.Context(t), p.process.Pid()); err != nil {
				t.Fatal(err)
			}
			if tt.settings != "" {
				p.order(order{Back: true}) // nobody had left
			}
			p.order(order{Agent: &yes, Clients: two})
			open := "[Kapu – 2 ügyfél]\n---\nBt-k\n  Béta\nKft-k\n  Alfa_Kft. & <Tsa>\n---\n" +
				"Keresés…\nKezelés…\nÚj ügyfél…\nImportálás…\nZárolás\nKilépés\n"
			p.sees(open)
			p.order(tt.end)
			p.sees(lockedMenu)
			p.order(tt.back)
			if tt.unlocks {
				p.prints("start false")
				p.sees(open)
				return
			}
			time.Sleep(300 * time.Millisecond)
			p.sees(lockedMenu)
			if strings.Contains(p.process.Output(), "start") {
				t.Errorf("it unlocked by itself: %s", p.process.Output())
			}
		})
	}
}

// What the quick search has copied is told by a notice, for its window is gone by then.
func TestNoticeOfTheQuickSearch(t *testing.T) {
	t.Parallel()
	d := desktoptest.Start(t, bench.Options{Notifications: true})
	p := start(t, d, true, true)
	copied := agent.Copied{Client: agent.Client{Name: "Béta", Beside: "12345678-1-42"}, Until: time.Now().Add(codeLife), Remaining: 17}
	p.order(order{Agent: yes(), Clients: two, News: &agent.Event{Type: agent.Changed}})
	p.sees("[Kapu – 2 ügyfél]\n---\nBt-k\n  Béta\nKft-k\n  Alfa_Kft. & <Tsa>\n---\nKeresés…\nKezelés…\nÚj ügyfél…\nImportálás…\nZárolás\nKilépés\n")
	p.order(order{News: &agent.Event{Type: agent.CodeCopied, Copied: &copied}})
	p.tells("Béta (12345678-1-42): kód a vágólapon, HH:MM:SS-ig érvényes")
	p.click("Kilépés")
	p.ends()
}
