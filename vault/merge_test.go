package vault

import (
	"fmt"
	"testing"
	"time"
)

// What two clients and their accounts were once is kept of the one that stays: the newest of each, and not what it has.
func TestMergeKeepsWhatWas(t *testing.T) {
	tx := Draft()
	account := func(name string, keys ...string) Client {
		t.Helper()
		var a Account
		for _, secret := range keys {
			k, err := ParseKey(secret)
			if err == nil {
				a.Key = k
				a, err = tx.PutAccount(a)
			}
			if err != nil {
				t.Fatal(err)
			}
			tx.time = tx.time.Add(time.Second)
		}
		c, err := tx.PutClient(Client{Account: a.ID, Name: name})
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	secret := func(i int) string { return fmt.Sprintf("KR2WG4TFORSWC3%cP", 'A'+rune(i)) }
	keep := account("Alfa", secret(0), secret(1), secret(2))
	other := account("Béta", secret(3), secret(1), secret(2), secret(4), secret(5))
	other.Name = "ALFA" // was called Béta
	if _, err := tx.PutClient(other); err != nil {
		t.Fatal(err)
	}
	merged, err := tx.Merge(keep.ID, other.ID, false)
	if err != nil || merged.ID != keep.ID || len(tx.Accounts) != 1 || len(tx.Clients) != 1 {
		t.Fatalf("%+v, %v", merged, err)
	}
	var got []string
	for _, f := range tx.FormerKeys(keep.Account) {
		got = append(got, f.Key.Secret)
	}
	if want := fmt.Sprint([]string{secret(5), secret(4), secret(1), secret(3), secret(0)}); fmt.Sprint(got) != want {
		t.Errorf("former keys are %v, want %s", got, want)
	}
	names := 0
	for _, f := range tx.Formers {
		if f.ID != keep.ID && f.ID != keep.Account {
			t.Errorf("%+v is of what is gone", f)
		}
		if f.Name != "" {
			names++
			if f.Name != "Béta" {
				t.Errorf("a former name is %q", f.Name)
			}
		}
	}
	if names != 1 {
		t.Errorf("%d former names", names)
	}
}
