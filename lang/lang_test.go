package lang

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"
	"github.com/google/go-cmp/cmp"
)

func texts(t *testing.T, name string) map[string]any {
	t.Helper()
	var m map[string]any
	if _, err := toml.DecodeFile(name, &m); err != nil {
		t.Fatal(err)
	}
	return m
}

var placeholder = regexp.MustCompile(`{{(?:clause |sentence )?\.\w+}}`) // {{az .Name}} comes with its {{.Name}}

// Both languages have the same texts with the same values in them.
func TestLanguagesAgree(t *testing.T) {
	hu, en := texts(t, "hu.toml"), texts(t, "en.toml")
	values := func(v any) []string {
		data, _ := json.Marshal(v)
		found := placeholder.FindAllString(strings.ReplaceAll(string(data), `\u003e`, ">"), -1)
		slices.Sort(found)
		return slices.Compact(found)
	}
	for id := range hu {
		if en[id] == nil {
			t.Errorf("%s has no English text", id)
		} else if diff := cmp.Diff(values(hu[id]), values(en[id])); diff != "" {
			t.Errorf("%s: the values differ (-hu +en):\n%s", id, diff)
		}
	}
	for id := range en {
		if hu[id] == nil {
			t.Errorf("%s has no Hungarian text", id)
		}
	}
}

// use finds the ids that the program asks for; an id that ends with a dash is completed at run time.
var use = regexp.MustCompile(`(?:lang\.E|\bE|\.T|\.N|\.say|\.sayN|\.busy|\bsay)\(\s*"([a-z0-9-]+)"|"((?:help|flag|ask|field|page|assistant|cause|config-fault)-[a-z0-9-]+)"`)

// Every text the program asks for exists, and every text that exists is asked for.
func TestTextsAreUsed(t *testing.T) {
	known := texts(t, "en.toml")
	used := map[string]bool{}
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if name := filepath.Base(path); err == nil && d.IsDir() && len(name) > 2 && name[0] == '.' {
			return fs.SkipDir // tools
		}
		speaks := slices.Contains([]string{".go", ".html", ".js"}, filepath.Ext(path)) && !strings.HasSuffix(path, "_test.go")
		if err != nil || d.IsDir() || !speaks {
			return err
		}
		source, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, m := range use.FindAllStringSubmatch(string(source), -1) {
			id := m[1] + m[2]
			if stem, ok := strings.CutSuffix(id, "-"); ok {
				for k := range known {
					if strings.HasPrefix(k, stem+"-") {
						used[k] = true
					}
				}
				continue
			}
			used[id] = true
			if known[id] == nil {
				t.Errorf("%s asks for the text %q, which does not exist", path, id)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for id := range known {
		if !used[id] {
			t.Errorf("nothing asks for the text %q", id)
		}
	}
}

func TestDesktopLanguage(t *testing.T) {
	for _, tt := range []struct {
		env  map[string]string
		want string
	}{
		{nil, systemLanguage()},
		{map[string]string{"LANG": "hu_HU.UTF-8"}, "hu"},
		{map[string]string{"LANG": "en_GB.UTF-8"}, "en"},
		{map[string]string{"LANG": "de_DE.UTF-8"}, "en"},
		{map[string]string{"LANG": "C.UTF-8"}, "en"},
		{map[string]string{"LANG": "hu_HU.UTF-8", "LC_ALL": "en_US"}, "en"},
		{map[string]string{"LANG": "en_US", "LANGUAGE": "hu:en"}, "hu"},
	} {
		if got := desktop(func(name string) string { return tt.env[name] }); got != tt.want {
			t.Errorf("%v: got %s, want %s", tt.env, got, tt.want)
		}
	}
}

func TestErrorIsSaidInBothLanguages(t *testing.T) {
	kind := errors.New("kind")
	err := error(E("vault-damaged", "Path", "/x/vault.age", "Reason", E("key-digits", "Value", 99)).Kind(kind))
	if !errors.Is(err, kind) {
		t.Error("the kind is lost")
	}
	for language, want := range map[string][]string{
		Hungarian: {"/x/vault.age", "sérült", "99 jegyű"},
		English:   {"/x/vault.age", "damaged", "99 digits"},
	} {
		got := In(language).Error(err)
		for _, w := range want {
			if !strings.Contains(got, w) {
				t.Errorf("%s: %q lacks %q", language, got, w)
			}
		}
	}
}

// A sentence is found wherever an error tree holds it: wrapped, joined, or both. The words of its neighbours, which are
// in English, are not for the person.
func TestErrorIsFoundInATree(t *testing.T) {
	sentence := E("key-digits", "Value", 99)
	plain := errors.New("locked")
	for name, err := range map[string]error{
		"joined":              errors.Join(sentence, plain),
		"joined, last":        errors.Join(plain, sentence),
		"wrapped twice over":  fmt.Errorf("%w: %w", plain, sentence),
		"joined and wrapped":  fmt.Errorf("office: %w", errors.Join(plain, fmt.Errorf("store: %w", sentence))),
		"joined of joined":    errors.Join(errors.Join(plain, nil), errors.Join(nil, sentence)),
		"the first of two":    errors.Join(sentence, E("name-empty")),
		"as a sentence's own": errors.Join(sentence.Kind(plain), plain),
	} {
		if got, want := In(Hungarian).Error(err), In(Hungarian).Error(sentence); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if got := In(Hungarian).Error(errors.Join(plain)); got != "a rendszer válasza: „locked”" {
		t.Errorf("an error without a sentence is said as %q", got)
	}
	// The same in a value, also across a process border.
	outer := E("vault-unreadable", "Path", "/x", "Reason", errors.Join(plain, sentence))
	data, err := json.Marshal(outer)
	var got Error
	if err == nil {
		err = json.Unmarshal(data, &got)
	}
	want := In(Hungarian).Error(E("vault-unreadable", "Path", "/x", "Reason", sentence))
	if err != nil || In(Hungarian).Error(outer) != want || In(Hungarian).Error(&got) != want {
		t.Errorf("%q, %q, %v; want %q", In(Hungarian).Error(outer), In(Hungarian).Error(&got), err, want)
	}
}

// An error in a text is said in the text's language, like one in an error.
func TestErrorInAText(t *testing.T) {
	for _, reason := range []error{E("key-digits", "Value", 99), fmt.Errorf("office: %w", E("key-digits", "Value", 99))} {
		got := In(Hungarian).T("office-failing", "Time", "10:00", "Reason", reason)
		if !strings.Contains(got, "99 jegyű") {
			t.Error(got)
		}
	}
}

// A sentence made in one process is said in another, in that one's language.
func TestErrorCrossesProcesses(t *testing.T) {
	sent := E("vault-damaged", "Path", "/x", "Reason", E("key-digits", "Value", 99))
	data, err := json.Marshal(sent)
	if err != nil {
		t.Fatal(err)
	}
	var got Error
	if err := json.Unmarshal(data, &got); err != nil {
		t.Fatal(err)
	}
	for _, l := range []string{Hungarian, English} {
		if In(l).Error(&got) != In(l).Error(sent) {
			t.Errorf("%s: got %q, want %q", l, In(l).Error(&got), In(l).Error(sent))
		}
	}
}

func TestHungarianOrder(t *testing.T) {
	want := []string{
		"2. Sz. Bt.", "10. Sz. Bt.", // numbers by value
		"Ábel Kft.", "Aladár Bt.", // accents count only between equals
		"Cukor Kft.", "Czakó Bt.", "Csaba Kft.", // cs is a letter after c
		"Odú Kft.", "Oz Kft.", "Ödön Bt.", "Őze Kft.", // ö comes after o
		"Szabó", "Zala", "Zsolt", // zs after z
	}
	got := slices.Clone(want)
	slices.Reverse(got)
	Sort(got, func(s string) string { return s })
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestFold(t *testing.T) {
	for in, want := range map[string]string{
		"ÁRVÍZTŰRŐ Tükörfúrógép": "arvizturo tukorfurogep",
		"  Őze   & Tsa ":         "oze & tsa",
		"O\u0308ze":              "oze",
		"שלום":                   "שלום",
		"12345678-1-42":          "12345678-1-42",
		"\xff\xfe":               "\ufffd\ufffd",
	} {
		if got := Fold(in); got != want {
			t.Errorf("Fold(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestGrouped(t *testing.T) {
	for code, want := range map[string]string{
		"": "", "12": "12", "123456": "123 456", "1234567": "123 456 7", "12345678": "1234 5678", "123456789": "123 456 789", "R3K9T": "R3K 9T",
	} {
		if got := Grouped(code); got != want {
			t.Errorf("%q is grouped as %q, want %q", code, got, want)
		}
	}
}
