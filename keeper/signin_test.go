package keeper

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"kapu/agent"
	"kapu/config"
	"kapu/vault"
)

const userName = "kovacs.anna"

// signingIn is copying with a client who has a user name.
func signingIn(t *testing.T, test func(t *testing.T, k *keeper, m *memory, signIn agent.Copy, code func(int) string)) {
	copying(t, func(t *testing.T, k *keeper, m *memory, client agent.Client, code func(int) string) {
		name := userName
		if _, err := k.edit(t.Context(), agent.Edit{ID: client.ID, UserName: &name}); err != nil {
			t.Fatal(err)
		}
		m.sees = true
		test(t, k, m, agent.Copy{Query: client.ID, What: agent.SignIn}, code)
	})
}

func TestUserNameThenCode(t *testing.T) {
	signingIn(t, func(t *testing.T, k *keeper, m *memory, signIn agent.Copy, code func(int) string) {
		events := k.events.listen()
		got, err := k.copy(t.Context(), signIn)
		if err != nil || m.now() != userName || got.What != agent.UserName || got.Follows != agent.AfterPaste || got.ClearAfter != 30 {
			t.Fatalf("%+v, %v, %q", got, err, m.now())
		}
		if uses := logged(t, k); len(uses) != 0 {
			t.Errorf("a user name is no use: %+v", uses)
		}
		time.Sleep(10 * time.Second)
		if m.now() != userName {
			t.Fatal("the code did not wait for the paste")
		}
		m.pasted()
		synctest.Wait()
		if m.now() != code(0) {
			t.Fatalf("%q after the paste", m.now())
		}
		e := <-events
		for e.Type == agent.Changed {
			e = <-events
		}
		if e.Type != agent.CodeCopied || e.Copied.What != agent.TheCode || e.Copied.Code != "" || e.Copied.Remaining != 20 {
			t.Errorf("told %+v", e.Event)
		}
		if uses := logged(t, k); len(uses) != 1 || uses[0].Act != vault.Copied {
			t.Errorf("log %+v", uses)
		}
		time.Sleep(31 * time.Second)
		if m.now() != "" {
			t.Error("the code was not cleared")
		}
	})
}

// What follows by itself is pasted after a password: it needs more life than what is pasted at once.
func TestTheCodeThatFollowsLivesLonger(t *testing.T) {
	signingIn(t, func(t *testing.T, k *keeper, m *memory, signIn agent.Copy, code func(int) string) {
		time.Sleep(16 * time.Second)
		_, _ = k.copy(t.Context(), signIn)
		m.pasted()
		synctest.Wait()
		if m.now() != userName {
			t.Errorf("%q with 14 seconds left", m.now())
		}
		time.Sleep(15 * time.Second)
		if m.now() != code(1) {
			t.Errorf("%q", m.now())
		}
	})
}

func TestAskedAgainTheCodeComesAtOnce(t *testing.T) {
	for _, sees := range []bool{true, false} {
		signingIn(t, func(t *testing.T, k *keeper, m *memory, signIn agent.Copy, code func(int) string) {
			m.sees = sees
			if got, _ := k.copy(t.Context(), signIn); (got.Follows == agent.AfterPaste) != sees {
				t.Errorf("%+v", got)
			}
			if got, err := k.copy(t.Context(), signIn); err != nil || got.What != agent.TheCode || m.now() != code(0) {
				t.Errorf("%+v, %v, %q", got, err, m.now())
			}
			if got, _ := k.copy(t.Context(), signIn); got.What != agent.UserName || m.now() != userName {
				t.Errorf("the third is a new beginning: %+v", got)
			}
		})
	}
}

// Whatever is copied after a user name, nothing follows that.
func TestNothingFollowsANewerCopy(t *testing.T) {
	signingIn(t, func(t *testing.T, k *keeper, m *memory, signIn agent.Copy, _ func(int) string) {
		other, _ := k.add(t.Context(), agent.New{Client: agent.Client{Name: "Béta Bt.", UserName: "beta"}, Key: "GEZDGNBVGY3TQOJQ"})
		_, _ = k.copy(t.Context(), signIn)
		first := m.paste
		if _, err := k.copy(t.Context(), agent.Copy{Query: other.ID, What: agent.UserName}); err != nil || m.now() != "beta" {
			t.Fatalf("%v, %q", err, m.now())
		}
		close(first)
		m.pasted()
		time.Sleep(20 * time.Second)
		if m.now() != "beta" {
			t.Errorf("%q follows", m.now())
		}
		if got, _ := k.copy(t.Context(), signIn); got.What != agent.UserName {
			t.Errorf("an old sign-in goes on: %+v", got)
		}
	})
}

func TestUserNameIsClearedAndNothingFollows(t *testing.T) {
	signingIn(t, func(t *testing.T, k *keeper, m *memory, signIn agent.Copy, _ func(int) string) {
		_, _ = k.copy(t.Context(), signIn)
		time.Sleep(31 * time.Second)
		if m.now() != "" {
			t.Fatalf("%q", m.now())
		}
		if got, _ := k.copy(t.Context(), signIn); got.What != agent.UserName {
			t.Errorf("%+v", got)
		}
	})
}

func TestNoUserName(t *testing.T) {
	copying(t, func(t *testing.T, k *keeper, m *memory, client agent.Client, code func(int) string) {
		_, _ = k.copy(t.Context(), agent.Copy{Query: client.ID})
		for _, what := range []agent.What{agent.UserName, agent.SignIn, agent.TaxNumber} {
			if _, err := k.copy(t.Context(), agent.Copy{Query: client.ID, What: what}); !errors.Is(err, agent.ErrNotFound) {
				t.Errorf("%s: %v", what, err)
			}
		}
		if m.now() != code(0) {
			t.Error("the code that was there is gone")
		}
	})
}

func TestTaxNumber(t *testing.T) {
	signingIn(t, func(t *testing.T, k *keeper, m *memory, signIn agent.Copy, _ func(int) string) {
		number := "12345678-1-42"
		if _, err := k.edit(t.Context(), agent.Edit{ID: signIn.Query, TaxNumber: &number}); err != nil {
			t.Fatal(err)
		}
		got, err := k.copy(t.Context(), agent.Copy{Query: signIn.Query, What: agent.TaxNumber})
		if err != nil || m.now() != number || got.What != agent.TaxNumber || got.Follows != "" {
			t.Errorf("%+v, %v, %q", got, err, m.now())
		}
	})
}

func TestUserNameOfALockedGroup(t *testing.T) {
	signingIn(t, func(t *testing.T, k *keeper, m *memory, signIn agent.Copy, _ func(int) string) {
		g := config.Group{Folder: "Zárt", Clients: []string{signIn.Query}}
		g.LockAfter.Duration = 10 * time.Second
		k.groups = newGroups([]config.Group{g}, k.groupLapsed)
		k.index = cache{groups: k.groups.of, rights: k.index.rights}
		_, _ = k.copy(t.Context(), signIn)
		paste := m.paste
		time.Sleep(11 * time.Second)
		if m.now() != "" {
			t.Errorf("%q is left of a locked group", m.now())
		}
		close(paste)
		synctest.Wait()
		if m.now() != "" {
			t.Errorf("%q followed", m.now())
		}
		if _, err := k.copy(t.Context(), signIn); !errors.Is(err, agent.ErrGroupLocked) {
			t.Errorf("got %v", err)
		}
	})
}

func logged(t *testing.T, k *keeper) (uses []vault.LogEntry) {
	t.Helper()
	all, err := k.log(t.Context(), agent.LogRequest{})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range all.Lines {
		if e.Act == vault.Copied || e.Act == vault.Shown {
			uses = append(uses, e)
		}
	}
	return uses
}
