package store_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"kapu/office/store"
)

// writesDir marks the process in which TestWritesUntilKilled runs, and says where.
const writesDir = "KAPU_TEST_WRITES"

func TestKilledWriters(t *testing.T) {
	_, path := folder(t)
	if torn := killedWriters(t, path); torn > 0 {
		t.Errorf("%d files are not whole, though they were written aside", torn)
	}
}

// killedWriters has a process write until it is killed, many times, at any moment. What it confirmed is there; the rest
// is whole or not there; the lock of the dead is in nobody's way. It returns how many files were left that are not
// whole.
func killedWriters(t *testing.T, path string) (torn int) {
	t.Helper()
	s := must(store.Open(path, nil))
	confirmed, listed := 0, 0
	for range 15 {
		ctx, cancel := context.WithCancel(t.Context())
		cmd := exec.CommandContext(ctx, os.Args[0], "-test.run=^TestWritesUntilKilled$")
		cmd.Env = append(os.Environ(), writesDir+"="+path)
		out := must(cmd.StdoutPipe())
		check(t, cmd.Start())
		lines := bufio.NewReader(out)
		for begun := false; ; begun = true {
			line, err := lines.ReadString('\n')
			if err != nil {
				break // perhaps in the middle of a line
			}
			if !begun {
				time.AfterFunc(time.Duration(rand.Int64N(int64(100*time.Millisecond))), cancel)
			}
			confirmed++
			name := strings.TrimSpace(line)
			if body, err := s.Get(t.Context(), name); string(body) != bodyOf(name) {
				t.Errorf("%q was confirmed: %v", name, err)
			}
		}
		cancel()
		_ = cmd.Wait()
	}
	for name, err := range s.List(t.Context(), "killed/", "") {
		check(t, err)
		listed++
		body, err := s.Get(t.Context(), name)
		switch {
		case errors.Is(err, store.ErrNotExist):
			torn++
		case string(body) != bodyOf(name):
			t.Errorf("%q: %v", name, err)
		}
	}
	t.Logf("%d confirmed, %d more written, %d torn", confirmed, listed-torn-confirmed, torn)
	if confirmed == 0 {
		t.Error("nothing was written")
	}
	check(t, s.Put(t.Context(), "last", nil))
	return torn
}

func bodyOf(name string) string { return strings.Repeat(name+"\n", 500) }

// TestWritesUntilKilled writes and says so.
func TestWritesUntilKilled(t *testing.T) {
	path := os.Getenv(writesDir)
	if path == "" {
		t.Skip("TestKilledWriters runs this")
	}
	s := must(store.Open(path, nil))
	var all sync.WaitGroup
	for writer := range 4 {
		all.Go(func() {
			for n := 0; ; n++ {
				name := fmt.Sprintf("killed/%d/%d-%d", os.Getpid(), writer, n)
				if err := s.Put(t.Context(), name, []byte(bodyOf(name))); err != nil {
					t.Error(err)
					return
				}
				fmt.Println(name)
			}
		})
	}
	all.Wait()
}
