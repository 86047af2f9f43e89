package keeper

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kapu/agent"
	"kapu/exchange"
)

func uri(name, secret string) []byte {
	return fmt.Appendf(nil, "otpauth://totp/%s?secret=%s&digits=8\n", name, secret)
}

// What is read of files stays here: a face gets names and fates, chooses, and what it did not choose is forgotten.
func TestStage(t *testing.T) {
	k := testKeeper(t, t.TempDir())
	ctx := t.Context()
	first, err := k.stage(ctx, agent.Stage{Name: "a.txt", Data: uri("Alfa", "JBSWY3DPEHPK3PXP")})
	if err != nil || first.ID == "" || first.Only == nil || first.Only.Name != "Alfa" || first.Counts[exchange.New] != 1 {
		t.Fatalf("%+v, %v", first, err)
	}
	both, err := k.stage(ctx, agent.Stage{ID: first.ID, Name: "b.txt", Data: append(uri("Alfa", "JBSWY3DPEHPK3PXP"), uri("Gamma", "JBSWY3DPEHPK3PXQ")...)})
	if err != nil || both.ID != first.ID || both.Only != nil || len(both.Rows) != 3 || both.Counts[exchange.Same] != 1 || both.Rows[2].File != "b.txt" {
		t.Fatalf("%+v, %v", both, err)
	}
	if said, _ := json.Marshal(both); strings.Contains(string(said), "JBSWY3DPEHPK3PX") {
		t.Errorf("a key goes out: %s", said)
	}
	bad, err := k.stage(ctx, agent.Stage{ID: first.ID, Name: "c.bin", Data: []byte("nothing known")})
	if err != nil || bad.File != 3 || bad.Unread == nil || !strings.Contains(bad.Unread.Error(), "c.bin") || len(bad.Rows) != 3 || bad.Rows[2].File != "b.txt" {
		t.Errorf("a bad file: %+v, %v", bad, err)
	}
	plan, err := k.takeStaged(ctx, agent.TakeStaged{ID: first.ID, Folder: "Bér", DryRun: true})
	if err != nil || len(plan.Rows) != 3 || len(k.contents().Clients) != 0 {
		t.Errorf("a dry run: %+v, %v", plan, err)
	}
	done, err := k.takeStaged(ctx, agent.TakeStaged{ID: first.ID, Rows: []int{2}, Folder: "Bér"})
	if got := k.contents().Clients; err != nil || done.Undo == "" || len(got) != 1 || got[0].Name != "Gamma" || got[0].Folder != "Bér" {
		t.Errorf("%+v, %+v, %v", done, got, err)
	}
	for what, gone := range map[string]func() error{
		"take": func() error { _, err := k.takeStaged(ctx, agent.TakeStaged{ID: first.ID}); return err },
		"add": func() error {
			_, err := k.add(ctx, agent.New{Staged: first.ID, Client: agent.Client{Name: "X"}})
			return err
		},
		"more": func() error {
			_, err := k.stage(ctx, agent.Stage{ID: first.ID, Data: uri("D", "JBSWY3DPEHPK3PXR")})
			return err
		},
	} {
		if err := gone(); !errors.Is(err, agent.ErrNotFound) {
			t.Errorf("%s of what was taken in: %v", what, err)
		}
	}
}

// No row chosen is none taken in, not all.
func TestStageOfNothing(t *testing.T) {
	k := testKeeper(t, t.TempDir())
	s, err := k.stage(t.Context(), agent.Stage{Data: uri("Alfa", "JBSWY3DPEHPK3PXP")})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := k.takeStaged(t.Context(), agent.TakeStaged{ID: s.ID, Rows: []int{}}); err != nil || len(k.contents().Clients) != 0 {
		t.Errorf("%v, %+v", err, k.contents().Clients)
	}
}

// A client is added with the key of a picture or address that was read here, which says how its codes are made.
func TestAddStaged(t *testing.T) {
	k := testKeeper(t, t.TempDir())
	s, err := k.stage(t.Context(), agent.Stage{Data: uri("Alfa", "JBSWY3DPEHPK3PXP")})
	if err != nil {
		t.Fatal(err)
	}
	c, err := k.add(t.Context(), agent.New{Staged: s.ID, Client: agent.Client{Name: "Más"}})
	a, _ := k.contents().Account(c.Account)
	if err != nil || a.Key.Digits != 8 || c.Name != "Más" {
		t.Errorf("%+v, %+v, %v", c, a.Key.Digits, err)
	}
}

// An encrypted file says that it wants a password; a wrong one is told from a bad file.
func TestStageSealed(t *testing.T) {
	k := testKeeper(t, t.TempDir())
	data, err := os.ReadFile("../exchange/testdata/aegis-encrypted.json")
	if err != nil {
		t.Fatal(err)
	}
	s, err := k.stage(t.Context(), agent.Stage{Name: "a.json", Data: data})
	if err != nil || s.Sealed != "Aegis" || s.ID != "" || len(k.stages.open) != 0 {
		t.Errorf("%+v, %v", s, err)
	}
	if _, err = k.stage(t.Context(), agent.Stage{Name: "a.json", Data: data, Password: "wrong"}); !errors.Is(err, exchange.ErrPassword) {
		t.Errorf("a wrong password: %v", err)
	}
	if s, err = k.stage(t.Context(), agent.Stage{Name: "a.json", Data: data, Password: "Árvíztűrő 12"}); err != nil || s.Sealed != "" || len(s.Rows) == 0 {
		t.Errorf("%+v, %v", s, err)
	}
}

// Pages that were closed without a word do not fill the memory: the oldest goes.
func TestStagesAreFew(t *testing.T) {
	k := testKeeper(t, t.TempDir())
	var ids []string
	for range maxStages + 1 {
		s, err := k.stage(t.Context(), agent.Stage{Data: uri("Alfa", "JBSWY3DPEHPK3PXP")})
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, s.ID)
	}
	if _, err := k.stages.get(ids[0]); !errors.Is(err, agent.ErrNotFound) {
		t.Errorf("the oldest: %v", err)
	}
	if _, err := k.stages.get(ids[maxStages]); err != nil {
		t.Errorf("the newest: %v", err)
	}
	if _, err := k.discardStaged(t.Context(), agent.ByID{ID: ids[maxStages]}); err != nil || len(k.stages.open) != maxStages-1 {
		t.Errorf("dropped: %d are kept, %v", len(k.stages.open), err)
	}
}

// A table is read anew as the person says that its columns are meant, in the place of how it was; what they say is
// remembered by heading once something was taken in.
func TestStageAnew(t *testing.T) {
	k := testKeeper(t, t.TempDir())
	k.paths.Config = filepath.Join(t.TempDir(), "config.toml")
	ctx := t.Context()
	table := []byte("Valami;Más;Kulcs\nAlfa Kft.;Alfák;JBSWY3DPEHPK3PXP\nBéta Bt.;Béták;JBSWY3DPEHPK3PXQ\n")
	s, err := k.stage(ctx, agent.Stage{Name: "a.txt", Data: uri("Gamma", "GEZDGNBVGY3TQOJQ")})
	if err != nil {
		t.Fatal(err)
	}
	stage := func(columns map[string]string) agent.Staged {
		t.Helper()
		anew, err := k.stage(ctx, agent.Stage{ID: s.ID, File: s.File, Name: "b.csv", Data: table, Columns: columns})
		if err != nil {
			t.Fatal(err)
		}
		return anew
	}
	s.File = 0
	s = stage(nil)
	if s.File != 2 || len(s.Columns) != 3 || len(s.Rows) != 3 || s.Columns[2].Letters != "C" {
		t.Fatalf("%+v", s)
	}
	if none := stage(map[string]string{"[A]": "", "[B]": "", "[C]": ""}); none.Unread == nil || len(none.Rows) != 1 || len(none.Columns) != 3 {
		t.Errorf("of nothing: %+v", none)
	}
	anew := stage(map[string]string{"[A]": "folder", "[B]": "name"})
	if len(anew.Rows) != 3 || anew.Rows[1].Name != "Alfák" || anew.File != 2 || anew.Columns[0].By != exchange.ByPerson {
		t.Errorf("%+v", anew)
	}
	if _, err := k.takeStaged(ctx, agent.TakeStaged{ID: s.ID}); err != nil {
		t.Fatal(err)
	}
	cfg, err := k.readSettings(ctx, agent.None{})
	if err != nil || cfg.Config.Import.Columns != "Más=name; Valami=folder" {
		t.Errorf("remembered: %q, %v", cfg.Config.Import.Columns, err)
	}
	if _, err := k.stage(ctx, agent.Stage{ID: s.ID, File: 9, Data: table}); err == nil {
		t.Error("a file that is not there is read anew")
	}
}
