package keeper

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"kapu/agent"
	"kapu/exchange"
	"kapu/internal/wait"
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

// slowDatabase is a KeePass database whose key costs as much as a file may ask for: some ten seconds.
func slowDatabase(t *testing.T) []byte {
	t.Helper()
	data, err := os.ReadFile("../exchange/testdata/keepass3.kdbx")
	if err != nil {
		t.Fatal(err)
	}
	rounds := func(n uint64) []byte { return binary.LittleEndian.AppendUint64([]byte("\x06\x08\x00"), n) }
	if !bytes.Contains(data, rounds(6000)) {
		t.Fatal("there is nothing to change")
	}
	return bytes.Replace(data, rounds(6000), rounds(590_000_000), 1)
}

// Whoever has asked for a file to be read and leaves ends the reading, within the making of a key too, and the waiting
// for another's turn.
func TestStageEndsWithItsAsker(t *testing.T) {
	k := testKeeper(t, t.TempDir())
	ctx, leave := context.WithCancel(t.Context())
	slow := agent.Stage{Name: "a.kdbx", Data: slowDatabase(t), Password: "x"}
	first, second := make(chan error, 1), make(chan error, 1)
	go func() { _, err := k.stage(ctx, slow); first <- err }()
	wait.Until(t, "the first to be read", func() bool { return len(k.stages.work) == 1 })
	go func() { _, err := k.stage(ctx, slow); second <- err }()
	leave()
	for _, end := range []chan error{first, second} {
		if err := wait.For(t, "the end", end); !errors.Is(err, context.Canceled) {
			t.Errorf("the reading ended with %v", err)
		}
	}
	if _, err := k.stage(t.Context(), agent.Stage{Name: "b.txt", Data: uri("Alfa", "JBSWY3DPEHPK3PXP")}); err != nil {
		t.Error(err)
	}
}

// All stages together have one limit of memory: the oldest go for a new one, and what is too much by itself is refused.
func TestStagesShareALimit(t *testing.T) {
	var s stages
	half := stagedFile{name: "a", size: maxStaged/2 + 1}
	first, err := s.put("", 0, half)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.put(first.id, 0, half); err == nil || !strings.Contains(err.Error(), "128 MB") {
		t.Errorf("one stage takes more than all may: %v", err)
	}
	if kept, err := s.get(first.id); err != nil || len(kept.files) != 1 {
		t.Errorf("what was staged before is gone: %v", err)
	}
	if _, err := s.put("", 0, half); err != nil {
		t.Error(err)
	}
	if _, err := s.get(first.id); err == nil || s.size() > maxStaged {
		t.Errorf("the older one stays: %d bytes", s.size())
	}
}

// What is staged keeps nothing of the file but what it needs.
func TestStageKeepsNoFile(t *testing.T) {
	k := testKeeper(t, t.TempDir())
	data := append(uri("Alfa", "JBSWY3DPEHPK3PXP"), bytes.Repeat([]byte("#\n"), 16<<20)...)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	if _, err := k.stage(t.Context(), agent.Stage{Name: "a.txt", Data: data}); err != nil {
		t.Fatal(err)
	}
	size := len(data)
	data = nil
	runtime.GC()
	runtime.ReadMemStats(&after)
	if kept := int(before.HeapAlloc) - int(after.HeapAlloc); kept < size/2 {
		t.Errorf("of %d bytes only %d were let go of", size, kept)
	}
}
