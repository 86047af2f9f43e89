package vault

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"kapu/seal"
)

// makeSample writes a sample of today's format. Once a release has written a format, its sample never changes.
var makeSample = flag.Bool("sample", false, "write testdata/format-N for the newest format")

const samplePassword = "elefánt a hóesésben 1867" // protects nothing

// formerKey is one that an account of the samples had before.
var formerKey = Key{Kind: HOTP, Secret: "MFRGGZDFMZTWQ2LKMFRGGZDFMZTWQ2LK", Algorithm: "SHA256", Digits: 8, Counter: 7}

// sampleEntries is what every sample holds, as far as its format can.
func sampleEntries(t testing.TB) ([]Account, []Client) {
	key, err := ParseKey("JBSWY3DPEHPK3PXP")
	check(t, err)
	hotp := Key{Kind: HOTP, Secret: "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", Algorithm: "SHA256", Digits: 8, Counter: 7}
	return []Account{
		{Service: DefaultService, UserName: "kovacs.anna", Key: key, DeletionCode: "12345678", PasswordUntil: "2027-05-31", Note: "első sor\nmásodik sor"},
		{Service: "Bank", Key: hotp},
	}, []Client{
		{Name: "Kovács & Társa Bt.", TaxNumber: "10000001-1-42", Folder: "Betéti társaságok", MandateUntil: "2026-12-31", Favourite: true},
		{Name: "Nagy_és_Fia Kft."},
		{Name: "Őrség Méz Kft."},
	}
}

// A vault that any earlier release wrote opens, by its password and by its recovery key, holds what it held, and can
// be changed.
func TestSamplesOpen(t *testing.T) {
	if *makeSample {
		writeSample(t)
	}
	samples, _ := filepath.Glob("testdata/format-*")
	if len(samples) != bodyFormat {
		t.Fatalf("%d samples of %d formats: go test ./vault -run TestSamplesOpen -sample", len(samples), bodyFormat)
	}
	for _, sample := range samples {
		t.Run(filepath.Base(sample), func(t *testing.T) {
			dir := t.TempDir()
			check(t, os.CopyFS(dir, os.DirFS(sample)))
			v, err := Door{Dir: dir}.Unlock(t.Context(), Given(samplePassword))
			check(t, err)
			checkSample(t, v, sample)

			recovery, err := os.ReadFile(filepath.Join(sample, "recovery-key.txt"))
			check(t, err)
			id, err := seal.ParseIdentity(strings.TrimSpace(string(recovery)))
			check(t, err)
			checkSample(t, open(t, dir, id), sample)

			add(t, v, "Új ügyfél")
			if n := len(open(t, dir, id).Contents().Clients); n != 4 {
				t.Errorf("%d clients after one more", n)
			}
		})
	}
}

func checkSample(t *testing.T, v *Vault, sample string) {
	t.Helper()
	sample = filepath.ToSlash(sample)
	c := v.Contents()
	accounts, clients := sampleEntries(t)
	if strings.HasSuffix(sample, "-1") {
		accounts[0].PasswordUntil = "" // not in format 1
	} else if len(c.Undos) != 1 || len(c.Undos[0].AddedClients) != 3 {
		t.Errorf("what can be undone: %+v", c.Undos)
	}
	if sample >= "testdata/format-6" && (len(c.lineage()) != 2 || len(c.forerunners) != 1 || !slices.Equal(c.logEnds, sampleEnds)) {
		t.Errorf("where it comes from: %+v, log %+v", c.lineage(), c.logEnds)
	}
	if sample >= "testdata/format-5" {
		clients[2].MandateUntil = Indefinite
	}
	if sample >= "testdata/format-4" {
		want := []Former{{ID: c.Clients[2].ID, Name: "Őrség Mézüzem Kft."}, {ID: c.Accounts[1].ID, Key: formerKey}}
		if diff := cmp.Diff(want, c.Formers, cmpopts.IgnoreFields(Former{}, "Until")); diff != "" {
			t.Errorf("what was before (-want +got)\n%s", diff)
		}
	}
	ignore := cmp.Options{cmpopts.IgnoreFields(Account{}, "ID", "Changed"), cmpopts.IgnoreFields(Client{}, "ID", "Account", "Changed")}
	if diff := cmp.Diff(accounts, c.Accounts, ignore) + cmp.Diff(clients, c.Clients, ignore); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	for i, account := range []int{0, 0, 1} {
		if c.Clients[i].Account != c.Accounts[account].ID {
			t.Errorf("%s has another's account", c.Clients[i].Name)
		}
	}
}

// sampleEnds are what the newest samples say of their log, which is not among them.
var sampleEnds = []LogEnd{{"2026-11", 3, digestOf([]byte("sample"))}}

func writeSample(t *testing.T) {
	accounts, clients := sampleEntries(t)
	clients[2].MandateUntil = Indefinite
	dir := t.TempDir()
	v, err := Door{Dir: dir}.Create(t.Context(), Password, Given(samplePassword))
	check(t, err)
	_, err = v.Update(t.Context(), func(tx *Tx) error {
		tx.Undoable(Imported, "sample")
		tx.logEnds = sampleEnds
		for i := range accounts {
			a, err := tx.PutAccount(accounts[i])
			if err != nil {
				return err
			}
			accounts[i] = a
		}
		for i, account := range []int{0, 0, 1} {
			clients[i].Account = accounts[account].ID
			if clients[i], err = tx.PutClient(clients[i]); err != nil {
				return err
			}
		}
		before := clients[2] // the newest of what it was called, and of the key that it had
		before.Name = "Őrség Mézüzem Kft."
		if _, err := tx.PutClient(before); err != nil {
			return err
		}
		if _, err := tx.PutClient(clients[2]); err != nil {
			return err
		}
		old := accounts[1]
		old.Key = formerKey
		if _, err := tx.PutAccount(old); err != nil {
			return err
		}
		_, err := tx.PutAccount(accounts[1])
		return err
	})
	check(t, err)
	to := fmt.Sprintf("testdata/format-%d", bodyFormat)
	check(t, os.MkdirAll("testdata", 0o755))
	check(t, os.Mkdir(to, 0o755)) // never made anew
	for _, name := range []string{fileName, keyName} {
		data, err := os.ReadFile(filepath.Join(dir, name))
		check(t, err)
		check(t, os.WriteFile(filepath.Join(to, name), data, 0o644))
	}
	check(t, os.WriteFile(filepath.Join(to, "recovery-key.txt"), []byte(v.RecoveryKey()+"\n"), 0o644))
}
