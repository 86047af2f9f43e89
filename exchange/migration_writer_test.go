package exchange

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kapu/internal/need"
	"kapu/qr"
	"kapu/vault"
)

// many are ordinary clients, every tenth with a name as long as names can be.
func many(n int) []Entry {
	entries := make([]Entry, n)
	for i := range entries {
		entries[i] = Entry{
			Name: fmt.Sprintf("Ügyfél %03d Kft.", i), Service: vault.DefaultService,
			Key: vault.Key{Kind: vault.TOTP, Secret: base32Raw.EncodeToString(random(20)), Algorithm: "SHA1", Digits: 6, Period: 30},
		}
		if i%10 == 9 {
			entries[i].Name = strings.Repeat("ű", vault.MaxName-3) + entries[i].Name[9:12]
		}
	}
	return entries
}

// symbols are codes with these texts, each for itself.
func symbols(texts ...string) (codes []qr.Symbol) {
	for _, text := range texts {
		codes = append(codes, qr.Symbol{Text: text})
	}
	return codes
}

// Pictures of several codes are read again, by another program too, and none alone counts for the whole.
func TestPicturesOfATransfer(t *testing.T) {
	need.Program(t, "zbarimg", "zbar-tools")
	want := many(47)
	files, left, err := Write(migrationWriter{}, want, Options{})
	if err != nil || left != 0 || len(files) < 5 {
		t.Fatalf("%d pictures, %d left out, %v", len(files), left, err)
	}
	var names, zbar []string
	dir := t.TempDir()
	for i, data := range files {
		name := filepath.Join(dir, fmt.Sprintf("%d.png", i))
		if err := os.WriteFile(name, data, 0o600); err != nil {
			t.Fatal(err)
		}
		names = append(names, name)
		out, err := exec.Command("zbarimg", "-q", "--raw", "-Sdisable", "-Sqrcode.enable", name).Output()
		if err != nil {
			t.Fatal(err)
		}
		zbar = append(zbar, strings.TrimSpace(string(out)))
	}
	read := func(name string) (string, []Entry, error) { return ReadFile(name, ReadOptions{}) }
	_, got, err := Together(names, read)
	if err != nil {
		t.Fatal(err)
	}
	for what, got := range map[string][]Entry{"our reader": got, "zbarimg": Codes(symbols(zbar...))} {
		for i := range got {
			got[i].Line, got[i].File, got[i].Share = 0, "", nil
		}
		if diff := cmp.Diff(want, got, unstated); diff != "" {
			t.Errorf("%s:\n%s", what, diff)
		}
	}
	_, some, err := Together(names[1:], read)
	if err != nil || slices.ContainsFunc(some, func(e Entry) bool { return id(e.Doubt) != "import-migration-missing" }) {
		t.Errorf("a transfer without its first code counts: %v", err)
	}
}

// However many there are, each transfer is one that can be read, and no code holds more than telephones read.
func TestLargeTransfers(t *testing.T) {
	want := many(maxShares*maxAccounts + 25)
	uris := migrationURIs(want)
	for _, uri := range uris {
		if len(uri) > 1600 {
			t.Fatalf("a code of %d bytes", len(uri))
		}
	}
	got := Codes(symbols(uris...))
	for i := range got {
		got[i].Line, got[i].Share = 0, nil
	}
	if diff := cmp.Diff(want, got, unstated); diff != "" {
		t.Error(diff)
	}
}

// What Google's message cannot say is left out, not bent.
func TestFitsATransfer(t *testing.T) {
	usual := vault.Key{Kind: vault.TOTP, Secret: "JBSWY3DPEHPK3PXP", Algorithm: "SHA1", Digits: 6, Period: 30}
	for name, tt := range map[string]struct {
		change func(*Entry)
		want   bool
	}{
		"usual":             {func(*Entry) {}, true},
		"eight digits":      {func(e *Entry) { e.Key.Digits = 8 }, true},
		"seven digits":      {func(e *Entry) { e.Key.Digits = 7 }, false},
		"SHA512":            {func(e *Entry) { e.Key.Algorithm = "SHA512" }, true},
		"no algorithm":      {func(e *Entry) { e.Key.Algorithm = "" }, false},
		"a minute":          {func(e *Entry) { e.Key.Period = 60 }, false},
		"counter":           {func(e *Entry) { e.Key.Kind, e.Key.Period, e.Key.Counter = vault.HOTP, 0, 1<<63-1 }, true},
		"counter too large": {func(e *Entry) { e.Key.Kind, e.Key.Period, e.Key.Counter = vault.HOTP, 0, 1<<63 }, false},
		"Steam":             {func(e *Entry) { e.Key.Kind, e.Key.Digits = vault.Steam, 5 }, false},
		"half a byte more":  {func(e *Entry) { e.Key.Secret += "B" }, false},
		"longest names": {func(e *Entry) {
			e.Name, e.Service = strings.Repeat("ű", vault.MaxName), strings.Repeat("ű", vault.MaxName)
		}, true},
		"no code is so large": {func(e *Entry) { e.Key.Secret = strings.Repeat("JBSWY3DP", 512) }, false},
		"service within name": {func(e *Entry) { e.Name = e.Service + ":x" }, true},
	} {
		e := Entry{Name: "Alfa", Service: "Bank", Key: usual}
		tt.change(&e)
		if got := (migrationWriter{}).Fits(e); got != tt.want {
			t.Errorf("%s: %v", name, got)
		}
		if !tt.want {
			continue
		}
		uri := migrationURIs([]Entry{e})[0]
		if _, err := qr.Make(uri); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		got := Codes(symbols(uri))[0]
		got.Line, got.Share = 0, nil
		if diff := cmp.Diff(e, got, unstated); diff != "" {
			t.Errorf("%s:\n%s", name, diff)
		}
	}
}
