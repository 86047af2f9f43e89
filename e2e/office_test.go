//go:build linux

package e2e

import (
	"context"
	"encoding/base32"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kapu/internal/desktop"
	"kapu/internal/examples"
	"kapu/office"
)

// site is where an office's objects lie.
type site struct {
	address    string
	keys       string   // lines that are typed when the program asks for the store's keys; "" for none
	env        []string // of everybody's programs
	away, back func()   // takes it out of everybody's reach
	accident   func()   // befalls it in the middle
}

// flags make a command ask for the store's keys.
func (s *site) flags() []string {
	if s.keys == "" {
		return nil
	}
	return []string{"--keys"}
}

// An office of two people on a folder that they share, from its first day to the day on which one of them leaves: on
// three desktops, each with a panel, a keychain and a home of its own.
func TestOfficeOnAFolder(t *testing.T) {
	store := filepath.Join(t.TempDir(), "megosztott")
	if err := os.Mkdir(store, 0o700); err != nil {
		t.Fatal(err)
	}
	move := func(from, to string) func() {
		return func() {
			if err := os.Rename(from, to); err != nil {
				t.Fatal(err)
			}
		}
	}
	live(t, site{address: store, away: move(store, store+".el"), back: move(store+".el", store), accident: func() {}})
}

// live lives the life of an office.
func live(t *testing.T, s site) {
	begun := time.Now()
	stage := func(name string) { t.Logf("%6.1f s: %s", time.Since(begun).Seconds(), name) }

	// Anna has six clients in two folders.
	owner := comes(t, &s)
	clients := examples.Clients(6, 2)
	owner.imports(clients)
	owner.says(s.keys, append([]string{"office", "create", s.address, "--office", "Kis Iroda", "--name", "Anna"}, s.flags()...)...)
	owner.opensTray()
	stage("the office is founded")

	// Béla asks to be let in. Both see the same six words, and nobody is let in by a stray Enter.
	employee := comes(t, &s)
	employee.opensTray()
	said := employee.joins(&s, owner.kapu("office", "invite", "Béla"))
	words := sixWords(said)
	employee.row("Beengedésre vár; a hat szó: " + words + "…")
	asks, err := owner.Notifications().Wait(owner.ctx, func(n desktop.Notification) bool { return strings.Contains(n.Body, "be szeretne lépni") })
	owner.must(err)
	if !strings.Contains(asks.Body, "Béla") || sixWords(asks.Body) != words {
		t.Errorf("the owner is told %q, the employee has the words %q", asks.Body, words)
	}
	const waiting = "1 gép vár beengedésre…"
	owner.look("office-owner", waiting)
	employee.look("office-employee-waits", "Beengedésre vár; a hat szó: "+words+"…")
	owner.opens(waiting)
	if len(inArguments(words)) == 0 { // of zenity; what it shows cannot be read otherwise
		t.Errorf("the dialog does not show the words %q", words)
	}
	owner.picture("office-owner-asked")
	owner.answer(asking, "")
	owner.must(owner.WaitNoWindow(owner.ctx, asking))
	owner.row(waiting)
	owner.opens(waiting)
	owner.must(owner.Key(owner.ctx, "Right", "Return"))
	owner.told("Béla gépe (")
	employee.until("the machine is in the office", func() bool { return !employee.shows("Beengedésre vár") })
	employee.told("Ez a széf belépett ebbe az irodába: Kis Iroda.")
	if got := employee.has(); len(got) != 0 {
		t.Errorf("without a right the employee has %v", got)
	}
	stage("the employee is in")

	// A folder is delegated: its clients come into Béla's menu, and only they.
	folder := clients[0].Folder
	mine := func(c examples.Client) bool { return c.Folder == folder }
	owner.kapu("office", "grant", "Béla", "--folder", folder)
	employee.copies(clients[0])
	employee.look("office-employee", employee.pathOf(employee.icon, clients[0])...)
	for _, c := range clients {
		if employee.shows(c.Name) != mine(c) {
			t.Errorf("%s (%s) is in the employee's menu: %v", c.Name, c.Folder, !mine(c))
		}
	}
	stage("a folder is delegated")

	// Anna's second machine has everything.
	second := comes(t, &s)
	second.opensTray()
	said = second.joins(&s, owner.kapu("office", "invite", "Anna", "--device"))
	asked := owner.kapu("office", "approve", "--yes")
	if words := sixWords(said); !strings.Contains(asked, words) {
		t.Errorf("the new machine shows %q, and the owner sees %q", words, asked)
	}
	for _, c := range clients {
		second.pathOf(second.icon, c)
	}
	second.copies(clients[1])
	stage("the second machine is in")
	s.accident()

	// The store is out of reach. Both machines of Anna's change things, and Béla goes on working; then nothing is lost.
	s.away()
	c := func(i int) string { return clients[i].Name }
	owner.kapu("edit", c(0), "--tax-number", "11111111-1-11")
	owner.kapu("edit", c(2), "--tax-number", "22222222-2-22")
	second.kapu("edit", c(2), "--folder", "Áthelyezve")
	second.kapu("edit", c(3), "--tax-number", "33333333-3-33")
	second.says(clients[5].Key, "add", "Új Ügyfél Kft.")
	employee.copies(clients[4])
	s.back()
	want := map[string]string{
		c(0): folder + " 11111111-1-11", c(1): clients[1].Folder, c(2): "Áthelyezve 22222222-2-22",
		c(3): clients[3].Folder + " 33333333-3-33", c(4): folder, c(5): clients[5].Folder, "Új Ügyfél Kft.": "",
	}
	for _, m := range []*member{owner, second} {
		m.until("both machines know of all changes", func() bool { return maps.Equal(m.has(), want) })
	}
	employee.until("a client has left the delegated folder", func() bool { return !employee.shows(c(2)) })
	stage("nothing is lost")

	substitute(t, owner, employee, clients)
	stage("the substitute had codes and no key")

	// The folder is taken back. It leaves the menu; what the employee knew stays on the work list.
	owner.kapu("office", "revoke", "Béla", "--folder", folder)
	employee.until("the folder is gone", func() bool { return !employee.shows(c(0)) && !employee.shows(c(4)) })
	todo := owner.kapu("office", "worklist")
	for i, c := range clients {
		if known := strings.Contains(todo, c.Name); known != mine(c) {
			t.Errorf("client %d, %s: on the work list %v, want %v:\n%s", i, c.Name, known, mine(c), todo)
		}
	}
	stage("the folder is taken back")

	// Béla leaves the office. His machine says so in one sentence, and nothing of the office is left there.
	owner.kapu("office", "remove", "Béla", "--yes")
	employee.told("Ez a gép már nem tagja a „Kis Iroda” irodának; az iroda ügyfelei lekerültek róla.")
	employee.row("Ez a gép már nem tagja az irodának…")
	if got := employee.has(); len(got) != 0 {
		t.Errorf("who has left still has %v", got)
	}
	if books := employee.books(); len(books) != 0 {
		t.Errorf("who has left still has books: %v", books)
	}
	for _, c := range clients {
		if employee.shows(c.Name) {
			t.Errorf("who has left sees %s", c.Name)
		}
	}
	employee.look("office-employee-left", "Ez a gép már nem tagja az irodának…")
	stage("the employee is out")
	if s.keys != "" {
		owner.kapu("lock")
		owner.kapu("unlock")
		owner.kapu("office", "sync") // nobody is asked again
		owner.changesStoreKeys(s)
		for _, m := range []*member{owner, employee, second} {
			m.keptStoreKeys(s.keys)
		}
	}
}

// substitute gives Béla the codes of one client, without its key.
func substitute(t *testing.T, owner, employee *member, clients []examples.Client) {
	t.Helper()
	client := clients[1]
	tomorrow := office.DayOf(time.Now().AddDate(0, 0, 1))
	owner.kapu("office", "settings", "--hours", "0-24", "--days", "2")
	owner.kapu("office", "grant", "Béla", "--client", client.Name, "--right", "codes", "--until", tomorrow)
	employee.copies(client)
	if len(employee.books()) == 0 {
		t.Error("the codes are not from a book")
	}
	employee.look("office-substitute", employee.pathOf(employee.icon, client)...)

	if os.Geteuid() == 0 { // else TestNoSecretOutsideTheAgent says what is not tried
		raw, err := base32.StdEncoding.DecodeString(client.Key)
		owner.must(err)
		never := map[string][]byte{"the key": raw, "the key's text": []byte(client.Key)}
		if found := search(t, owner.agentPID(), never); len(found) == 0 {
			t.Error("the owner's agent does not hold the key: the search cannot be right")
		}
		lent, err := base32.StdEncoding.DecodeString(clients[0].Key)
		owner.must(err)
		if found := search(t, employee.agentPID(), map[string][]byte{"raw": lent, "text": []byte(clients[0].Key)}); len(found) == 0 {
			t.Error("the employee's agent does not hold a key that it may use: the search cannot be right")
		}
		for _, pid := range kapuProcesses(employee.home()) {
			if found := search(t, pid, never); len(found) > 0 {
				t.Errorf("process %d of the substitute holds %v", pid, found)
			}
		}
	}

	// Outside its hours there is no code, and a click says why.
	hours := "0-1"
	if office.TimeOf(time.Now())[len("2026-12-31 "):] < "12" {
		hours = "13-14"
	}
	owner.kapu("office", "settings", "--hours", hours)
	from, until, _ := strings.Cut(hours, "-")
	sentence := fmt.Sprintf("erre az időpontra nincs kód: a kódkönyv %s és %s óra között érvényes", from, until)
	employee.until("a click says that there is no code now", func() bool {
		employee.must(employee.icon.ClickPath(employee.ctx, employee.pathOf(employee.icon, client)...))
		moment, cancel := context.WithTimeout(employee.ctx, time.Second)
		defer cancel()
		_, err := employee.Notifications().Wait(moment, func(n desktop.Notification) bool { return strings.Contains(n.Body, sentence) })
		return err == nil
	})
}
