//go:build linux

package desktop

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// menuLimit is the first of the time limits of one step through a menu. A menu that does not show within it is asked
// for again, since a panel that has just been told of an icon may be a moment behind. Each try has twice the time of
// the one before, up to longestLimit (exponential backoff): a busy machine needs more tries, and no other number.
const (
	menuLimit    = time.Second
	longestLimit = 16 * time.Second
)

// leastRow is less than the height of any row, and more than an empty menu's.
const leastRow = 12

// lostFor is the try from which a menu that lacks rows is taken for one that never gets them: a slow panel has had some
// seconds by then.
const lostFor = 2

// mouseTries is how often a walk through the menu is begun. A panel closes its menu, rightly, when the program changes
// it just then; and where the panel does not get its turn, errBlank comes in half of its starts.
const mouseTries = 10

// window is a window on the screen.
type window struct {
	id         string
	x, y, w, h int
	menu       bool
}

func (w window) holds(y int) bool { return y >= w.y && y < w.y+w.h }

// LeftClick clicks the icon in the panel and nothing else. The icon must be the only one there.
func (t *Tray) LeftClick(ctx context.Context) error { return t.pressIcon(ctx, "1") }

// MiddleClick is LeftClick with the middle button.
func (t *Tray) MiddleClick(ctx context.Context) error { return t.pressIcon(ctx, "2") }

// MousePath opens the menu of the icon in the panel with the mouse and clicks the row that these labels
// lead to. The icon must be the only one there.
func (t *Tray) MousePath(ctx context.Context, path ...string) error {
	if err := t.HoverPath(ctx, path...); err != nil {
		return err
	}
	if err := t.d.xdotool(ctx, "click", "1"); err != nil {
		return err
	}
	return poll(ctx, "the menu to close after the click", func() (bool, error) {
		menus, err := t.d.menus(ctx)
		return len(menus) == 0, err
	})
}

// HoverPath is MousePath without the click: the mouse rests on the row and the menu stays open, with the
// row's submenu if it has one. CloseMenus closes it.
func (t *Tray) HoverPath(ctx context.Context, path ...string) error {
	var errs error
	for try := range mouseTries {
		err := t.hover(ctx, min(menuLimit<<try, longestLimit), path)
		if err == nil {
			return nil
		}
		errs = errors.Join(errs, err)
		if ctx.Err() != nil {
			break
		}
		if errors.Is(err, errBlank) || try >= lostFor && errors.Is(err, errShort) {
			t.d.repaired(err.Error())
			if err := t.d.RestartPanel(ctx); err != nil {
				return errors.Join(errs, err)
			}
		}
	}
	// The caller's context may be over, but an open menu holds the whole mouse.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), toolLimit)
	defer cancel()
	_ = t.d.CloseMenus(ctx)
	return errs
}

// errBlank is a fault of the panel's: libdbusmenu-gtk3 loses, in a few of a hundred starts of the panel,
// the rows of a submenu, and nothing that a program does brings them back, only a new panel.
var errBlank = errors.New("the panel shows a submenu without its rows")

// errShort is the same fault with fewer rows: one of them is missing.
var errShort = errors.New("the panel shows a menu that lacks rows")

func (t *Tray) hover(ctx context.Context, limit time.Duration, path []string) error {
	item, err := t.WaitItem(ctx, path...)
	if err != nil {
		return err
	}
	w, err := t.openMenu(ctx, limit)
	if err != nil {
		return err
	}
	known := []window{w}
	m, err := t.settle(ctx, limit, w, nil)
	if err != nil {
		return err
	}
	for i, label := range path {
		y, err := t.hoverRow(ctx, limit, m, label)
		if err != nil {
			return err
		}
		if i == len(path)-1 && !item.Submenu {
			return nil
		}
		if w, err = t.d.waitMenu(ctx, 3*limit, known); err != nil {
			return fmt.Errorf("%w: the submenu of %q", err, label)
		}
		known = append(known, w)
		if m, err = t.settle(ctx, limit, w, path[:i+1]); err != nil {
			return err
		}
		// Sideways first: on its way down inside the parent, the mouse would open other submenus.
		if i < len(path)-1 && m.holds(y) {
			if err := t.d.moveTo(ctx, m.x+m.w/2, y); err != nil {
				return err
			}
		}
	}
	return nil
}

// openMenu is a menu on the screen whose rows are all there.
type openMenu struct {
	window
	metrics
	rows  []Item
	plain []pixel // its left edge while no row is highlighted
}

// settle waits until a menu that has just opened shows the rows that the program has below parents:
// a panel may learn of them only when it opens the menu.
func (t *Tray) settle(ctx context.Context, limit time.Duration, w window, parents []string) (m openMenu, err error) {
	ctx, cancel := context.WithTimeout(ctx, 2*limit)
	defer cancel()
	err = poll(ctx, "the menu in the panel to be the program's", func() (bool, error) {
		items, err := t.Menu()
		if err != nil {
			return false, err
		}
		if len(parents) > 0 {
			parent, ok := Find(items, parents...)
			if !ok {
				return false, fmt.Errorf("%q is gone", parents)
			}
			items = parent.Children
		}
		m.rows = Visible(items)
		if m.window, err = t.d.refresh(ctx, w); err != nil {
			return false, err
		}
		if m.h < leastRow && len(m.rows) > 0 {
			return false, errBlank
		}
		if len(m.plain) != m.h {
			if m.plain, err = t.d.column(ctx, m.window); err != nil {
				return false, err
			}
		}
		if m.metrics, err = t.d.measure(ctx, m.window, m.plain, m.rows); err != nil {
			return false, err
		}
		if want := m.height(m.rows); want != m.h {
			return false, fmt.Errorf("%w: it is %d pixels high, its %d rows need %d", errShort, m.h, len(m.rows), want)
		}
		return true, nil
	})
	return m, err
}

// hoverRow puts the mouse on the row with this label, waits until the panel highlights it, and returns
// where on the screen that is.
func (t *Tray) hoverRow(ctx context.Context, limit time.Duration, m openMenu, label string) (y int, err error) {
	ctx, cancel := context.WithTimeout(ctx, 3*limit)
	defer cancel()
	i := slices.IndexFunc(m.rows, func(item Item) bool { return item.Label == label && !item.Separator() })
	if i < 0 {
		return 0, fmt.Errorf("desktop: the row %q is gone", label)
	}
	row := m.span(m.rows, i)
	y = m.y + row.middle()
	if y >= screenHeight {
		return 0, fmt.Errorf("desktop: the row %q is below the screen's edge", label)
	}
	step, elsewhere := 0, false
	err = poll(ctx, fmt.Sprintf("the panel to highlight the row %q", label), func() (bool, error) {
		// Qt takes no notice of the first motions in a menu, of which a hand makes many.
		if err := t.d.moveTo(ctx, m.x+m.w/2+step%2, y); err != nil {
			return false, err
		}
		step++
		now, err := t.d.column(ctx, m.window)
		if err != nil {
			return false, err
		}
		lit, ok := highlight(m.plain, now)
		elsewhere = ok && lit != row
		if !ok || elsewhere {
			return false, fmt.Errorf("pixels %v are lit, not %v", lit, row)
		}
		return true, nil
	})
	if elsewhere { // the rows are not where they were measured, while the machine was busy: the next try measures anew
		t.d.forgetMetrics()
	}
	return y, err
}

// openMenu opens the icon's menu with the mouse.
func (t *Tray) openMenu(ctx context.Context, limit time.Duration) (window, error) {
	button := t.d.opts.Panel.menu
	// A program that wants left clicks for itself has its menu under the right button.
	if isMenu, err := t.Property("ItemIsMenu"); err == nil && isMenu == false {
		button = "3"
	}
	if err := t.WaitShown(ctx); err != nil {
		return window{}, err
	}
	if err := t.waitQuiet(ctx, limit); err != nil {
		return window{}, err
	}
	var last error
	for ; ctx.Err() == nil; limit = min(2*limit, longestLimit) {
		if err := t.d.CloseMenus(ctx); err != nil {
			return window{}, err
		}
		if err := t.pressIcon(ctx, button); err != nil {
			return window{}, err
		}
		menu, err := t.d.waitMenu(ctx, limit, nil)
		if err == nil {
			return menu, nil
		}
		last = err
	}
	return window{}, fmt.Errorf("%w: the tray menu", last)
}

// waitQuiet waits, once for each panel, until the program has said nothing of its menu for a moment, a third of the
// limit: systray and the panel exchange it in several steps, and a menu opened among them may lose rows.
func (t *Tray) waitQuiet(ctx context.Context, limit time.Duration) error {
	moment := limit / 3
	t.d.mu.Lock()
	panel := t.d.panel
	t.d.mu.Unlock()
	if panel == nil || t.quietWith == panel {
		return nil
	}
	counter, err := t.CountSignals()
	if err != nil {
		return err
	}
	defer counter.Stop()
	ctx, cancel := context.WithTimeout(ctx, 3*limit)
	defer cancel()
	before, since := -1, time.Now()
	// A program that is never quiet gets its menu opened all the same.
	for ctx.Err() == nil && time.Since(since) < moment {
		now, err := counter.Total()
		if err != nil {
			return err
		}
		if now != before {
			before, since = now, time.Now()
		}
		time.Sleep(pollFirst)
	}
	t.quietWith = panel
	return nil
}

func (t *Tray) pressIcon(ctx context.Context, button string) error {
	var x, y int
	err := poll(ctx, "the icon in the panel", func() (bool, error) {
		items, err := t.d.registered()
		if err != nil {
			return false, err
		}
		if len(items) != 1 {
			return false, fmt.Errorf("there are %d icons; the mouse finds only one that is alone", len(items))
		}
		windows, err := t.d.panelWindows(ctx)
		for _, w := range windows {
			if !w.menu && w.w >= panelSize/2 {
				x, y = w.x+panelSize/2, w.y+w.h/2
				return true, nil
			}
		}
		return false, err
	})
	if err != nil {
		return err
	}
	if err := t.d.moveTo(ctx, x, y); err != nil {
		return err
	}
	return t.d.xdotool(ctx, "click", button)
}

// CloseMenus closes the panel's menus and takes the mouse away from them.
func (d *Desktop) CloseMenus(ctx context.Context) error {
	if err := d.moveTo(ctx, screenWidth-2, screenHeight-2); err != nil {
		return err
	}
	return poll(ctx, "the menus to close", func() (bool, error) {
		menus, err := d.menus(ctx)
		if err != nil || len(menus) == 0 {
			return err == nil, err
		}
		return false, d.xdotool(ctx, "key", "Escape")
	})
}

// waitMenu waits for a menu that is not among those known.
func (d *Desktop) waitMenu(ctx context.Context, limit time.Duration, known []window) (found window, err error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	err = poll(ctx, "a menu to open", func() (bool, error) {
		menus, err := d.menus(ctx)
		if err != nil {
			return false, err
		}
		for _, menu := range menus {
			if !slices.ContainsFunc(known, func(k window) bool { return k.id == menu.id }) {
				found = menu
				return true, nil
			}
		}
		return false, nil
	})
	return found, err
}

// refresh reads again where a menu is: it grows while the panel learns of its rows.
func (d *Desktop) refresh(ctx context.Context, menu window) (window, error) {
	menus, err := d.menus(ctx)
	for _, m := range menus {
		if m.id == menu.id {
			return m, nil
		}
	}
	return menu, errors.Join(errors.New("the menu has closed"), err)
}

func (d *Desktop) menus(ctx context.Context) ([]window, error) {
	windows, err := d.panelWindows(ctx)
	var menus []window
	for _, w := range windows {
		if w.menu {
			menus = append(menus, w)
		}
	}
	return menus, err
}

// panelWindows lists the visible windows of the panel's tray: the strip with the icons, and menus.
func (d *Desktop) panelWindows(ctx context.Context) ([]window, error) {
	if d.opts.Panel == nil {
		return nil, nil
	}
	text, err := d.run(ctx, "xdotool", "search", "--onlyvisible", "--class", d.opts.Panel.class, "getwindowgeometry", "--shell", "%@")
	if err != nil && text == "" {
		return nil, nil //nolint:nilerr // xdotool fails where it finds nothing
	}
	var windows []window
	for line := range strings.Lines(text) {
		key, value, _ := strings.Cut(strings.TrimSpace(line), "=")
		if key == "WINDOW" {
			windows = append(windows, window{id: value})
			continue
		}
		n, err := strconv.Atoi(value)
		if err != nil || len(windows) == 0 {
			continue
		}
		w := &windows[len(windows)-1]
		switch key {
		case "X":
			w.x = n
		case "Y":
			w.y = n
		case "WIDTH":
			w.w = n
		case "HEIGHT":
			w.h = n
		}
	}
	for i := range windows {
		// A window can vanish between the two questions: then it is no menu.
		kind, _ := d.run(ctx, "xprop", "-id", windows[i].id, "_NET_WM_WINDOW_TYPE")
		windows[i].menu = strings.Contains(kind, "_MENU")
	}
	return windows, nil
}
