package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"kapu/internal/disk"
	"kapu/lang"
)

// claimed is a folder that is written to as if it knew no links.
func claimed(t *testing.T) (put, string) {
	t.Helper()
	path := t.TempDir()
	s, err := Open(path, nil)
	if err == nil {
		err = Prepare(t.Context(), s)
	}
	if err != nil {
		t.Fatal(err)
	}
	d := s.(*dir)
	d.noLinks.Store(true)
	tree, err := disk.OpenTree(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(tree.Close)
	return put{d, tree}, path
}

// age makes something look older.
func age(t *testing.T, path string, by time.Duration) {
	t.Helper()
	when := time.Now().Add(-by)
	if err := os.Chtimes(path, when, when); err != nil {
		t.Fatal(err)
	}
}

// A name whose claim somebody holds is taken, also before there is a file. The claim of who died is taken over, by one
// of those who want it.
func TestADeadHoldersClaimIsTakenOver(t *testing.T) {
	p, path := claimed(t)
	for name, torn := range map[string]bool{"roster/1": false, "roster/2": true} {
		file := filepath.Join(path, name)
		if _, err := p.claim(name); err != nil { // and dies
			t.Fatal(err)
		}
		if torn {
			if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o700), os.WriteFile(file, []byte("kapu"), 0o600)); err != nil {
				t.Fatal(err)
			}
			age(t, file, time.Hour)
		}
		if err := p.Put(t.Context(), name, nil); !errors.Is(err, ErrExists) {
			t.Errorf("%s: a living holder's name was given: %v", name, err)
		}
		age(t, filepath.Join(path, claimPath(name)), 11*time.Minute)
		errs := make([]error, 8)
		var all sync.WaitGroup
		for i := range errs {
			all.Go(func() { errs[i] = p.Put(t.Context(), name, []byte(fmt.Sprint(i))) })
		}
		all.Wait()
		winner := -1
		for i, err := range errs {
			if err == nil && winner >= 0 || err != nil && !errors.Is(err, ErrExists) {
				t.Errorf("%s: writer %d: %v", name, i, err)
			}
			if err == nil {
				winner = i
			}
		}
		if body, err := p.Get(t.Context(), name); string(body) != fmt.Sprint(winner) {
			t.Errorf("%s: it holds %q, and %d was told yes: %v", name, body, winner, err)
		}
	}
}

// A machine that slept while it wrote, and whose claim others have taken over, is not told that its object is safe, and
// takes nothing away from them.
func TestWhoSleptLosesTheClaim(t *testing.T) {
	p, path := claimed(t)
	sleeper, err := p.claim("a/1")
	if err != nil {
		t.Fatal(err)
	}
	age(t, filepath.Join(path, claimPath("a/1")), time.Hour)
	if err := p.Put(t.Context(), "a/1", []byte("theirs")); err != nil {
		t.Fatal(err)
	}
	if _, err := sleeper.write("a/1", frame([]byte("mine"))); !errors.Is(err, ErrExists) {
		t.Error(err)
	}
	sleeper.release()
	if other, err := p.claim("a/1"); !errors.Is(err, errClaimed) {
		t.Errorf("the other's claim was given to %v: %v", other, err)
	}
	if body, err := p.Get(t.Context(), "a/1"); string(body) != "theirs" {
		t.Errorf("%q, %v", body, err)
	}
}

// Claims stay for a while, because mounts remember that a name was free; then they are collected. A deleted object's
// goes with it.
func TestOldClaimsAreCollected(t *testing.T) {
	p, path := claimed(t)
	count := func(want int) {
		t.Helper()
		if found, _ := filepath.Glob(filepath.Join(path, tempFolder, "*")); len(found) != want {
			t.Errorf("%d in %q", want, found)
		}
	}
	ctx := context.Background()
	for n := range 5 {
		name := fmt.Sprint("a/", n)
		if err := p.Put(ctx, name, nil); err != nil {
			t.Fatal(err)
		}
		if n < 3 {
			age(t, filepath.Join(path, claimPath(name)), 2*time.Hour)
		}
	}
	count(5)
	if err := p.Delete(ctx, "a/4"); err != nil {
		t.Fatal(err)
	}
	count(4)
	p.cleanedAt = time.Time{}
	if err := p.Put(ctx, "a/4", nil); err != nil {
		t.Fatal(err)
	}
	count(2)
}

// What gives a folder's name to two cannot hold an office.
func TestAClaimIsProbed(t *testing.T) {
	p, _ := claimed(t)
	if err := p.Put(t.Context(), "probe-1", nil); err != nil {
		t.Fatal(err)
	}
	if err := p.probe("probe-1"); err != nil {
		t.Error(err)
	}
	if err := p.probe("probe-2"); err == nil {
		t.Error("a claim that is given twice was not noticed")
	}
}

// The advice is by the cause: only a full disk asks for room.
func TestTheAdviceIsByTheCause(t *testing.T) {
	p, _ := claimed(t)
	for cause, id := range map[error]string{
		syscall.ENOSPC: "store-folder-full", syscall.EROFS: "store-folder-forbidden", fs.ErrPermission: "store-folder-forbidden",
		syscall.EIO: "store-folder-broken", syscall.ENOTCONN: "store-folder-broken", syscall.ESTALE: "store-folder-broken",
		syscall.ETIMEDOUT: "store-folder-broken", syscall.EISDIR: "store-folder-unwritable",
	} {
		if runtime.GOOS == "windows" && !errors.Is(cause, fs.ErrPermission) {
			continue // its codes are others
		}
		err := p.unwritable(&os.LinkError{Op: "link", Old: ".kapu/abc.new", New: "a/1", Err: cause})
		if said, ok := errors.AsType[*lang.Error](err); !ok || said.ID != id || strings.Contains(err.Error(), "abc") {
			t.Errorf("%v: %v", cause, err)
		}
	}
}
