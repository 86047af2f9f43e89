//go:build linux

package desktop

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/godbus/dbus/v5"
)

const menuInterface = "com.canonical.dbusmenu"

// Item is one row of a tray menu.
type Item struct {
	ID       int32
	Label    string // as a panel shows it
	Enabled  bool
	Visible  bool
	Type     string // "standard" or "separator"
	Toggle   string // "", "checkmark" or "radio"
	Checked  bool
	Submenu  bool // it opens a submenu, even an empty one
	Children []Item
}

// Separator tells whether the row is a line.
func (i Item) Separator() bool { return i.Type == "separator" }

// Menu reads the whole menu, hidden rows included.
func (t *Tray) Menu() ([]Item, error) {
	items, err := t.layout()
	if err == nil && cut(items) {
		items, err = t.layout()
	}
	return items, err
}

// cut tells whether submenus came without their rows: systray answers the first question after its
// start with the top level only.
func cut(items []Item) bool {
	for _, item := range items {
		if item.Submenu && len(item.Children) == 0 {
			return true
		}
	}
	return false
}

func (t *Tray) layout() ([]Item, error) {
	var (
		revision uint32
		root     struct {
			ID       int32
			Props    map[string]dbus.Variant
			Children []dbus.Variant
		}
	)
	ctx, cancel := context.WithTimeout(context.Background(), toolLimit)
	defer cancel()
	err := t.menu.CallWithContext(ctx, menuInterface+".GetLayout", 0, int32(0), int32(-1), []string{}).Store(&revision, &root)
	if err != nil {
		return nil, fmt.Errorf("desktop: reading the tray menu: %w", err)
	}
	return parseItems(root.Children)
}

func parseItems(variants []dbus.Variant) ([]Item, error) {
	var items []Item
	for _, v := range variants {
		var (
			item     = Item{Enabled: true, Visible: true, Type: "standard"} // the defaults that are never sent
			props    map[string]dbus.Variant
			children []dbus.Variant
		)
		fields, ok := v.Value().([]any)
		if !ok {
			return nil, fmt.Errorf("desktop: reading the tray menu: a row is %s", v.Signature())
		}
		if err := dbus.Store(fields, &item.ID, &props, &children); err != nil {
			return nil, fmt.Errorf("desktop: reading the tray menu: %w", err)
		}
		for key, prop := range props {
			switch value := prop.Value().(type) {
			case string:
				switch key {
				case "label":
					item.Label = shown(value)
				case "type":
					item.Type = value
				case "toggle-type":
					item.Toggle = value
				case "children-display":
					item.Submenu = value == "submenu"
				}
			case bool:
				switch key {
				case "enabled":
					item.Enabled = value
				case "visible":
					item.Visible = value
				}
			case int32:
				if key == "toggle-state" {
					item.Checked = value == 1
				}
			}
		}
		var err error
		if item.Children, err = parseItems(children); err != nil {
			return nil, err
		}
		items = append(items, item)
	}
	return items, nil
}

// shown is a label as a panel shows it: a single underscore marks the next letter as a shortcut
// and is itself not shown, two stand for one.
func shown(label string) string {
	var b strings.Builder
	for i := 0; i < len(label); i++ {
		if label[i] == '_' {
			if i++; i == len(label) {
				break
			}
		}
		b.WriteByte(label[i])
	}
	return b.String()
}

// Walk calls back with every row that a person can see, and the labels that lead to it, its own the last.
func Walk(items []Item, visit func(path []string, item Item)) { walk(nil, items, visit) }

func walk(above []string, items []Item, visit func([]string, Item)) {
	for _, item := range Visible(items) {
		if item.Separator() {
			continue
		}
		path := append(slices.Clone(above), item.Label)
		visit(path, item)
		walk(path, item.Children, visit)
	}
}

// Find finds a row by the labels that lead to it. Hidden rows are not found, nor what is below them.
func Find(items []Item, path ...string) (Item, bool) {
	if len(path) == 0 {
		return Item{}, false
	}
	for _, item := range items {
		if !item.Visible || item.Separator() || item.Label != path[0] {
			continue
		}
		if len(path) == 1 {
			return item, true
		}
		if found, ok := Find(item.Children, path[1:]...); ok {
			return found, true
		}
	}
	return Item{}, false
}

// Visible is the rows that a panel shows, on every level.
func Visible(items []Item) []Item {
	var seen []Item
	for _, item := range items {
		if item.Visible {
			item.Children = Visible(item.Children)
			seen = append(seen, item)
		}
	}
	return seen
}

// Outline writes the visible rows as text, one a line: submenus are indented, a separator is "---",
// a disabled row is in brackets and a checked one has an asterisk.
func Outline(items []Item) string {
	var b strings.Builder
	outline(&b, Visible(items), "")
	return b.String()
}

func outline(b *strings.Builder, items []Item, indent string) {
	for _, item := range items {
		label := item.Label
		switch {
		case item.Separator():
			label = "---"
		case !item.Enabled:
			label = "[" + label + "]"
		case item.Checked:
			label = "* " + label
		}
		fmt.Fprintf(b, "%s%s\n", indent, label)
		outline(b, item.Children, indent+"  ")
	}
}

// Click clicks the row with this id by a message on the bus, as a panel does.
func (t *Tray) Click(id int32) error {
	err := t.menu.Call(menuInterface+".Event", 0, id, "clicked", dbus.MakeVariant(""), uint32(time.Now().Unix())).Err
	if err != nil {
		return fmt.Errorf("desktop: clicking row %d of the tray menu: %w", id, err)
	}
	return nil
}

// ClickPath waits for the row that these labels lead to, and clicks it by a message on the bus.
func (t *Tray) ClickPath(ctx context.Context, path ...string) error {
	item, err := t.WaitItem(ctx, path...)
	if err != nil {
		return err
	}
	return t.Click(item.ID)
}

// WaitItem waits until the row that these labels lead to is there and enabled.
func (t *Tray) WaitItem(ctx context.Context, path ...string) (Item, error) {
	var found Item
	err := t.WaitMenu(ctx, strings.Join(path, " → "), func(items []Item) bool {
		item, ok := Find(items, path...)
		found = item
		return ok && item.Enabled
	})
	return found, err
}

// WaitMenu waits until the menu is as the caller wants it; what says how, for the error.
func (t *Tray) WaitMenu(ctx context.Context, what string, want func([]Item) bool) error {
	var last []Item
	err := poll(ctx, "the tray menu to have "+what, func() (bool, error) {
		items, err := t.Menu()
		if err != nil {
			return false, err
		}
		last = items
		return want(items), nil
	})
	if err != nil {
		return fmt.Errorf("%w; the menu is\n%s", err, Outline(last))
	}
	return nil
}
