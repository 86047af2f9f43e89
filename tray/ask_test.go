package tray

import (
	"context"
	"testing"

	"kapu/internal/wait"
)

// A dialog's window is gone before its process is. What a person asks for in between is done once that has ended; what
// was asked for when the vault is locked is not.
func TestAskedWhileADialogEnds(t *testing.T) {
	tr := &tray{ctx: t.Context(), work: make(chan func(), 16), done: make(chan struct{})}
	asked := make(chan string, 4)
	ending := make(chan struct{})
	ask := func(name string) {
		tr.ask(func(ctx context.Context) (func(), error) {
			asked <- name
			select {
			case <-ending:
				return nil, errCancelled
			case <-ctx.Done():
				return nil, ctx.Err()
			}
		})
	}
	turn := func() { wait.For(t, "the owner's turn", tr.work)() }

	ask("first")
	if got := wait.For(t, "the first dialog", asked); got != "first" {
		t.Fatal(got)
	}
	ask("second")
	ask("third") // who clicks twice means the last
	ending <- struct{}{}
	turn()
	if got := wait.For(t, "the next dialog", asked); got != "third" {
		t.Errorf("asked: %s", got)
	}
	turn() // the first one's error, which is none

	ask("fourth")
	tr.asking() // locked
	turn()
	if tr.asking != nil || tr.askNext != nil || len(asked) > 0 {
		t.Error("a dialog opens after the lock")
	}
}
