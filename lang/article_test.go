package lang

import (
	"encoding/json"
	"os"
	"regexp"
	"testing"
)

// The page is held to the same vectors (panel/article_test.go).
func TestArticle(t *testing.T) {
	data, err := os.ReadFile("testdata/article.json")
	if err != nil {
		t.Fatal(err)
	}
	var v struct{ A, Az []string }
	if err := json.Unmarshal(data, &v); err != nil || len(v.A) == 0 || len(v.Az) == 0 {
		t.Fatal(err)
	}
	for want, texts := range map[string][]string{"a": v.A, "az": v.Az} {
		for _, s := range texts {
			if got := article(s); got != want {
				t.Errorf("%s %q, want %s", got, s, want)
			}
		}
	}
}

func TestArticleInTexts(t *testing.T) {
	for folder, want := range map[string]string{
		"Kft-k":   "A „Kft-k” mappa zárolva van",
		"Egyéni":  "Az „Egyéni” mappa zárolva van",
		"5. hó":   "Az „5. hó” mappa zárolva van",
		"„MNB”-s": "Az „„MNB”-s” mappa zárolva van",
	} {
		if got := In(Hungarian).T("folder-locked", "Folder", folder); got[:len(want)] != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if got := In(Hungarian).Error(E("text-long", "Text", E("name-empty"), "Length", 1, "Most", 1)); got[:3] != "Az " {
		t.Errorf("of a sentence in a sentence: %q", got)
	}
}

var (
	bothArticles  = regexp.MustCompile(`(?i)\ba\(z\)|\ba/az\b`)
	plainArticle  = regexp.MustCompile(`(?:^|[^\pL{])[Aa]z? [„(]?\{\{\.`)
	otherArticle  = regexp.MustCompile(`\{\{[aA]z \.(\w+)\}\} ["„(]?(?:\{\{\.(\w+)\}\})?`)
	valueSuffixed = regexp.MustCompile(`\}\}[”"]?-?(\pL+)`)
	// The second part of a compound takes the suffix; and some suffixes are the same after every vowel.
	compounded = regexp.MustCompile(`^(?:(?:export|fájl|archívum|dokumentum)|(?:ig|ért|kor|ként)$)`)
)

// No sentence leaves the article of a value to the reader, or gives it the same one always: Az is of the value that
// follows. And none puts a suffix on a value, whose vowels nobody knows: "a(z) X-ban/-ben".
func TestValuesFitTheirSentences(t *testing.T) {
	for id, text := range texts(t, "hu.toml") {
		data, _ := json.Marshal(text)
		var all map[string]string
		if json.Unmarshal(data, &all) != nil {
			all = map[string]string{"": text.(string)}
		}
		for _, s := range all {
			if found := bothArticles.FindString(s) + plainArticle.FindString(s); found != "" {
				t.Errorf("%s: %q instead of {{az .Value}}", id, found)
			}
			for _, m := range otherArticle.FindAllStringSubmatch(s, -1) {
				if m[1] != m[2] {
					t.Errorf("%s: the article of %s stands before %q", id, m[1], m[2])
				}
			}
			for _, m := range valueSuffixed.FindAllStringSubmatch(s, -1) {
				if !compounded.MatchString(m[1]) {
					t.Errorf("%s: the value takes the suffix %q", id, m[1])
				}
			}
		}
	}
}
