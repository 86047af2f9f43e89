package exchange

import (
	"crypto/rand"
	"encoding/base32"
	"strings"
	"testing"

	"kapu/vault"
)

// What is hardly a key, and what is one.
func TestDoubt(t *testing.T) {
	for _, tt := range []struct{ name, service, key, want string }{
		{"Alfa", "", "JBSWY3DPEHPK3PXP", ""},
		{"Alfa", "Ügyfélkapu+", "jbsw y3dp ehpk 3pxp", ""},
		{"Alfa", "Google", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXQ", ""},
		{"Alfa", "Google", "GEZDGNBV", ""},
		{"Alfa", "", "JBSWY3DPEHPK3PX", "doubt-short"},
		{"Alfa", "ügyfélkapu", "JBSWY3DPEHPK3", "doubt-short"},
		{"Alfa", "", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXQ", "doubt-long"},
		{"Alfa", "foreign", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXQ", ""},
		{"Alfa", "foreign", "JBSWY3DPEHPK3", "doubt-short"},
		{"Alfa", "", "nincs", "doubt-word"},
		{"Alfa", "", "TELEFON", "doubt-word"},
		{"Alfa", "", "ugyanaz", "doubt-word"},
		{"Alfa", "", "nincskulcs", "doubt-word"},
		{"Alfa", "Google", "papironvan", "doubt-word"},
		{"Alfa", "", "elveszettakulcsa", "doubt-word"},
		{"Alfa", "", "AAAAAAAAAAAAAAAA", "doubt-pattern"},
		{"Alfa", "", "ABABABABABABABAB", "doubt-pattern"},
		{"Alfa", "", "ABCDEFGHIJKLMNOP", "doubt-pattern"},
		{"Alfa", "", "2222222222222222", "doubt-pattern"},
		{"Kovács Bt", "", "KOVACSBT", "doubt-name-as-key"},
		{"JBSWY3DPEHPK3PXP", "", "GEZDGNBVGY3TQOJQ", "doubt-key-as-text(name)"},
		{"jbsw y3dp ehpk 3pxp", "", "GEZDGNBVGY3TQOJQ", "doubt-key-as-text(name)"},
		{"otpauth://totp/x?secret=A", "", "GEZDGNBVGY3TQOJQ", "doubt-key-as-text(name)"},
		{"Kovács Bt. JBSWY3DPEHPK3PXP", "", "GEZDGNBVGY3TQOJQ", "doubt-key-as-text(name)"},
		{"Kovács (jbsw y3dp ehpk 3pxp)", "", "GEZDGNBVGY3TQOJQ", "doubt-key-as-text(name)"},
		{"kulcs:JBSW-Y3DP-EHPK-3PXP", "", "GEZDGNBVGY3TQOJQ", "doubt-key-as-text(name)"},
		{"Kovács KQZPVGYTRWXNBMLC", "", "KQZPVGYTRWXNBMLC", "doubt-key-as-text(name)"}, // its own key, letters alone
		{"Tarsashaz Vasvari utca 23", "", "GEZDGNBVGY3TQOJQ", ""},
		{"INGATLANHASZNOSITO24", "", "GEZDGNBVGY3TQOJQ", ""},
		{"Balatonfelvidéki Idegenforgalmi", "", "GEZDGNBVGY3TQOJQ", ""},
		{"2345-6723-4567-2345", "", "GEZDGNBVGY3TQOJQ", ""},
	} {
		e := Entry{Name: tt.name, Service: strings.TrimSuffix(tt.service, "foreign"), Key: totp(tt.key), Foreign: tt.service == "foreign"}
		if err := e.fit(); err != nil {
			t.Errorf("%s: %v", tt.key, err)
			continue
		}
		if got := reasonOf(Doubt(e)); got != tt.want {
			t.Errorf("%s of %s: %q, want %q", tt.key, tt.name, got, tt.want)
		}
	}
}

// Real keys pass: of random ones less than one in a thousand has to be confirmed.
func TestDoubtSparesRealKeys(t *testing.T) {
	doubted := 0
	const n = 100_000
	for range n {
		var b [10]byte
		rand.Read(b[:])
		if Doubt(Entry{Name: "Kovács és Fia Kft.", Key: totp(base32.StdEncoding.EncodeToString(b[:]))}) != nil {
			doubted++
		}
	}
	if doubted > n/1000 {
		t.Errorf("%d of %d", doubted, n)
	}
	t.Logf("%d of %d", doubted, n)
}

// A doubtful row is not taken unless the person says so, and nothing is asked of one that is there already.
func TestDoubtfulIsAsked(t *testing.T) {
	v := newVault(t)
	file := []Entry{
		{Name: "Alfa", Key: totp("nincs")},
		{Name: "Béta", Key: totp(keyA)},
		{Name: "Gamma", UserName: "g", Key: totp(keyB)},
		{Name: "Delta", UserName: "d", Key: totp(keyB)},
	}
	if got, want := planned(t, v, file, Decisions{}), "doubtful:doubt-word new new doubtful:doubt-two-users"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got, want := planned(t, v, file, Decisions{Rows: map[int]Decision{0: Accept}}), "new same same doubtful:doubt-two-users"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got, want := planned(t, v, file[:1], Decisions{}), "same"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if !strings.Contains(contains(v), "Alfa=NIN") {
		t.Errorf("holds %s", contains(v))
	}
}

// Each row says which decisions can be taken on it, whether one was or not; deciding about a new key that is doubtful
// too is one decision.
func TestChoices(t *testing.T) {
	before := []Entry{
		{Name: "Alfa", TaxNumber: "11111111-1-11", Key: totp(keyA)}, {Name: "Béta", TaxNumber: "22222222-1-22", Key: totp(keyB)},
	}
	file := []Entry{
		{Name: "Alfa", TaxNumber: "11111111-1-11", Key: totp("nincs")},
		{Name: "Béta Zrt.", TaxNumber: "22222222-1-22", Folder: "Zrt-k", Key: totp(keyB)},
		{Name: "Gamma", Key: totp("telefon")},
		{Name: "Delta", Key: totp(keyC)},
	}
	const choices = "replace,both name accept -"
	for _, tt := range []struct {
		decisions Decisions
		want      string
	}{
		{Decisions{}, "doubtful:doubt-word+new-key changed:renamed-there+changed(folder) doubtful:doubt-word new"},
		{
			Decisions{Rows: map[int]Decision{0: Replace, 1: TakeName, 2: Accept}},
			"replaced:replaced changed:changed(folder,name) new new",
		},
		{Decisions{Doubtful: true}, "new-key:new-key changed:renamed-there+changed(folder) new new"},
		{Decisions{NewKeys: Replace}, "doubtful:doubt-word changed:renamed-there+changed(folder) doubtful:doubt-word new"},
		{Decisions{Rows: map[int]Decision{0: Accept}}, "doubtful:doubt-word+new-key changed:renamed-there+changed(folder) doubtful:doubt-word new"},
	} {
		tx := vault.Draft()
		if _, err := Apply(t.Context(), tx, before, Decisions{}); err != nil {
			t.Fatal(err)
		}
		report, err := Apply(t.Context(), tx, file, tt.decisions)
		if err != nil {
			t.Fatal(err)
		}
		if got := fates(report); got != tt.want {
			t.Errorf("%+v: got %s, want %s", tt.decisions, got, tt.want)
		}
		var all []string
		for _, row := range report.Rows {
			words := "-"
			for i, c := range row.Choices {
				words = strings.TrimPrefix(words, "-") + strings.Repeat(",", min(i, 1)) + string(c)
			}
			all = append(all, words)
		}
		if got := strings.Join(all, " "); got != choices {
			t.Errorf("%+v: the choices are %s, want %s", tt.decisions, got, choices)
		}
	}
}

func BenchmarkDoubt(b *testing.B) {
	e := Entry{Name: "Kovács és Fia Kereskedelmi Kft.", Folder: "Kft-k", UserName: "kovacs.bela", Key: vault.Key{Kind: vault.TOTP, Secret: keyA}}
	for b.Loop() {
		Doubt(e)
	}
}
