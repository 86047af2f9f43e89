package lang

import (
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// awkward are names that shells stumble over.
var awkward = []string{
	"Alfa", "48012727", "Kovács & Társa Bt.", "O'Brien Kft.", `"Aranyszarvas" Kft.`, "Bűvös <Játék> | Kft.; rm", "$HOME `id` $(id)",
	"100% Magyar!", "!!", "*", "~", "a\\b", "# Kft.", "Kovács „Kati” Bt.", "“x”", "''", "'", "", " ", "a  b", "-x", "--next", "שלום", "a=b", "{a,b}",
}

// What is pasted into a shell is one argument, and the very value.
func TestShellOfThisMachine(t *testing.T) {
	for _, shell := range []string{"sh", "bash", "dash", "zsh", "busybox"} {
		path, err := exec.LookPath(shell)
		if err != nil {
			continue
		}
		for _, value := range awkward {
			args := []string{"-c", `p() { [ "$1" = -- ] && shift; printf '%s|' "$@"; }; p ` + Shell(value)}
			if shell == "busybox" {
				args = append([]string{"sh"}, args...)
			}
			got, err := exec.Command(path, args...).CombinedOutput()
			if want := value + "|"; err != nil || string(got) != want {
				t.Errorf("%s: %s is %q, %v; want %q", shell, Shell(value), got, err, want)
			}
		}
	}
}

func TestQuotesOfWindows(t *testing.T) {
	for value, want := range map[string]string{
		"Alfa": "Alfa", "48012727": "48012727", "Alfa Kft.": `"Alfa Kft."`, "O'Brien Kft.": `"O'Brien Kft."`,
		`"Arany" Kft.`: `"""Arany"" Kft."`, "Kovács „Kati” Bt.": `"Kovács „„Kati”” Bt."`, "A$AP `x`": "\"A`$AP ``x``\"", "": `""`,
	} {
		if got := quoteWindows(value); got != want {
			t.Errorf("%q is quoted as %s, want %s", value, got, want)
		}
	}
}

var (
	command   = regexp.MustCompile(`\bkapu( (?:[a-zA-ZÁÉÍÓÖŐÚÜŰ0-9./_-]+|{{\.\w+}}))*`)
	value     = regexp.MustCompile(`{{\.(\w+)}}`)
	curved    = regexp.MustCompile(`[„”“‘’"'\\]`)
	shellPair = regexp.MustCompile(`"Shell\w*",\s*([\w.]+)`)
)

// A command that a sentence tells to type can be pasted: it stands between backquotes, its values are quoted for a
// shell and last, and no quotation mark of a language is in it.
func TestCommandsCanBePasted(t *testing.T) {
	for _, name := range []string{"hu.toml", "en.toml"} {
		for id, v := range texts(t, name) {
			data, _ := json.Marshal(v)
			var forms map[string]string
			if json.Unmarshal(data, &forms) != nil {
				forms = map[string]string{"": v.(string)}
			}
			for _, text := range forms {
				for i, part := range strings.Split(text, "`") {
					checkCommand(t, name+" "+id, part, i%2 == 1)
				}
			}
		}
	}
}

func checkCommand(t *testing.T, where, part string, quoted bool) {
	t.Helper()
	if !quoted {
		if c := command.FindString(part); strings.Contains(c, "{{") || strings.Contains(part, "{{.Shell") {
			t.Errorf("%s: a command with a value stands outside of backquotes: %s", where, part)
		}
		return
	}
	if !strings.HasPrefix(part, "kapu ") {
		return
	}
	if curved.MatchString(part) {
		t.Errorf("%s: %s has a quotation mark", where, part)
	}
	for _, m := range value.FindAllStringSubmatch(part, -1) {
		if !strings.HasPrefix(m[1], "Shell") {
			t.Errorf("%s: %s takes %s as it is", where, part, m[1])
		}
		if !strings.HasSuffix(part, m[0]) {
			t.Errorf("%s: after %s %s goes on", where, m[0], part)
		}
	}
}

// Who gives such a value quotes it.
func TestShellValuesAreQuoted(t *testing.T) {
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() && strings.HasPrefix(d.Name(), ".") && d.Name() != ".." {
			return fs.SkipDir
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		source, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, m := range shellPair.FindAllSubmatch(source, -1) {
			if string(m[1]) != "lang.Shell" {
				t.Errorf("%s: %s", path, m[0])
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
