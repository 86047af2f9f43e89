package lang

import (
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

func TestVisible(t *testing.T) {
	for text, want := range map[string]string{
		"Kovács és Társa Bt.":       "Kovács és Társa Bt.",
		"Alfa\u202eB.tfK\u202c":     "AlfaB.tfK",
		"\u2066Alfa\u2069":          "Alfa",
		"Al\u200bf\u200ca\u200d":    "Alfa",
		"\ufeffAlfa\u2060":          "Alfa",
		"Al\u00adfa":                "Alfa",
		"\u200eAlfa\u200f\u061c":    "Alfa",
		"Alfa\ufe0f":                "Alfa",
		"Alfa\U000e0041\U000e0100":  "Alfa",
		"Alfa\u3164\uffa0\u115f":    "Alfa",
		"Al\u034ffa":                "Alfa",
		"\x1b[31mAlfa\x1b[0m\a":     "[31mAlfa[0m",
		"\u009b31mAlfa\u0085":       "31mAlfa",
		"Alfa\rBéta":                "AlfaBéta",
		"egy\nkettő\thárom":         "egy\nkettő\thárom",
		"egy\u2028kettő\u2029három": "egy\nkettő\nhárom",
		"شركة":                      "شركة",
		"👩\u200d💼":                  "👩💼",
	} {
		if got := Visible(text); got != want || Visible(got) != got {
			t.Errorf("%+q: %+q, want %+q", text, got, want)
		}
	}
}

// What is found plain at a glance is left alone by all that is looked at more closely, whatever stands beside it.
func TestPlain(t *testing.T) {
	plain := rune(0)
	for r := range rune(unicode.MaxRune + 1) {
		for _, text := range []string{string(r), "e" + string(r), string(r) + "e"} {
			if !Plain(text) {
				continue
			}
			plain++
			if Visible(text) != text || !utf8.ValidString(text) || !norm.NFC.IsNormalString(text) {
				t.Errorf("%+q is not", text)
			}
		}
	}
	if want := rune(3 * (0x7f - ' ' + 2 + 0x180 - 0xc0)); plain != want {
		t.Errorf("%d texts of one or two characters, want %d", plain, want)
	}
	for _, text := range []string{"\xc3", "\xc5e", "\xc3\xc3", "\x80", "a\u0301", "Al\u00adfa", "\r", "\x7f"} {
		if Plain(text) {
			t.Errorf("%+q is plain", text)
		}
	}
	if text := "Árvíztűrő Tükörfúrógép\tés Társa\nKft."; !Plain(text) {
		t.Errorf("%q is not plain", text)
	}
}

func TestCleanReachesEveryText(t *testing.T) {
	type inner struct {
		Name  string
		Lines []string
	}
	type outer struct {
		Inner *inner
		List  []inner
		By    map[string]inner
		Any   any
		Data  []byte
		At    time.Time
		Err   *Error
	}
	const bad = "A\u200blfa"
	at := time.Now()
	v := outer{
		Inner: &inner{Name: bad, Lines: []string{bad}}, List: []inner{{Name: bad}}, By: map[string]inner{"a": {Name: bad}},
		Any: map[string]any{"a": bad, "b": []any{bad, 1}}, Data: []byte(bad), At: at,
		Err: E("folder-locked", "Folder", bad, "Reason", E("folder-locked", "Folder", bad)),
	}
	Clean(&v, Visible)
	inAny := v.Any.(map[string]any)
	for _, got := range []any{
		v.Inner.Name, v.Inner.Lines[0], v.List[0].Name, v.By["a"].Name, inAny["a"], inAny["b"].([]any)[0], v.Err.Values["Folder"],
		v.Err.Values["Reason"].(*Error).Values["Folder"],
	} {
		if got != "Alfa" {
			t.Errorf("%+q", got)
		}
	}
	if string(v.Data) != bad || !v.At.Equal(at) {
		t.Errorf("what is no text was changed: %+v", v)
	}
}

// A sentence shows a stranger's text, whatever error or file it comes from.
func TestSentencesShowWhatIsVisible(t *testing.T) {
	got := In(English).T("folder-locked", "Folder", "A\u202e\x1b[2Jlfa", "ShellFolder", "x")
	if Visible(got) != got {
		t.Errorf("%+q", got)
	}
	if got := In(English).Error(E("folder-locked", "Folder", "A\u202elfa", "ShellFolder", "x")); Visible(got) != got {
		t.Errorf("%+q", got)
	}
}

func TestWhatLooksTheSameFoldsTheSame(t *testing.T) {
	for _, other := range []string{"Ko\u0301s Kft.", "Kós\u200b Kft.", "\u202eKós Kft.\u202c", "Kós\u00a0Kft.", "Kós\ufe0f Kft."} {
		if Fold(other) != Fold("Kós Kft.") {
			t.Errorf("%+q: %q", other, Fold(other))
		}
	}
}
