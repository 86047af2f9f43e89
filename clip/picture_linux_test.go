package clip

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"kapu/internal/desktop"
	"kapu/internal/desktop/desktoptest"
	"kapu/lang"
)

func failure(err error) string {
	if e, ok := errors.AsType[*lang.Error](err); ok {
		return e.ID
	}
	return fmt.Sprint(err)
}

// A picture comes over whole whatever its size: xclip hands large ones over in pieces.
func TestPicture(t *testing.T) {
	d := desktoptest.Start(t, desktop.Options{Display: true})
	t.Setenv("WAYLAND_DISPLAY", "")
	for _, kv := range d.Env() {
		name, value, _ := strings.Cut(kv, "=")
		t.Setenv(name, value)
	}
	if _, err := Picture(t.Context()); failure(err) != "clipboard-picture-none" {
		t.Errorf("an empty clipboard: %v", err)
	}
	ctx := desktoptest.Context(t)
	var owner *desktop.Process
	for _, size := range []int{1000, 300_000, 5_000_000} {
		want := make([]byte, size)
		_, _ = rand.Read(want)
		file := filepath.Join(t.TempDir(), "picture.png")
		if err := os.WriteFile(file, want, 0o600); err != nil {
			t.Fatal(err)
		}
		var err error
		owner, err = d.Launch(d.Command(context.Background(), "xclip", "-i", "-selection", "clipboard", "-t", "image/png", "-quiet", file))
		if err != nil {
			t.Fatal(err)
		}
		var got []byte
		for ; ctx.Err() == nil && !bytes.Equal(got, want); time.Sleep(20 * time.Millisecond) { // until xclip has it
			got, err = Picture(ctx)
		}
		if !bytes.Equal(got, want) {
			t.Fatalf("%d of %d bytes, %v", len(got), size, err)
		}
	}

	// A frozen owner holds nobody up for longer than the limit.
	if err := syscall.Kill(owner.Pid(), syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	short, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	if _, err := Picture(short); failure(err) != "clipboard-picture-failed" {
		t.Errorf("a frozen owner: %v", err)
	}
	if err := syscall.Kill(owner.Pid(), syscall.SIGCONT); err != nil {
		t.Fatal(err)
	}
	if err := d.SetClipboard(ctx, "text"); err != nil {
		t.Fatal(err)
	}
	t.Setenv("DISPLAY", "")
	if _, err := Picture(t.Context()); failure(err) != "clipboard-picture-failed" {
		t.Errorf("no display: %v", err)
	}
}
