//go:build linux

package desktop

import (
	"context"
	"strconv"
	"strings"
)

const (
	screenWidth  = 1280
	screenHeight = 800
)

func (d *Desktop) xdotool(ctx context.Context, args ...string) error {
	_, err := d.run(ctx, "xdotool", args...)
	return err
}

func (d *Desktop) moveTo(ctx context.Context, x, y int) error {
	return d.xdotool(ctx, "mousemove", strconv.Itoa(x), strconv.Itoa(y))
}

// Key presses keys, one after the other, named as xdotool does: "ctrl+v", "Return".
func (d *Desktop) Key(ctx context.Context, keys ...string) error {
	return d.xdotool(ctx, append([]string{"key", "--clearmodifiers"}, keys...)...)
}

// Type types a text into whatever has the keyboard. The text is seen in the list of processes:
// it must be no real secret.
func (d *Desktop) Type(ctx context.Context, text string) error {
	return d.xdotool(ctx, "type", "--clearmodifiers", "--", text)
}

// FocusWindow waits for a visible window whose title matches the pattern and gives it the keyboard.
func (d *Desktop) FocusWindow(ctx context.Context, title string) error {
	_, err := d.focusWindow(ctx, title)
	return err
}

func (d *Desktop) focusWindow(ctx context.Context, title string) (id string, err error) {
	err = poll(ctx, "the window "+strconv.Quote(title), func() (bool, error) {
		text, err := d.run(ctx, "xdotool", "search", "--onlyvisible", "--name", title)
		if strings.TrimSpace(text) == "" {
			return false, err
		}
		id, _, _ = strings.Cut(strings.TrimSpace(text), "\n")
		if err := d.xdotool(ctx, "windowactivate", id); err != nil {
			return false, err
		}
		active, err := d.run(ctx, "xdotool", "getactivewindow")
		return strings.TrimSpace(active) == id, err
	})
	return id, err
}

// Answer types a text into the dialog with this title, presses Return, and waits until that dialog has gone: the next
// one may have the same title. One that shows again by then is of another process.
func (d *Desktop) Answer(ctx context.Context, title, text string) error {
	id, err := d.focusWindow(ctx, title)
	if err != nil {
		return err
	}
	pid, err := d.run(ctx, "xdotool", "getwindowpid", id)
	if err != nil {
		return err
	}
	if text != "" {
		if err := d.Type(ctx, text); err != nil {
			return err
		}
	}
	if err := d.Key(ctx, "Return"); err != nil {
		return err
	}
	return poll(ctx, "the answered dialog to close", func() (bool, error) {
		now, err := d.run(ctx, "xdotool", "getwindowpid", id) // a server gives the id of a gone window to another one
		return err != nil || now != pid, nil
	})
}

// WaitNoWindow waits until no visible window's title matches the pattern.
func (d *Desktop) WaitNoWindow(ctx context.Context, title string) error {
	return poll(ctx, "the window "+strconv.Quote(title)+" to close", func() (bool, error) {
		text, _ := d.run(ctx, "xdotool", "search", "--onlyvisible", "--name", title) // fails where it finds nothing
		return strings.TrimSpace(text) == "", nil
	})
}
