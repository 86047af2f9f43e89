package lang

import (
	"testing"

	"github.com/BurntSushi/toml"
	"github.com/google/go-cmp/cmp"
)

// Parsed message by message, a file has what it has as a whole.
func TestIndex(t *testing.T) {
	files := map[string]string{
		"hu.toml": hungarianFile, "en.toml": englishFile,
		"all forms": `# first
a = "A"

b.one = "{{.N}} b"
b.other = "{{.N}} b's"
c = """
a = "no message"
# no comment
d"""
d = 'x = "y"'
e = """one line"""
f = "F"`,
		"nothing": "", "a comment": "# a = 1",
	}
	for name, file := range files {
		t.Run(name, func(t *testing.T) {
			want, got := map[string]any{}, map[string]any{}
			if err := toml.Unmarshal([]byte(file), &want); err != nil {
				t.Fatal(err)
			}
			for id, lines := range index(file) {
				one := map[string]any{}
				if err := toml.Unmarshal([]byte(lines), &one); err != nil || len(one) != 1 || one[id] == nil {
					t.Errorf("%s: %v of %q", id, err, lines)
				}
				got[id] = one[id]
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-whole +by message):\n%s", diff)
			}
		})
	}
}

// The first text that a process says.
func BenchmarkFirstText(b *testing.B) {
	for b.Loop() {
		if (&Texts{language: Hungarian, file: hungarianFile}).T("nobody") == "" {
			b.Fatal()
		}
	}
}
