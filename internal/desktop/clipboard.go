//go:build linux

package desktop

import (
	"context"
	"fmt"
	"strings"
	"time"
)

// clipboardLimit bounds one question to a selection's owner, which may be frozen, or end in that moment: then no answer
// ever comes.
const clipboardLimit = 10 * time.Second

// Clipboard is the text in the clipboard, "" when there is none. A clipboard whose owner does not
// answer is an error.
func (d *Desktop) Clipboard(ctx context.Context) (string, error) {
	data, err := d.ClipboardAs(ctx, "UTF8_STRING")
	return string(data), err
}

// ClipboardAs is SelectionAs of the clipboard.
func (d *Desktop) ClipboardAs(ctx context.Context, target string) ([]byte, error) {
	return d.SelectionAs(ctx, "clipboard", target)
}

// SelectionAs is what a selection's owner gives for a target, such as "x-kde-passwordManagerHint"; nil when
// nobody owns it or the owner refuses the target. Some owners, xclip among them, give their text for any
// target: Targets tells what is really offered. An owner that does not answer is an error.
func (d *Desktop) SelectionAs(ctx context.Context, selection, target string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, clipboardLimit)
	defer cancel()
	data, err := d.runBytes(ctx, "xclip", "-o", "-selection", selection, "-t", target)
	if err != nil && strings.Contains(err.Error(), "not available") {
		return nil, nil
	}
	return data, err
}

// Targets lists what the clipboard's owner offers; nothing when nobody owns it.
func (d *Desktop) Targets(ctx context.Context) ([]string, error) {
	data, err := d.ClipboardAs(ctx, "TARGETS")
	return strings.Fields(string(data)), err
}

// SetClipboard puts a text into the clipboard in the name of a program of its own, which stays until
// another takes the clipboard over.
func (d *Desktop) SetClipboard(ctx context.Context, text string) error {
	cmd := d.Command(context.Background(), "xclip", "-i", "-selection", "clipboard", "-quiet")
	cmd.Stdin = strings.NewReader(text)
	p, err := d.Launch(cmd)
	if err != nil {
		return err
	}
	return await(ctx, p, "the clipboard to be set", func() (bool, error) {
		now, err := d.Clipboard(ctx)
		return now == text, err
	})
}

// WaitClipboard waits until the clipboard holds the text; "" waits until it is empty.
func (d *Desktop) WaitClipboard(ctx context.Context, text string) error {
	return poll(ctx, "the clipboard", func() (bool, error) {
		now, err := d.Clipboard(ctx)
		if err == nil && now != text {
			// The text itself may be a secret: it has no place in an error.
			err = fmt.Errorf("it holds %d other bytes", len(now))
		}
		return now == text, err
	})
}
