package clip

import (
	"context"
	"time"

	"golang.design/x/clipboard"
)

// library is the clipboard as the library writes it.
type library struct{}

func openLibrary() (system, error) { return library{}, clipboard.Init() }

// written is what the library was given.
type written struct {
	lost   <-chan struct{} // fires when somebody else has copied something
	number uint32          // of the clipboard's state that holds it
}

func (library) copy(secret string) (content, error) {
	lost, err := write(append(marks(), clipboard.Item{Format: clipboard.FmtText, Bytes: []byte(secret)}))
	if err != nil {
		return nil, err
	}
	return written{lost, number()}, nil
}

func (written) crosses() bool { return true }

// pasted: neither Windows nor Wayland nor macOS say who reads the clipboard (docs/decisions/user-name-then-code.md).
func (written) pasted() <-chan struct{} { return nil }

func (w written) clear() bool {
	select {
	case <-w.lost:
		return false
	default:
		if number() != w.number {
			return false
		}
		_, _ = write([]clipboard.Item{{Format: clipboard.FmtText}})
		return true
	}
}

// write hands the items to the desktop with a time limit. A write that ends later than that was reported as
// failed, so it is undone.
func write(items []clipboard.Item) (<-chan struct{}, error) {
	type result struct {
		lost <-chan struct{}
		err  error
	}
	options := make([]clipboard.Option, len(items))
	for i, it := range items {
		options[i] = it
	}
	ctx := context.Background() // cancelling would not take the text back
	done := make(chan result, 1)
	late := make(chan struct{})
	go func() {
		lost, err := clipboard.WriteAll(ctx, options...)
		select {
		case <-late:
			if err == nil {
				_, _ = clipboard.Write(ctx, clipboard.FmtText, nil)
			}
		default:
			done <- result{lost, err}
		}
	}()
	timer := time.NewTimer(writeTime)
	defer timer.Stop()
	select {
	case r := <-done:
		return r.lost, r.err
	case <-timer.C:
		close(late)
		return nil, errSlow
	}
}
