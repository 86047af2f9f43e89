package keeper

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"kapu/agent"
	"kapu/config"
	"kapu/lang"
	"kapu/vault"
)

// memory is a clipboard for tests of time; the real one is tried on the virtual desktop.
type memory struct {
	mu   sync.Mutex
	text string
	ours bool
	err  error
	here bool // a remote desktop's, which does not pass it on

	paste chan struct{} // of what is there; nil where it cannot be seen
	sees  bool
}

func (m *memory) Pasted() <-chan struct{} {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.paste
}

// pasted lets the program in front take what is there.
func (m *memory) pasted() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.paste != nil {
		close(m.paste)
		m.paste = nil
	}
	return m.text
}

func (m *memory) Crosses() bool { return !m.here }

func (m *memory) Copy(s string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.err == nil {
		m.text, m.ours = s, true
		if m.paste = nil; m.sees {
			m.paste = make(chan struct{})
		}
	}
	return m.err
}

func (m *memory) Clear() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	was := m.ours
	if was {
		m.text = ""
	}
	m.ours = false
	return was
}

func (m *memory) now() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.text
}

// copying runs a test at the start of a window, in a bubble where waiting takes no time.
func copying(t *testing.T, test func(t *testing.T, k *keeper, m *memory, client agent.Client, code func(windows int) string)) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		k, m := testKeeper(t, dir), &memory{}
		k.copies.opening.Do(func() { k.copies.board = m })
		client, err := k.add(t.Context(), agent.New{Client: agent.Client{Name: "Alfa Kft."}, Key: key})
		if err != nil {
			t.Fatal(err)
		}
		parsed, _ := vault.ParseKey(key)
		start := time.Now()
		code := func(windows int) string {
			c, _ := parsed.Code(start.Add(time.Duration(windows) * 30 * time.Second))
			return c.Digits
		}
		test(t, k, m, client, code)
		time.Sleep(time.Minute) // let what was begun end inside the bubble
	})
}

func TestCopyIsExactlyTheDigits(t *testing.T) {
	copying(t, func(t *testing.T, k *keeper, m *memory, client agent.Client, code func(int) string) {
		got, err := k.copy(t.Context(), agent.Copy{Query: client.ID, Next: false})
		if err != nil || m.now() != code(0) || len(m.now()) != 6 {
			t.Fatalf("%q, %v", m.now(), err)
		}
		if got.Name != "Alfa Kft." || got.Remaining != 30 || got.Waited || got.UsedBefore || got.ClearAfter != 30 {
			t.Errorf("got %+v", got)
		}
	})
}

func TestCopyWaitsForAFreshCode(t *testing.T) {
	copying(t, func(t *testing.T, k *keeper, m *memory, client agent.Client, code func(int) string) {
		time.Sleep(22*time.Second + time.Millisecond)
		events := k.events.listen()
		before := time.Now()
		got, err := k.copy(t.Context(), agent.Copy{Query: client.ID, Next: false})
		if err != nil || !got.Waited || m.now() != code(1) || time.Since(before) > 8*time.Second {
			t.Errorf("%+v, %v, %q after %v", got, err, m.now(), time.Since(before))
		}
		if e := <-events; e.Type != agent.Waiting || e.Client.Name != "Alfa Kft." || e.Seconds != 8 {
			t.Errorf("told %+v", e)
		}
	})
}

func TestEightSecondsLeftAreEnough(t *testing.T) {
	copying(t, func(t *testing.T, k *keeper, m *memory, client agent.Client, code func(int) string) {
		time.Sleep(22 * time.Second)
		if got, err := k.copy(t.Context(), agent.Copy{Query: client.ID, Next: false}); err != nil || got.Waited || m.now() != code(0) {
			t.Errorf("%+v, %v", got, err)
		}
	})
}

func TestSecondCopyInAWindowWarnsAndTheNextDoesNot(t *testing.T) {
	copying(t, func(t *testing.T, k *keeper, m *memory, client agent.Client, code func(int) string) {
		other, _ := k.add(t.Context(), agent.New{Client: agent.Client{Name: "Béta Bt."}, Key: key}) // the same person's account
		for _, step := range []struct {
			id         string
			next, used bool
			code       string
		}{{client.ID, false, false, code(0)}, {client.ID, false, true, code(0)}, {other.ID, false, true, code(0)}, {client.ID, true, false, code(1)}, {client.ID, false, true, code(1)}} {
			got, err := k.copy(t.Context(), agent.Copy{Query: step.id, Next: step.next})
			if err != nil || got.UsedBefore != step.used || m.now() != step.code {
				t.Errorf("%+v: %+v, %v, %q", step, got, err, m.now())
			}
		}
	})
}

func TestClipboardIsClearedInTime(t *testing.T) {
	copying(t, func(t *testing.T, k *keeper, m *memory, client agent.Client, code func(int) string) {
		_, _ = k.copy(t.Context(), agent.Copy{Query: client.ID, Next: false})
		time.Sleep(20 * time.Second)
		_, _ = k.copy(t.Context(), agent.Copy{Query: client.ID, Next: false}) // the time begins anew
		time.Sleep(20 * time.Second)
		if m.now() != code(0) {
			t.Error("cleared too early")
		}
		time.Sleep(11 * time.Second)
		if m.now() != "" {
			t.Error("not cleared")
		}
	})
}

// The newest click counts: what waits for its window does not replace what was copied meanwhile.
func TestNewerCopyReplacesAWaitingOne(t *testing.T) {
	copying(t, func(t *testing.T, k *keeper, m *memory, client agent.Client, _ func(int) string) {
		other, _ := k.add(t.Context(), agent.New{Client: agent.Client{Name: "Béta Bt."}, Key: "GEZDGNBVGY3TQOJQ"})
		time.Sleep(10 * time.Second)
		waiting := make(chan error)
		go func() {
			_, err := k.copy(context.Background(), agent.Copy{Query: client.ID, Next: true})
			waiting <- err
		}()
		synctest.Wait()
		if _, err := k.copy(t.Context(), agent.Copy{Query: other.ID, Next: false}); err != nil {
			t.Fatal(err)
		}
		copied := m.now()
		var said *lang.Error
		if err := <-waiting; !errors.As(err, &said) || said.ID != "copy-superseded" {
			t.Errorf("the waiting one: %v", err)
		}
		time.Sleep(21 * time.Second) // past the window it waited for
		if m.now() != copied {
			t.Error("the older copy came through")
		}
	})
}

func TestGivingUpAWaitingCopyCopiesNothing(t *testing.T) {
	copying(t, func(t *testing.T, k *keeper, m *memory, client agent.Client, _ func(int) string) {
		ctx, cancel := context.WithCancel(t.Context())
		go func() { time.Sleep(time.Second); cancel() }()
		if _, err := k.copy(ctx, agent.Copy{Query: client.ID, Next: true}); !errors.Is(err, context.Canceled) || m.now() != "" {
			t.Errorf("%v, %q", err, m.now())
		}
	})
}

func TestFailedCopyIsNoUse(t *testing.T) {
	copying(t, func(t *testing.T, k *keeper, m *memory, client agent.Client, _ func(int) string) {
		m.err = errors.New("hung")
		if _, err := k.copy(t.Context(), agent.Copy{Query: client.ID, Next: false}); err == nil {
			t.Fatal("no error")
		}
		m.err = nil
		if got, err := k.copy(t.Context(), agent.Copy{Query: client.ID, Next: false}); err != nil || got.UsedBefore {
			t.Errorf("%+v, %v", got, err)
		}
	})
}

func TestEndClearsTheClipboard(t *testing.T) {
	copying(t, func(t *testing.T, k *keeper, m *memory, client agent.Client, _ func(int) string) {
		_, _ = k.copy(t.Context(), agent.Copy{Query: client.ID, Next: false})
		k.close()
		if m.now() != "" {
			t.Error("the code is still there")
		}
	})
}

func TestUnusedVaultLocksItself(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		k := testKeeper(t, dir)
		locked := make(chan time.Time, 1)
		k.stop = func() { locked <- time.Now() }
		k.settings.Load().Lock.Unused.Duration = 10 * time.Minute
		k.restartIdleTimer()
		start := time.Now()
		time.Sleep(9 * time.Minute)
		k.recordUse(indexedClient{Client: agent.Client{ID: "x"}}, vault.Copied)
		if at := <-locked; at.Sub(start) != 19*time.Minute {
			t.Errorf("locked after %v", at.Sub(start))
		}
	})
}

// Where a code cannot be pasted the digits come back to be shown, as the settings have it; never to a face that only
// copies.
func TestCopyOrShow(t *testing.T) {
	broken := errors.New("broken")
	for _, c := range []struct {
		show  string
		err   error
		here  bool
		reach agent.Reach
		shown bool
		fails bool
	}{
		{show: config.ShowAuto},
		{show: config.ShowAuto, here: true, reach: agent.OnlyHere, shown: true},
		{show: config.ShowAuto, err: broken, reach: agent.Nowhere, shown: true},
		{show: config.ShowAlways, shown: true},
		{show: config.ShowAlways, here: true, reach: agent.OnlyHere, shown: true},
		{show: config.ShowAlways, err: broken, reach: agent.Nowhere, shown: true},
		{show: config.ShowNever},
		{show: config.ShowNever, here: true},
		{show: config.ShowNever, err: broken, fails: true},
	} {
		t.Run(fmt.Sprintf("%+v", c), func(t *testing.T) {
			copying(t, func(t *testing.T, k *keeper, m *memory, client agent.Client, code func(int) string) {
				settings := *k.settings.Load()
				settings.Copy.ShowCode = c.show
				k.settings.Store(&settings)
				m.err, m.here = c.err, c.here
				got, err := k.copyOrShow(t.Context(), agent.Copy{Query: client.ID, Next: false})
				if (err != nil) != c.fails || got.Reach != c.reach {
					t.Fatalf("%+v, %v", got, err)
				}
				want := ""
				if c.shown {
					want = code(0)
				}
				if got.Code != want {
					t.Errorf("the digits are %q, want %q", got.Code, want)
				}
				if c.err == nil && m.now() != code(0) {
					t.Errorf("on the clipboard is %q", m.now())
				}
				if again, err := k.copyOrShow(t.Context(), agent.Copy{Query: client.ID, Next: false}); (err != nil) != c.fails || again.UsedBefore == c.fails {
					t.Errorf("again: %+v, %v", again, err)
				}
				if only, err := k.copy(t.Context(), agent.Copy{Query: client.ID, Next: false}); (err != nil) != (c.err != nil) || only.Code != "" || only.Reach != "" {
					t.Errorf("who only copies gets %+v, %v", only, err)
				}
			})
		})
	}
}
