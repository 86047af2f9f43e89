//go:build linux

package desks

import (
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"kapu/internal/desktop"
	"kapu/internal/desktop/desktoptest"
	"kapu/internal/examples"
	"kapu/internal/wait"
)

// try is what a bookkeeper with three hundred clients does.
func (d desk) try(t *testing.T) {
	p := d.begin(t)
	clients := examples.Clients(299, 12)
	// The first of its folder, which is in the menu itself, and a name that some panels have shown without its lines.
	client := examples.Client{Name: "A_és_B_Kft.", Folder: clients[11].Folder, Key: "JBSWY3DPEHPK3PXP"}
	clients = append(clients, client)
	list := filepath.Join(t.TempDir(), "export.txt")
	p.must(os.WriteFile(list, examples.Export(clients), 0o600))
	p.kapu("import", list)
	p.kapu("lock")
	tray := p.tray()
	p.picture("locked")
	p.copiesElsewhere()
	p.icon()

	if p.ownsLeft {
		p.leftSearches()
		p.icon() // notices may show an icon, too
	}
	p.choosesFirst(tray, client.Folder)
	p.hasCode(client.Name)

	p.copiesElsewhere()
	p.follow()
	p.must(p.move(p.at.X, p.at.Y))
	p.must(p.click(middle))
	p.hasCode(client.Name)

	p.lockAndSee(p.follow())

	if p.panel != nil {
		p.restartPanel()
		p.shows(tray)
		p.copiesElsewhere()
		p.icon()
		p.choosesFirst(tray, client.Folder)
		p.hasCode(client.Name)
	}
}

// icon finds the panel's icon, which is what changes with the lock, and leaves Kapu unlocked. The pointer is elsewhere
// meanwhile: a tip below it would change, too.
func (p *person) icon() {
	p.t.Helper()
	p.must(p.move(width/2, height/2))
	p.until("a place on the screen that says whether Kapu is locked", func() bool {
		p.kapu("unlock")
		open := p.still()
		p.kapu("lock")
		locked := p.still()
		p.kapu("unlock")
		p.unlocked = p.still()
		p.was = turned(open, locked, p.unlocked)
		return !p.was.Empty()
	})
	p.at = middleOf(p.was)
}

// follow finds the unlocked icon again: others come and go beside it, as a clipboard manager's with what is copied.
func (p *person) follow() (icon image.Rectangle) {
	p.t.Helper()
	p.must(p.move(width/2, height/2))
	p.until("the icon, which was there before", func() bool {
		icon = find(p.unlocked, p.was, p.still())
		return !icon.Empty()
	})
	p.at = middleOf(icon)
	return icon
}

// restartPanel ends the panel, as a crash does, and begins it again.
func (p *person) restartPanel() {
	p.t.Helper()
	before := p.processes(p.panel[0])
	if len(before) == 0 {
		p.t.Fatalf("there is no %s", p.panel[0])
	}
	for _, pid := range before {
		p.must(syscall.Kill(pid, syscall.SIGKILL))
	}
	p.until("the panel's end", func() bool {
		return !slices.ContainsFunc(p.processes(p.panel[0]), func(pid int) bool { return slices.Contains(before, pid) })
	})
	p.launch(p.panel[0], p.panel[1:]...)
}

// processes are those of this person with a program's name, or with any.
func (p *person) processes(name string) (pids []int) {
	if p.Desktop == nil {
		return nil
	}
	found, _ := filepath.Glob("/proc/[0-9]*/comm")
	for _, path := range found {
		comm, _ := os.ReadFile(path)
		environ, _ := os.ReadFile(filepath.Join(filepath.Dir(path), "environ"))
		if (name == "" || strings.TrimSpace(string(comm)) == name) && strings.Contains(string(environ), "HOME="+p.Home()+"\x00") {
			pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(path)))
			pids = append(pids, pid)
		}
	}
	return pids
}

// tray starts the tray and waits until the panel hosts its icon.
func (p *person) tray() *desktop.Tray {
	p.t.Helper()
	process := p.launch(program)
	tray, err := p.WaitTray(desktoptest.Context(p.t), process.Pid())
	p.must(err)
	p.shows(tray)
	return tray
}

// shows waits until the panel hosts the icon.
func (p *person) shows(tray *desktop.Tray) {
	p.t.Helper()
	p.until("the panel to show the icon", func() bool {
		shown, err := tray.Shown()
		return shown && err == nil
	})
}

func (p *person) kapu(args ...string) string {
	p.t.Helper()
	out, err := p.run(program, args...)
	p.must(err)
	return string(out)
}

// until waits for one step; a picture shows what there was instead.
func (p *person) until(what string, holds func() bool) {
	p.t.Helper()
	if wait.Poll(holds) {
		return
	}
	if p.seat != nil {
		p.picture("failed")
	}
	p.t.Fatalf("waited for %s in vain", what)
}

func (p *person) see() *image.RGBA {
	p.t.Helper()
	picture, err := p.look(screen)
	p.must(err)
	return picture
}

// still is the screen once nothing on it moves any more.
func (p *person) still() *image.RGBA {
	p.t.Helper()
	const calm = time.Second
	last, since := p.see(), time.Now()
	p.until("the screen to be still", func() bool {
		now := p.see()
		if !changes(last, now, screen).Empty() {
			last, since = now, time.Now()
		}
		return time.Since(since) > calm
	})
	return last
}

// picture leaves a picture of the screen behind.
func (p *person) picture(name string) {
	p.t.Helper()
	file, err := os.Create(filepath.Join(os.Getenv(pictures), fmt.Sprintf("%s %s.png", filepath.Base(p.t.Name()), name)))
	p.must(err)
	defer file.Close()
	p.must(png.Encode(file, p.see()))
}

func middleOf(r image.Rectangle) image.Point { return r.Min.Add(r.Max).Div(2) }

// openMenu opens the icon's menu by the mouse and returns where it is.
func (p *person) openMenu() image.Rectangle {
	p.t.Helper()
	b := left
	if p.ownsLeft {
		b = right
	}
	p.must(p.move(p.at.X, p.at.Y))
	before := p.still()
	limit := time.Second
	p.until("a menu after a click on the icon", func() bool {
		// A panel that has just begun may not hear the first click, and then a person clicks again.
		limit *= 2
		p.must(p.click(b))
		for clicked := time.Now(); time.Since(clicked) < limit; time.Sleep(50 * time.Millisecond) {
			if isMenu(appeared(before, p.see(), screen)) {
				return true
			}
		}
		return false
	})
	return p.appears(before, screen, "the menu")
}

// appears waits for something as large as a menu in an area, and until it is still.
func (p *person) appears(before *image.RGBA, area image.Rectangle, what string) image.Rectangle {
	p.t.Helper()
	p.until(what, func() bool { return isMenu(appeared(before, p.see(), area)) })
	return appeared(before, p.still(), area)
}

// isMenu says whether something on the screen is large enough for a menu.
func isMenu(r image.Rectangle) bool { return r.Dx() > leastMenu && r.Dy() > leastMenu }

// leastRow is less than the distance between two rows, and more than half of one.
const leastRow = 20

// leastMenu is less than a menu's width and height, in pixels, and more than of a tip.
const leastMenu = 80

// choosesFirst opens the menu, puts the mouse on the folder and clicks its first client.
func (p *person) choosesFirst(tray *desktop.Tray, folder string) {
	p.t.Helper()
	items, err := tray.Menu()
	p.must(err)
	items = choices(items)
	at := slices.IndexFunc(items, func(i desktop.Item) bool { return i.Label == folder })
	if at < 0 {
		p.t.Fatalf("the menu has no folder %q", folder)
	}
	menu := p.openMenu()
	p.picture("menu")
	plain := p.see()
	row := p.rows(plain, menu, len(items))[at]
	if p.inline {
		p.hover(row)
		p.must(p.click(left))
		p.still()
		p.picture("submenu")
		menu.Min.Y, menu.Max.Y = row.Y+leastRow, height
		p.hover(p.rows(p.see(), menu, 1)[0])
	} else {
		submenu := p.beside(plain, menu, row)
		p.picture("submenu")
		plain = p.see()
		p.hover(image.Pt(middleOf(submenu).X, row.Y)) // sideways into it, or it closes
		p.hover(p.rows(plain, submenu, len(choices(items[at].Children)))[0])
	}
	p.must(p.click(left))
}

// hover puts the mouse on a row as a hand does, in several motions: Qt takes no notice of a single one.
func (p *person) hover(row image.Point) {
	p.t.Helper()
	for i := range 4 {
		p.must(p.move(row.X+i%2, row.Y))
		time.Sleep(50 * time.Millisecond)
	}
}

// beside waits for the submenu of a menu's row, which opens where it has the room, and says where that is.
func (p *person) beside(plain *image.RGBA, menu image.Rectangle, row image.Point) image.Rectangle {
	p.t.Helper()
	toTheLeft, toTheRight := screen, screen
	toTheLeft.Max.X, toTheRight.Min.X = menu.Min.X, menu.Max.X
	var where image.Rectangle
	p.until("the submenu", func() bool {
		p.hover(row)
		now := p.see()
		where = largest([]image.Rectangle{appeared(plain, now, toTheLeft), appeared(plain, now, toTheRight)}, width)
		return isMenu(where)
	})
	if where.Min.X < menu.Min.X {
		return p.appears(plain, toTheLeft, "the submenu")
	}
	return p.appears(plain, toTheRight, "the submenu")
}

// choices are the rows that can be chosen.
func choices(items []desktop.Item) []desktop.Item {
	return slices.DeleteFunc(desktop.Visible(items), func(i desktop.Item) bool { return !i.Enabled || i.Separator() })
}

// rows finds so many rows of a menu, which light up under the mouse: the middle of each.
func (p *person) rows(plain *image.RGBA, menu image.Rectangle, n int) (middles []image.Point) {
	p.t.Helper()
	x := middleOf(menu).X
	// Beside the pointer, which stands on some pictures.
	near := image.Rect(x-32, menu.Min.Y, x-16, menu.Max.Y)
	for y := menu.Min.Y + 2; y < menu.Max.Y && len(middles) < n; {
		p.must(p.move(x, y))
		time.Sleep(120 * time.Millisecond)
		lit := changes(plain, p.see(), near)
		if lit.Empty() || y < lit.Min.Y || y >= lit.Max.Y || lit.Dy() > 60 {
			y += 5
			continue
		}
		middles = append(middles, middleOf(image.Rect(x, lit.Min.Y, x, lit.Max.Y)))
		y = lit.Max.Y + 2
	}
	if len(middles) < n {
		p.picture("rows")
		p.t.Fatalf("%d rows light up, of %d", len(middles), n)
	}
	return middles
}

var sixDigits = regexp.MustCompile(`^[0-9]{6}$`)

// hasCode waits for the client's code on the clipboard.
func (p *person) hasCode(client string) {
	p.t.Helper()
	p.until("the code on the clipboard", func() bool {
		got := p.clipboard()
		return sixDigits.MatchString(got) && strings.Contains(p.kapu("code", client), got)
	})
}

// leftSearches clicks the icon and closes the search that opens.
func (p *person) leftSearches() {
	p.t.Helper()
	before := p.still()
	p.must(p.move(p.at.X, p.at.Y))
	p.must(p.click(left))
	p.appears(before, screen, "the search")
	p.picture("left click")
	searching := p.see()
	p.until("the search to close", func() bool { // a window may be there before it has the keyboard
		p.must(p.key("Escape"))
		return isMenu(appeared(searching, p.see(), screen))
	})
}

// copiesElsewhere copies a text in another program.
func (p *person) copiesElsewhere() {
	p.t.Helper()
	const text = "something else"
	p.must(p.put(text))
	p.until("the other text on the clipboard", func() bool { return p.clipboard() == text })
}

// lockAndSee locks, and reports how long after the agent's end the icon showed it. Between the two times that it says,
// the first picture that shows it was taken.
func (p *person) lockAndSee(icon image.Rectangle) {
	p.t.Helper()
	open := p.still()
	p.kapu("lock")
	began := time.Now()
	var asked time.Duration
	p.until("the icon to show the lock", func() bool {
		asked = time.Since(began)
		now, err := p.look(icon)
		p.must(err)
		return !changes(open, now, icon).Empty()
	})
	p.t.Logf("from the agent's end to the icon: %v to %v", asked.Round(time.Millisecond), time.Since(began).Round(time.Millisecond))
}
