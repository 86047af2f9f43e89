package vault

import (
	"errors"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func update(t testing.TB, v *Vault, change func(*Tx)) {
	t.Helper()
	if _, err := v.Update(t.Context(), func(tx *Tx) error { change(tx); return nil }); err != nil {
		t.Fatal(err)
	}
}

// filed is the vault's clients, each with whether its account is there.
func filed(v *Vault) map[string]string {
	of := map[string]string{}
	for _, c := range v.Contents().Clients {
		if _, ok := v.Contents().Account(c.Account); ok {
			of[c.Name] = c.Folder
		}
	}
	return of
}

func TestUndo(t *testing.T) {
	for _, tt := range []struct {
		name   string
		change func(tx *Tx) // of a vault with Alfa and Béta
		since  func(tx *Tx)
		want   map[string]string
		kept   int
	}{
		{"removed", func(tx *Tx) { tx.RemoveClients(tx.Clients[0].ID, tx.Clients[1].ID) }, nil, map[string]string{"Alfa": "", "Béta": ""}, 0},
		{"added", func(tx *Tx) { _, _ = put(tx, "Gamma") }, nil, map[string]string{"Alfa": "", "Béta": ""}, 0},
		{"moved", func(tx *Tx) { file(tx, "Alfa", "új"); file(tx, "Béta", "új") }, nil, map[string]string{"Alfa": "", "Béta": ""}, 0},
		{"moved and moved again", func(tx *Tx) { file(tx, "Alfa", "új"); file(tx, "Béta", "új") }, func(tx *Tx) { file(tx, "Béta", "más") }, map[string]string{"Alfa": "", "Béta": "más"}, 1},
		{"added and changed", func(tx *Tx) { _, _ = put(tx, "Gamma") }, func(tx *Tx) { file(tx, "Gamma", "új") }, map[string]string{"Alfa": "", "Béta": "", "Gamma": "új"}, 1},
		{"used since", func(tx *Tx) { file(tx, "Alfa", "új") }, func(tx *Tx) { tx.Used(tx.Clients[0].ID, tx.time) }, map[string]string{"Alfa": "", "Béta": ""}, 0},
		{"added and gone", func(tx *Tx) { _, _ = put(tx, "Gamma") }, func(tx *Tx) { tx.RemoveClients(tx.Clients[2].ID) }, map[string]string{"Alfa": "", "Béta": ""}, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			v, id, dir := newVault(t)
			add(t, v, "Alfa")
			add(t, v, "Béta")
			var undo string
			update(t, v, func(tx *Tx) { undo = tx.Undoable(Edited, ""); tt.change(tx) })
			if tt.since != nil {
				update(t, v, tt.since)
			}
			v = open(t, dir, id) // it outlives a lock
			update(t, v, func(tx *Tx) {
				if _, kept, err := tx.Undo(undo); err != nil || kept != tt.kept {
					t.Errorf("kept %d, %v", kept, err)
				}
			})
			if diff := cmp.Diff(tt.want, filed(v)); diff != "" {
				t.Error(diff)
			}
			if n := len(v.Contents().Accounts); n != len(tt.want) {
				t.Errorf("%d accounts", n)
			}
			if _, err := v.Update(t.Context(), func(tx *Tx) error { _, _, err := tx.Undo(""); return err }); !errors.Is(err, ErrInvalid) {
				t.Errorf("undone twice: %v", err)
			}
		})
	}
}

func file(tx *Tx, name, folder string) {
	for _, c := range tx.Clients {
		if c.Name == name {
			c.Folder = folder
			_, _ = tx.PutClient(c)
		}
	}
}

func TestTheLastChangesCanBeUndone(t *testing.T) {
	v, _, _ := newVault(t)
	add(t, v, "Alfa")
	for i := range keepUndos + 2 {
		folder := strconv.Itoa(i)
		update(t, v, func(tx *Tx) { tx.Undoable(Edited, folder); file(tx, "Alfa", folder) })
	}
	if n := len(v.Contents().Undos); n != keepUndos {
		t.Errorf("%d are kept", n)
	}
	update(t, v, func(tx *Tx) { _, _, _ = tx.Undo("") })
	if got := filed(v)["Alfa"]; got != strconv.Itoa(keepUndos) {
		t.Errorf("the last one back gives %q", got)
	}
}
