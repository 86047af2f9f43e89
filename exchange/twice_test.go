package exchange

import (
	"math/rand/v2"
	"testing"

	"kapu/vault"
)

// Few names, keys and numbers in any combination: whatever a file says, and in whatever order, the second import of it
// changes nothing.
func TestAnyFileTwice(t *testing.T) {
	for seed := range uint64(10_000) {
		r := rand.New(rand.NewPCG(seed, 1))
		pick := func(of ...string) string { return of[r.IntN(len(of))] }
		file := func(rows int) []Entry {
			entries := make([]Entry, rows)
			for i := range entries {
				entries[i] = Entry{
					Line: i + 1, Name: pick("Kovács Kft.", "Kovács Kft.", "Szabó Bt.", "Nagy Zrt."),
					Key:      totp(pick(keyA, keyB, "KRUGKIDROVUWG2ZA")),
					UserName: pick("", "", "kp", "szb"), TaxNumber: pick("", "", "12345678-1-42", "87654321-1-42"),
					Folder: pick("", "", "x", "y"), Service: pick("", "", "NAV"), Note: pick("", "n", "m"), DeletionCode: pick("", "1", "2"),
				}
			}
			return entries
		}
		tx := vault.Draft()
		apply := func(entries []Entry, decisions Decisions) Report {
			t.Helper()
			report, err := Apply(t.Context(), tx, entries, decisions)
			if err != nil {
				t.Fatal(err)
			}
			return report
		}
		apply(file(r.IntN(3)), Decisions{Doubtful: true, NewKeys: KeepBoth})
		entries, decisions := file(1+r.IntN(4)), Decisions{Doubtful: r.IntN(2) == 0, Names: r.IntN(2) == 0}
		first := apply(entries, decisions)
		if again := apply(entries, decisions); again.Taken() > 0 {
			t.Errorf("seed %d: first %s, then %s\n%+v\n%+v", seed, fates(first), fates(again), decisions, entries)
		}
	}
}
