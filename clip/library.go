//go:build !linux

package clip

import (
	"context"
	"os"
	"time"

	"golang.design/x/clipboard"
)

// library is the clipboard as the library writes it. The system keeps what was copied, and there is no other selection.
type library struct{}

// written is what the library was given.
type written struct{}

func (library) copy(secret string) (content, error) {
	if err := write(append(marks(), clipboard.Item{Format: clipboard.FmtText, Bytes: []byte(secret)})); err != nil {
		return nil, err
	}
	return written{}, nil
}

func (written) crosses() bool { return true }

// pasted: neither Windows nor macOS say who reads the clipboard (docs/decisions/user-name-then-code.md).
func (written) pasted() <-chan struct{} { return nil }

func (written) lost() <-chan struct{} { return nil }

// clear leaves it to displace, which looks at what is there.
func (written) clear() bool { return false }

// displace does it beside: the program that offers the text may have to be asked for it, and may not answer.
func (library) displace(ctx context.Context, s selection, doomed func([]byte) bool) (content, error) {
	if s != clipboardSelection {
		return nil, nil
	}
	type result struct {
		was bool
		err error
	}
	done := make(chan result, 1)
	go func() {
		was, err := empty(ctx, doomed)
		done <- result{was, err}
	}()
	timer := time.NewTimer(readTime)
	defer timer.Stop()
	select {
	case r := <-done:
		if r.was {
			return written{}, nil
		}
		return nil, r.err
	case <-timer.C:
		return nil, os.ErrDeadlineExceeded
	}
}

// write hands the items to the desktop with a time limit. A write that ends later than that was reported as
// failed, so it is undone.
func write(items []clipboard.Item) error {
	options := make([]clipboard.Option, len(items))
	for i, it := range items {
		options[i] = it
	}
	ctx := context.Background() // cancelling would not take the text back
	done := make(chan error, 1)
	late := make(chan struct{})
	go func() {
		_, err := clipboard.WriteAll(ctx, options...)
		select {
		case <-late:
			if err == nil {
				_, _ = clipboard.Write(ctx, clipboard.FmtText, nil)
			}
		default:
			done <- err
		}
	}()
	timer := time.NewTimer(writeTime)
	defer timer.Stop()
	select {
	case err := <-done:
		return err
	case <-timer.C:
		close(late)
		return errSlow
	}
}
