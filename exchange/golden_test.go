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
			{"user name", e.UserName != "", e.UserName},
			{"folder", e.Folder != "", e.Folder},
			{"tax number", e.TaxNumber != "", e.TaxNumber},
			{"warned", e.Warn != nil, id(e.Warn)},
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

// plainFiles are the exports that need no password, by their formats.
var plainFiles = map[string]string{
	"list.txt":       "otpauth",
	"ente.txt":       "Ente Auth",
	"ente.json":      "Ente Auth",
	"aegis.json":     "Aegis",
	"2fas.json":      "2FAS",
	"andotp.json":    "andOTP",
	"bitwarden.json": "Bitwarden",
	"freeotp.json":   "FreeOTP+",
	"proton.json":    "Proton Authenticator",

	"stratum.json":                "Stratum",
	"extension.json":              "Authenticator",
	"winauth.xml":                 "WinAuth",
	"lastpass.json":               "LastPass Authenticator",
	"2fauth.json":                 "2FAuth",
	"raivo-otp-export.json":       "Raivo OTP",
	"bitwarden-authenticator.csv": "Bitwarden Authenticator",
	"keepass-export.xml":          "KeePass",
}

func TestGolden(t *testing.T) {
	for file, want := range plainFiles {
		t.Run(file, func(t *testing.T) {
			path := filepath.Join("testdata", file)
			format, entries, err := Read(readFile(t, path), ReadOptions{})
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
		27: "name-empty", 29: "import-number", 30: "key-length",
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
	const dir = "../../shared/samples/aegis-tests"
	if _, err := os.Stat(dir); err != nil {
		t.Skip("no samples here")
	}
	password := func(string) (string, error) { return "test", nil }
	inAll := map[string]Entry{} // by secret: every file holds some of the same seven keys
	for _, e := range read(t, string(readFile(t, filepath.Join(dir, "plain.txt")))) {
		inAll[e.Key.Secret] = e
	}
	for _, tt := range []struct {
		file, format string
		n            int
	}{
		{"plain.txt", "otpauth", 7},
		{"ente_auth.txt", "Ente Auth", 7},
		{"aegis_plain.json", "Aegis", 7},
		{"aegis_plain_grouped_v2.json", "Aegis", 7},
		{"aegis_encrypted.json", "Aegis", 7},
		{"2fas_authenticator_plain_v4.2fas", "2FAS", 5},
		{"2fas_authenticator_encrypted_v3.2fas", "2FAS", 6},
		{"2fas_authenticator_encrypted_v4.2fas", "2FAS", 5},
		{"andotp_plain.json", "andOTP", 7},
		{"andotp_encrypted.bin", "andOTP", 7},
		{"andotp_encrypted_old.bin", "andOTP", 6},
		{"bitwarden.json", "Bitwarden", 4},
		{"freeotp_plus.json", "FreeOTP+", 6},
		{"proton_authenticator.json", "Proton Authenticator", 3},
	} {
		o := ReadOptions{Ask: password}
		if tt.file == "andotp_encrypted_old.bin" { // it has no mark
			o.As = tt.format
		}
		format, entries, err := Read(readFile(t, filepath.Join(dir, tt.file)), o)
		if err != nil || format != tt.format || len(entries) != tt.n {
			t.Errorf("%s: %s, %d entries, %v", tt.file, format, len(entries), err)
			continue
		}
		for _, e := range entries {
			want, known := inAll[e.Key.Secret]
			if want.Line, want.Folder = e.Line, e.Folder; tt.format == "Bitwarden" { // its items are "Test 1" to "Test Steam"
				want.Name, want.UserName = e.Name, want.Name
				if want.Key.Kind == vault.Steam { // an address without a label
					want.Service, want.UserName = "Steam", ""
				}
			}
			if tt.format == "FreeOTP+" && want.Key.Kind == vault.HOTP { // it had counted one less
				want.Key.Counter--
			}
			if diff := cmp.Diff(want, e, unstated); !known || diff != "" {
				t.Errorf("%s:%d: %s", tt.file, e.Line, diff)
			}
		}
	}
}

func TestCodesAgreeWithOathtool(t *testing.T) {
	oathtool, err := exec.LookPath("oathtool")
	if err != nil {
		t.Skip("oathtool is not installed")
	}
	at := time.Date(2026, 3, 20, 9, 30, 0, 0, time.UTC)
	compared := 0
	var entries []Entry
	for file := range plainFiles {
		entries = append(entries, read(t, string(readFile(t, filepath.Join("testdata", file))))...)
	}
	for _, e := range entries {
		if e.Refuse != nil || e.Skip != nil || e.Key.Kind == vault.Steam || e.Key.Digits < 6 || e.Key.Digits > 8 {
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
	if compared < 30 {
		t.Errorf("only %d keys were compared", compared)
	}
}
