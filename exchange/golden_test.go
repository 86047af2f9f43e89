package exchange

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kapu/lang"
	"kapu/vault"
)

var update = flag.Bool("update", false, "write the golden files anew")

func describe(entries []Entry) string {
	var b strings.Builder
	for _, e := range entries {
		fmt.Fprintf(&b, "%d: %q\n", e.Line, e.Name)
		for _, f := range []struct {
			name string
			say  bool
			v    any
		}{
			{"refused", e.Refuse != nil, id(e.Refuse)},
			{"skipped", e.Skip != nil, id(e.Skip)},
			{"service", e.Service != "", e.Service},
			{"folder", e.Folder != "", e.Folder},
			{"note", e.Note != "", fmt.Sprintf("%q", e.Note)},
			{"favourite", e.Favourite, e.Favourite},
			{"key", e.Key.Secret != "", fmt.Sprintf("%s %s %s, %d digits, %d s, counter %d",
				e.Key.Kind, e.Key.Secret, e.Key.Algorithm, e.Key.Digits, e.Key.Period, e.Key.Counter)},
		} {
			if f.say {
				fmt.Fprintf(&b, "\t%s: %v\n", f.name, f.v)
			}
		}
	}
	return b.String()
}

func TestGolden(t *testing.T) {
	for file, want := range map[string]string{"list.txt": "otpauth", "ente.txt": "Ente Auth", "ente.json": "Ente Auth"} {
		t.Run(file, func(t *testing.T) {
			path := filepath.Join("testdata", file)
			format, entries, err := Read(readFile(t, path), nil)
			if err != nil || format != want {
				t.Fatalf("read as %q (%v), want %q", format, err, want)
			}
			got := describe(entries)
			if *update {
				if err := os.WriteFile(path+".golden", []byte(got), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(string(readFile(t, path+".golden")), got); diff != "" {
				t.Error(diff)
			}
			for _, e := range entries {
				for _, l := range []string{lang.Hungarian, lang.English} {
					if e.Refuse != nil && strings.Contains(lang.In(l).Error(e.Refuse), "<no value>") {
						t.Errorf("line %d: %s", e.Line, lang.In(l).Error(e.Refuse))
					}
				}
			}
		})
	}
}

func TestRefused(t *testing.T) {
	want := map[int]string{
		17: "import-not-otpauth", 18: "key-empty", 19: "key-base32", 20: "key-digits", 21: "key-digits",
		22: "key-period", 23: "import-counter", 24: "key-kind", 25: "key-algorithm", 26: "text-long",
		27: "name-empty", 28: "import-migration", 29: "import-number", 30: "key-length",
	}
	got := map[int]string{}
	for _, e := range read(t, string(readFile(t, "testdata/list.txt"))) {
		if e.Refuse != nil {
			got[e.Line] = e.Refuse.ID
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestOtherProgramsExports(t *testing.T) {
	found := 0
	for _, file := range []string{"plain.txt", "ente_auth.txt"} {
		for _, dir := range []string{"../../shared/samples", "../../shared/samples/aegis-tests"} {
			data, err := os.ReadFile(filepath.Join(dir, file))
			if err != nil {
				continue
			}
			found++
			_, entries, err := Read(data, nil)
			if err != nil || len(entries) != 7 {
				t.Fatalf("%s: %d entries, %v", file, len(entries), err)
			}
			kinds := map[vault.Kind]int{}
			for _, e := range entries {
				if e.Refuse != nil {
					t.Errorf("%s:%d: %v", file, e.Line, e.Refuse)
				}
				kinds[e.Key.Kind]++
				if e.Name == "Mason" && e.Service == "WWE" &&
					e.Key != (vault.Key{Kind: vault.HOTP, Secret: "5VAML3X35THCEBVRLV24CGBKOY", Algorithm: "SHA512", Digits: 8, Counter: 10300}) {
					t.Errorf("%s: %+v", file, e.Key)
				}
			}
			if diff := cmp.Diff(map[vault.Kind]int{vault.TOTP: 3, vault.HOTP: 3, vault.Steam: 1}, kinds); diff != "" {
				t.Errorf("%s: %s", file, diff)
			}
		}
	}
	if found == 0 {
		t.Skip("no samples here")
	}
}

func TestCodesAgreeWithOathtool(t *testing.T) {
	oathtool, err := exec.LookPath("oathtool")
	if err != nil {
		t.Skip("oathtool is not installed")
	}
	at := time.Date(2026, 3, 20, 9, 30, 0, 0, time.UTC)
	compared := 0
	for _, e := range read(t, string(readFile(t, "testdata/list.txt"))) {
		if e.Refuse != nil || e.Key.Kind == vault.Steam || e.Key.Digits < 6 || e.Key.Digits > 8 {
			continue // oathtool makes no others
		}
		args := []string{"--base32", "--digits", fmt.Sprint(e.Key.Digits)}
		if e.Key.Kind == vault.HOTP {
			if e.Key.Algorithm != "SHA1" {
				continue // nor these
			}
			args = append(args, "--hotp", "--counter", fmt.Sprint(e.Key.Counter))
		} else {
			args = append(args, "--totp="+e.Key.Algorithm, "--time-step-size", fmt.Sprint(e.Key.Period),
				"--now", at.Format("2006-01-02 15:04:05 UTC"))
		}
		cmd := exec.Command(oathtool, append(args, "-")...)
		cmd.Stdin = strings.NewReader(e.Key.Secret)
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("%s: %v", e.Name, err)
		}
		code, err := e.Key.Code(at)
		if got := string(bytes.TrimSpace(out)); err != nil || got != code.Digits {
			t.Errorf("%s: %s, but oathtool says %s (%v)", e.Name, code.Digits, got, err)
		}
		compared++
	}
	if compared < 10 {
		t.Errorf("only %d keys were compared", compared)
	}
}
