package store

import (
	"context"
	"errors"
	"testing"
	"time"

	"kapu/internal/wait"
	"kapu/lang"
)

// A folder that freezes, as a share whose server is gone does, ends no command later than its time, and takes no more
// than a few goroutines with it; when it thaws, it works again.
func TestFrozenFolder(t *testing.T) {
	d, err := openDir(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	thaw := make(chan struct{})
	frozen := func(context.Context) (int, error) { <-thaw; return 1, nil }
	for range maxStuck + 3 {
		_, err := withinTime(t.Context(), d, time.Millisecond, frozen)
		if said, _ := errors.AsType[*lang.Error](err); said == nil || said.ID != "store-folder-frozen" {
			t.Fatalf("%v", err)
		}
	}
	if n := d.stuck.Load(); n != maxStuck {
		t.Errorf("%d operations are stuck", n)
	}
	if err := d.Put(t.Context(), "a/b", []byte("x")); !errors.Is(err, d.frozen(folderTime)) && err == nil {
		t.Error("a further operation begins")
	}
	close(thaw)
	wait.Until(t, "the folder to thaw", func() bool { return d.stuck.Load() == 0 })
	if _, err := withinTime(t.Context(), d, time.Minute, func(context.Context) (int, error) { return 1, nil }); err != nil {
		t.Error(err)
	}
	ctx, leave := context.WithCancel(t.Context())
	leave()
	if _, err := withinTime(ctx, d, time.Minute, func(context.Context) (int, error) { select {} }); !errors.Is(err, context.Canceled) {
		t.Errorf("whoever asked is gone, and gets %v", err)
	}
}
