package main

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"kapu/cli"
)

// documents are the repository's texts by their names.
func documents(t *testing.T) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && name != "." && (strings.HasPrefix(d.Name(), ".") || d.Name() == "dist" || d.Name() == "testdata"):
			return filepath.SkipDir
		case path.Ext(name) == ".md":
			found[filepath.ToSlash(name)] = strings.ReplaceAll(string(read(t, name)), "\r\n", "\n")
		}
		return nil
	})
	if err != nil || len(found) < 20 {
		t.Fatalf("%d documents, %v", len(found), err)
	}
	return found
}

var (
	links    = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	headings = regexp.MustCompile(`(?m)^(#+) (.+)$`)
	fenced   = regexp.MustCompile("(?ms)^```.*?^```$")
	indented = regexp.MustCompile(`(?m)^(    |\t).*$`)
	spans    = regexp.MustCompile("`([^`]+)`")
)

// Every link leads to something, and every picture is shown somewhere.
func TestLinksResolve(t *testing.T) {
	texts := documents(t)
	shown := map[string]bool{}
	for name, text := range texts {
		for _, m := range links.FindAllStringSubmatch(prose(text), -1) {
			target, anchor, _ := strings.Cut(m[1], "#")
			if strings.Contains(target, "://") {
				continue
			}
			if target = path.Join(path.Dir(name), target); m[1][0] == '#' {
				target = name
			}
			shown[target] = true
			if _, err := os.Stat(target); err != nil {
				t.Errorf("%s: there is no %s", name, m[1])
			} else if anchor != "" && !slices.Contains(anchors(texts[target]), anchor) {
				t.Errorf("%s: nothing in %s is called %s", name, target, anchor)
			}
		}
	}
	pictures, _ := filepath.Glob("docs/pictures/*.png")
	english, _ := filepath.Glob("docs/pictures/en/*.png")
	for _, p := range append(pictures, english...) {
		if !shown[filepath.ToSlash(p)] {
			t.Errorf("no document shows %s", p)
		}
	}
}

// anchors are the names under which a document's headings can be linked to, as GitHub makes them.
func anchors(text string) (names []string) {
	for _, m := range headings.FindAllStringSubmatch(fenced.ReplaceAllString(text, ""), -1) {
		names = append(names, strings.Map(func(r rune) rune {
			switch {
			case r == ' ':
				return '-'
			case unicode.IsLetter(r), unicode.IsDigit(r), r == '-', r == '_':
				return unicode.ToLower(r)
			}
			return -1
		}, m[2]))
	}
	return names
}

// prose is a text without its blocks of code.
func prose(text string) string {
	return indented.ReplaceAllString(fenced.ReplaceAllString(text, ""), "")
}

// Every command that a document or a text of the program names exists, with the options that it is shown with.
func TestCommandsExist(t *testing.T) {
	root := cli.Commands("en")
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd("")
	texts := documents(t)
	for _, name := range []string{"lang/hu.toml", "lang/en.toml"} {
		texts[name] = string(read(t, name))
	}
	n := 0
	for name, text := range texts {
		if strings.HasPrefix(name, "docs/decisions/") || name == "CHANGELOG.md" {
			continue // they tell what was once thought of
		}
		if name == "docs/formats.md" {
			continue // what begins with kapu there are the first words of files
		}
		for _, words := range commands(text) {
			n++
			if wrong := wrongIn(root, words); wrong != "" {
				t.Errorf("%s: kapu %s: there is no %s", name, strings.Join(words, " "), wrong)
			}
		}
	}
	if n < 200 {
		t.Errorf("only %d commands were found", n)
	}
}

// commands are the words after each "kapu" in a text's code and headings.
func commands(text string) (found [][]string) {
	var code []string
	for _, block := range append(indented.FindAllString(text, -1), strings.Split(strings.Join(fenced.FindAllString(text, -1), "\n"), "\n")...) {
		code = append(code, strings.FieldsFunc(strings.TrimPrefix(strings.TrimSpace(block), "$ "), func(r rune) bool { return strings.ContainsRune("|;#", r) })...)
	}
	plain := strings.ReplaceAll(prose(text), "\n", " ")
	for _, m := range spans.FindAllStringSubmatch(plain, -1) {
		code = append(code, m[1])
	}
	for _, m := range headings.FindAllStringSubmatch(text, -1) {
		code = append(code, m[2])
	}
	for _, c := range code {
		if after, ok := strings.CutPrefix(strings.TrimSpace(c), "kapu "); ok {
			found = append(found, strings.Fields(strings.NewReplacer("[", " ", "]", " ", ",", " ", `\`, "", `"`, "").Replace(after)))
		}
	}
	return found
}

// wrongIn is what does not exist of a command, or "".
func wrongIn(root *cobra.Command, words []string) string {
	for i := range words {
		words[i] = strings.Trim(words[i], "()") // of a choice
	}
	if len(words) == 0 || !unicode.IsLower([]rune(words[0])[0]) {
		return "" // a placeholder, as in "kapu COMMAND", or the program's own options
	}
	cmd, _, err := root.Find(words[:1]) // the root itself, if it knows none of that name
	if err != nil || cmd == root {
		return words[0]
	}
	for i, word := range words[1:] {
		if i == 0 && cmd.HasSubCommands() && !slices.ContainsFunc(cmd.Commands(), func(c *cobra.Command) bool { return c.Name() == word }) &&
			unicode.IsLower([]rune(word)[0]) {
			return word
		}
		if flag, _, _ := strings.Cut(word, "="); strings.HasPrefix(flag, "-") && flag != "-" && !hasFlag(cmd, flag) {
			return flag
		}
	}
	return ""
}

// hasFlag looks in a command and those below it.
func hasFlag(cmd *cobra.Command, name string) bool {
	cmd.InitDefaultHelpFlag()
	has := false
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		has = has || "--"+f.Name == name || f.Shorthand != "" && "-"+f.Shorthand == name
	})
	return has || slices.ContainsFunc(cmd.Commands(), func(c *cobra.Command) bool { return hasFlag(c, name) })
}

// A Hungarian document has the headings of its English twin, so neither falls behind by a section.
func TestTwins(t *testing.T) {
	texts := documents(t)
	levels := func(text string) (all []string) {
		for _, m := range headings.FindAllStringSubmatch(fenced.ReplaceAllString(text, ""), -1) {
			all = append(all, m[1])
		}
		return all
	}
	n := 0
	for name, text := range texts {
		stem, ok := strings.CutSuffix(name, ".hu.md")
		if !ok {
			continue
		}
		n++
		if english, ok := texts[stem+".md"]; !ok {
			t.Errorf("%s has no English twin", name)
		} else if hu, en := levels(text), levels(english); !slices.Equal(hu, en) {
			t.Errorf("%s and its twin differ in their headings: %d and %d, or their levels", name, len(hu), len(en))
		}
	}
	if n < 10 {
		t.Errorf("only %d pairs", n)
	}
}
