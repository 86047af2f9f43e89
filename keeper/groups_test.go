package keeper

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"kapu/agent"
	"kapu/config"
	"kapu/vault"
)

const password = "kék zokni bojler"

// grouped runs a test with a folder "Bér" that locks itself after five minutes.
func grouped(t *testing.T, d vault.Door, v *vault.Vault, test func(t *testing.T, k *keeper, m *memory, locked, extra, open agent.Client)) {
	cfg := config.Default()
	cfg.Copy.ClearAfter.Duration = 10 * time.Minute
	cfg.Groups = []config.Group{
		{Folder: "Bér", Clients: []string{"12345678-1-42"}, LockAfter: config.Duration{Duration: 5 * time.Minute}},
		{Folder: "Kft-k"},
	}
	synctest.Test(t, func(t *testing.T) {
		k, m := newKeeper(t.Context(), d, v, cfg, func() {}), &memory{}
		k.copies.opening.Do(func() { k.copies.board = m })
		add := func(name, tax, folder, key string) agent.Client {
			c, err := k.add(t.Context(), agent.New{Client: agent.Client{Name: name, TaxNumber: tax, Folder: folder}, Key: key})
			if err != nil {
				t.Fatal(err)
			}
			return c
		}
		test(t, k, m, add("Alfa Kft.", "", "BÉR", key), add("Béta Bt.", "12345678-1-42", "Bt-k", "GEZDGNBVGY3TQOJQ"),
			add("Alfa Kft. Pécs", "", "Kft-k", "MFRGGZDFMZTWQ2LK"))
		time.Sleep(time.Hour) // let what was begun end inside the bubble
	})
}

// unprotected is a vault for tests in which nobody is asked.
func unprotected(t *testing.T) (vault.Door, *vault.Vault) {
	t.Helper()
	k := testKeeper(t, t.TempDir())
	return k.door, k.vault
}

func names(t *testing.T, k *keeper) string {
	t.Helper()
	clients, err := k.list(t.Context(), agent.ListRequest{})
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, c := range clients {
		all = append(all, c.Name)
	}
	return strings.Join(all, ", ")
}

const everybody, onlyOpen = "Alfa Kft., Alfa Kft. Pécs, Béta Bt.", "Alfa Kft. Pécs"

// What a locked group hides cannot be had by any way, and comes back by the password alone.
func TestGroupLocksItself(t *testing.T) {
	d := vault.Door{Dir: t.TempDir()}
	v, err := d.Create(t.Context(), vault.Password, vault.Given(password))
	if err != nil {
		t.Fatal(err)
	}
	grouped(t, d, v, func(t *testing.T, k *keeper, m *memory, locked, extra, open agent.Client) {
		ctx := t.Context()
		if _, err := k.copy(ctx, agent.Copy{Query: locked.ID, Next: false}); err != nil {
			t.Fatal(err)
		}
		events := k.events.listen()
		time.Sleep(5*time.Minute - time.Second)
		if got := names(t, k); got != everybody {
			t.Fatalf("before its time: %s", got)
		}
		for len(events) > 0 {
			<-events
		}
		time.Sleep(2 * time.Second)
		if e := <-events; e.Type != agent.Changed {
			t.Errorf("told %+v", e)
		}
		if m.now() != "" {
			t.Error("its code is still on the clipboard")
		}
		if got := names(t, k); got != onlyOpen {
			t.Errorf("the list has %s", got)
		}
		s, err := k.status(ctx, struct{}{})
		if err != nil || s.Clients != 1 || s.Accounts != 1 || !slices.Equal(s.LockedFolders, []string{"Bér"}) || s.Locked {
			t.Errorf("status %+v, %v", s, err)
		}

		name := "Más"
		for what, try := range map[string]func(c agent.Client) error{
			"code": func(c agent.Client) error {
				_, err := k.code(ctx, agent.CodeRequest{Query: c.ID, Next: false})
				return err
			},
			"code next": func(c agent.Client) error {
				_, err := k.code(ctx, agent.CodeRequest{Query: c.Name, Next: true})
				return err
			},
			"copy": func(c agent.Client) error {
				_, err := k.copy(ctx, agent.Copy{Query: c.ID, Next: false})
				return err
			},
			"find":   func(c agent.Client) error { _, err := k.findClient(ctx, agent.FindRequest{Query: c.Name}); return err },
			"edit":   func(c agent.Client) error { _, err := k.edit(ctx, agent.Edit{ID: c.ID, Folder: &name}); return err },
			"remove": func(c agent.Client) error { _, err := k.remove(ctx, agent.ByIDs{IDs: []string{c.ID}}); return err },
			"edit many": func(c agent.Client) error {
				_, err := k.editMany(ctx, agent.EditMany{IDs: []string{c.ID}, Folder: &name})
				return err
			},
			"details": func(c agent.Client) error { _, err := k.details(ctx, agent.Reveal{ID: c.ID, Key: true}); return err },
			"QR code": func(c agent.Client) error { _, err := k.details(ctx, agent.Reveal{ID: c.ID, URI: true}); return err },
			"export": func(c agent.Client) error {
				_, err := k.export(ctx, agent.Export{Format: "otpauth", Query: c.ID})
				return err
			},
			"restore": func(agent.Client) error {
				_, err := k.restore(ctx, agent.RestoreRequest{Name: k.vault.Backups()[0].Name})
				return err
			},
			"its list": func(agent.Client) error { _, err := k.list(ctx, agent.ListRequest{Folder: "ber"}); return err },
		} {
			for _, c := range []agent.Client{locked, extra} {
				if err := try(c); !errors.Is(err, agent.ErrLocked) || !errors.Is(err, agent.ErrGroupLocked) || strings.Contains(err.Error(), c.Name) {
					t.Errorf("%s of %s: %v", what, c.Name, err)
				}
			}
		}
		if m.now() != "" {
			t.Error("a code came to the clipboard")
		}

		if done, err := k.export(ctx, agent.Export{Format: "otpauth"}); err != nil || done.N != 1 {
			t.Errorf("an export of all has %d clients, %v", done.N, err)
		}

		// What is not there and what is locked give the same answer; and who is open is not taken for who is not.
		_, none := k.findClient(ctx, agent.FindRequest{Query: "nincs ilyen"})
		_, there := k.findClient(ctx, agent.FindRequest{Query: "Alfa Kft."})
		_, part := k.findClient(ctx, agent.FindRequest{Query: "alfa"})
		if none == nil || there == nil || part == nil || none.Error() != there.Error() || none.Error() != part.Error() {
			t.Errorf("told apart: %v; %v; %v", none, there, part)
		}
		for _, query := range []string{"alfa k.f.t.", "ALFA–KFT", "kft, alfa", "bér", "ugyfelkapu & alfa"} {
			if _, err := k.findClient(ctx, agent.FindRequest{Query: query}); err == nil || err.Error() != none.Error() {
				t.Errorf("%q: %v", query, err)
			}
		}
		if c, err := k.code(ctx, agent.CodeRequest{Query: "alfa-pecs", Next: false}); err != nil || c.Name != open.Name {
			t.Errorf("an open client: %+v, %v", c, err)
		}

		for _, wrong := range []string{"nem ez a jelszó", "AGE-SECRET-KEY-PQ-1"} {
			if _, err := k.unlockFolder(ctx, agent.UnlockRequest{Folder: "Bér", Secret: wrong}); !errors.Is(err, vault.ErrSecret) {
				t.Errorf("%q: %v", wrong, err)
			}
		}
		if _, err := k.unlockFolder(ctx, agent.UnlockRequest{Folder: "Kft-k", Secret: ""}); !errors.Is(err, agent.ErrNotFound) {
			t.Errorf("a group without a time: %v", err)
		}
		if got := names(t, k); got != onlyOpen {
			t.Errorf("after wrong tries the list has %s", got)
		}
		if _, err := k.unlockFolder(ctx, agent.UnlockRequest{Folder: "BER", Secret: password}); err != nil {
			t.Fatal(err)
		}
		if got := names(t, k); got != everybody {
			t.Errorf("unlocked, the list has %s", got)
		}
		if _, err := k.code(ctx, agent.CodeRequest{Query: locked.ID, Next: false}); err != nil {
			t.Error(err)
		}
	})
}

// Only its own codes keep a group open: not looking, not changing, not other clients.
func TestWhatKeepsAGroupOpen(t *testing.T) {
	for name, tt := range map[string]struct {
		act  func(ctx context.Context, k *keeper, locked, extra, open agent.Client) error
		open bool
	}{
		"its code": {func(ctx context.Context, k *keeper, l, _, _ agent.Client) error {
			_, err := k.code(ctx, agent.CodeRequest{Query: l.ID, Next: false})
			return err
		}, true},
		"its copy": {func(ctx context.Context, k *keeper, l, _, _ agent.Client) error {
			_, err := k.copy(ctx, agent.Copy{Query: l.ID, Next: false})
			return err
		}, true},
		"a guest's code": {func(ctx context.Context, k *keeper, _, extra, _ agent.Client) error {
			_, err := k.code(ctx, agent.CodeRequest{Query: extra.ID, Next: false})
			return err
		}, true},
		"another client's code": {func(ctx context.Context, k *keeper, _, _, o agent.Client) error {
			_, err := k.code(ctx, agent.CodeRequest{Query: o.ID, Next: false})
			return err
		}, false},
		"a search": {func(ctx context.Context, k *keeper, l, _, _ agent.Client) error {
			_, err := k.findClient(ctx, agent.FindRequest{Query: l.Name})
			return err
		}, false},
		"an edit": {func(ctx context.Context, k *keeper, l, _, _ agent.Client) error {
			yes := true
			_, err := k.edit(ctx, agent.Edit{ID: l.ID, Favourite: &yes})
			return err
		}, false},
	} {
		t.Run(name, func(t *testing.T) {
			d, v := unprotected(t)
			grouped(t, d, v, func(t *testing.T, k *keeper, _ *memory, locked, extra, open agent.Client) {
				time.Sleep(4 * time.Minute)
				if err := tt.act(t.Context(), k, locked, extra, open); err != nil {
					t.Fatal(err)
				}
				time.Sleep(2 * time.Minute)
				if got := names(t, k) == everybody; got != tt.open {
					t.Errorf("after six minutes it is open: %v", got)
				}
			})
		})
	}
}

// A copy that waits for its window while the group locks puts nothing on the clipboard.
func TestGroupLocksInTheMiddleOfACopy(t *testing.T) {
	d, v := unprotected(t)
	grouped(t, d, v, func(t *testing.T, k *keeper, m *memory, locked, _, _ agent.Client) {
		time.Sleep(5*time.Minute - 2*time.Second) // of a window, since a bubble's time begins with one
		if _, err := k.copy(t.Context(), agent.Copy{Query: locked.ID, Next: false}); !errors.Is(err, agent.ErrLocked) || m.now() != "" {
			t.Errorf("%v, %q", err, m.now())
		}
	})
}
