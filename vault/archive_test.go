package vault

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kapu/seal"
)

// everything leaves nothing out of an archive.
func everything(*Account) bool { return false }

func TestArchive(t *testing.T) {
	const passphrase = "piros alma fán"
	v, id, _ := newVault(t)
	add(t, v, "Alfa")
	update(t, v, func(tx *Tx) { tx.Undoable(Edited, ""); file(tx, "Alfa", "Kft-k") })
	data, err := v.Archive("[copy]\n", passphrase, everything)
	if err != nil || !IsArchive(data) {
		t.Fatal(err)
	}
	a, err := OpenArchive(data, passphrase)
	if err != nil || a.id.String() != id.String() || a.Config != "[copy]\n" {
		t.Fatal(err)
	}
	if diff := cmp.Diff(v.Contents().Clients, a.Clients) + cmp.Diff(v.Contents().Accounts, a.Accounts) + cmp.Diff(v.Contents().Undos, a.Undos); diff != "" {
		t.Error(diff)
	}

	if _, err := OpenArchive(data, "piros alma fan"); !errors.Is(err, ErrSecret) {
		t.Errorf("another passphrase: %v", err)
	}
	if _, err := OpenArchive(data[:len(data)-1], passphrase); !errors.Is(err, ErrDamaged) {
		t.Errorf("cut short: %v", err)
	}
	if _, err := v.Archive("", "1234", everything); !errors.Is(err, ErrWeak) {
		t.Errorf("a weak passphrase: %v", err)
	}
	for name, plain := range map[string]string{
		"another document": `{"hello":1}`,
		"no key":           `{"backup":1,"recovery_key":"","vault":{"vault":2,"accounts":[],"clients":[]}}`,
		"no vault":         `{"backup":1,"recovery_key":"` + id.String() + `"}`,
		"no JSON":          `x`,
	} {
		sealed, err := seal.SealPassphrase([]byte(plain), passphrase, 4)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := OpenArchive(sealed, passphrase); !errors.Is(err, ErrDamaged) {
			t.Errorf("%s: %v", name, err)
		}
	}
	sealed, _ := seal.SealPassphrase([]byte(`{"backup":2,"program":"kapu 9.1","new":{}}`), passphrase, 4)
	if _, err := OpenArchive(sealed, passphrase); !errors.Is(err, ErrNewer) {
		t.Errorf("of a newer program: %v", err)
	}
}

func TestArchiveWithoutSome(t *testing.T) {
	const passphrase = "piros alma fán"
	v, _, _ := newVault(t)
	add(t, v, "Alfa")
	other := add(t, v, "Béta").Account
	update(t, v, func(tx *Tx) { tx.Undoable(Edited, ""); file(tx, "Alfa", "Kft-k") })
	data, err := v.Archive("", passphrase, func(a *Account) bool { return a.ID == other })
	if err != nil {
		t.Fatal(err)
	}
	a, err := OpenArchive(data, passphrase)
	if err != nil || len(a.Accounts) != 1 || len(a.Clients) != 1 || a.Clients[0].Name != "Alfa" || len(a.Undos) != 0 {
		t.Errorf("%+v, %v", a, err)
	}
	if len(v.Contents().Clients) != 2 {
		t.Error("the vault itself has lost a client")
	}
}
