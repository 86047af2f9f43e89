package config

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"kapu/lang"
)

// What is wrong in a file is said in the person's language, with file and line, and without a word of the library's.
func TestFaultsAreSaid(t *testing.T) {
	foreign := regexp.MustCompile(`(?i)\b(toml|expected|unexpected|instead|invalid|found|EOF|type|destination|the|of|has)\b`)
	for text, want := range map[string]string{
		"language = \n":                      "1. sor: az egyenlőségjel után nem érték áll",
		"language = hu\n":                    "1. sor: az egyenlőségjel után nem érték áll",
		"\nlanguage hu\n":                    "2. sor: a kulcs neve után egyenlőségjel",
		"language = \"hu\n":                  "1. sor: egy szövegnek nincs záró idézőjele",
		"language = 'hu\n":                   "1. sor: egy szövegnek nincs záró idézőjele",
		"language = \"hu\"\n\n= 5\n":         "3. sor: az egyenlőségjel előtt nincs kulcs",
		"language = \"hu\" x\n":              "1. sor: az érték után még áll valami",
		"language = \"C:\\Kapu\"\n":          "1. sor: egy szövegben fordított perjel áll",
		"language = 5\n":                     "1. sor: a „language” értéke szám, pedig idézőjelek közé írt szöveg kell legyen",
		"[lock]\non_sleep = \"yes\"\n":       "2. sor: a „lock.on_sleep” értéke idézőjelek közé írt szöveg, pedig true vagy false",
		"[copy]\nfresh_for = 5\n":            "2. sor: a „copy.fresh_for” értéke „5”, ami nem időtartam",
		"[office]\npoll = \"often\"\n":       "2. sor: az „office.poll” értéke „often”, ami nem időtartam",
		"language = \"hu\"\nlanguage = \"\"": "2. sor: ez a kulcs vagy fejléc már szerepelt",
		"[copy\n":                            "1. sor: a szögletes zárójelek közé írt fejléc hibás",
		"copy = 3\n":                         "1. sor: a „copy” értéke szám, pedig tábla",
		"group = \"Kft-k\"\n":                "1. sor: a „group” értéke",
		"language = \"\xff\"\n":              "1. sor: olyan karakter van benne",
		"pool = [1, 2\n":                     "sor: a lista elemei közé vessző kell",
	} {
		path := filepath.Join(t.TempDir(), "config.toml")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := Load(Paths{Config: path})
		if err == nil {
			t.Errorf("%q is taken", text)
			continue
		}
		said := lang.In(lang.Hungarian).Error(err)
		rest := strings.TrimPrefix(said, path)
		if !strings.Contains(rest, want) {
			t.Errorf("%q: %s\nwant %s", text, rest, want)
		}
		if word := foreign.FindString(strings.NewReplacer("language", "", "office", "").Replace(rest)); word != "" {
			t.Errorf("%q: the word %q is left in %s", text, word, rest)
		}
	}
}

// A fault that nobody foresaw is quoted.
func TestUnknownFaultIsQuoted(t *testing.T) {
	want := "így a sor nem érthető (a rendszer válasza: „something new”)."
	if got := lang.In(lang.Hungarian).Error(faultOf(errors.New("toml: line 3 (last key \"a\"): something new"))); got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
