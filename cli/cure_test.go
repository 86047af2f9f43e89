//go:build linux

package cli

import (
	"bytes"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"
	"github.com/spf13/cobra"

	"kapu/agent"
	"kapu/lang"
)

// otherwise are the sentences that name a command and never are that command's own, or name it rightly, each with why.
var otherwise = map[string]string{
	"backup archive-other":                   "it reads no backup",
	"code assistant-left-added":              "it is the assistant's, of another command",
	"remove assistant-left-added":            "it is the assistant's, of another command",
	"restore backup-choice":                  "it was called with a name; without one it lists them",
	"restore vault-missing":                  "it lists the backups without a vault",
	"doctor locked-at-once":                  "it unlocks nothing",
	"open vault-no-keychain":                 "it unlocks nothing; the page says it, with a password to be chosen",
	"office devices office-device-ambiguous": "it takes no name",
	"office leave office-roster-two":         "it asks for no roster",
	"help tray-no-bus":                       "it needs no desktop",
	"help tray-no-dialog":                    "it needs no desktop",
	"help tray-no-host":                      "it needs no desktop",
	"help tray-no-taskbar":                   "it needs no desktop",
	"restore backup-unknown":                 "it lists them",
	"restore backup-bad":                     "it lists the others",
	"restore vault-damaged-backup":           "it lists them",
	"recover keychain-no-key":                "it asks the keychain for nothing",
	"recover keychain-bad-key":               "it asks the keychain for nothing",
	"recover vault-other-key":                "it has the key that is typed, and says vault-wrong-key of it",
	"recover password-wrong":                 "it asks for no password",
	"recover password-damaged":               "it asks for no password",
	"open vault-none":                        "where there is no vault it shows the doors",
	"protect protect-old-left":               "once the keychain runs it deletes what was left",
	"unlock unlock-has-method":               "it was called with --password",
	"edit paper-code-long":                   "it makes no codes",
	"doctor agent-died":                      "it starts no agent",
	"help usage-command":                     "it was called with a name; without one it lists the commands",
	"help usage-flag":                        "it was called with an option",
	"help usage-exclusive":                   "it was called with options",
	"office leave office-already":            "it is said by who makes or joins an office",
	"office leave office-two-machines":       "it syncs nothing",
	"office join office-none":                "it is said by who is in none",
	"office members office-member-unknown":   "it takes no name",
	"office devices office-device-unknown":   "it takes no name",
	"office rights office-grant-unknown":     "it takes no right",
	"office members office-member-ambiguous": "it takes no name",
	"office leave office-renew-staff":        "it renews nothing",
	"office members office-verify-differ":    "it compares nothing",
	"office devices office-verify-self":      "it compares nothing",
	"recover renew-secret":                   "it renews nothing",
	"recover vault-renewed":                  "it has the key that is typed, and says vault-wrong-key of it",
	"restore vault-apart-lost":               "it was called with --merge; without it it lists the backups",
	"restore version-none":                   "it was called with --merge or --discard; without them it lists the backups",
}

// No command's error offers the command itself as the cure: it has just failed.
func TestNoCommandIsItsOwnCure(t *testing.T) {
	a := newFace(t).app
	root := a.root()
	root.InitDefaultHelpCmd()
	quoted := regexp.MustCompile("`kapu ([a-z][a-z -]*)`")
	unused := maps.Clone(otherwise)
	for _, language := range []string{lang.English, lang.Hungarian} {
		texts := textsOf(t, language)
		for _, id := range errorIDs(t) {
			for _, quote := range quoted.FindAllStringSubmatch(texts[id], -1) {
				cmd, _, err := root.Find(strings.Fields(quote[1]))
				if err != nil || strings.Contains(quote[1], "--") || path(cmd) != quote[1] {
					continue // another form of the command, with what it needs
				}
				pair := path(cmd) + " " + id
				delete(unused, pair)
				if otherwise[pair] == "" && sentenceID(cured(path(cmd), failing(id))) == id {
					t.Errorf("%s: `kapu %s` can end with a sentence that names it as the cure (%s): "+
						"say another in cure.go, or in this table why it cannot", language, path(cmd), id)
				}
			}
		}
	}
	for pair := range unused {
		t.Errorf("the table speaks of %q, which there is not", pair)
	}
}

// The sentences that a failing `kapu unlock` ends with name something else to do.
func TestUnlockIsNotItsOwnCure(t *testing.T) {
	for _, id := range []string{"cli-locked", "agent-gone", "prompt-none", "prompt-failed", "prompt-cancelled", "stayed-locked"} {
		f := newFace(t)
		var said bytes.Buffer
		f.app.err = &said
		f.fail(cured("unlock", failing(id)))
		if strings.Contains(said.String(), "kapu unlock") || said.Len() == 0 {
			t.Errorf("%s: %s", id, said.String())
		}
	}
}

// failing is an error as a command meets it.
func failing(id string) error {
	switch id {
	case "cli-locked":
		return agent.ErrLocked
	case "agent-error":
		return errors.New("x")
	}
	return lang.E(id, "Reason", errors.New("x"))
}

func sentenceID(err error) string {
	if sentence, ok := errors.AsType[*lang.Error](err); ok {
		return sentence.ID
	}
	if errors.Is(err, agent.ErrLocked) {
		return "cli-locked"
	}
	return "agent-error"
}

// path is a command as it is typed, without the program.
func path(cmd *cobra.Command) string { return strings.TrimPrefix(cmd.CommandPath(), "kapu ") }

func textsOf(t *testing.T, language string) map[string]string {
	t.Helper()
	texts := map[string]any{}
	if _, err := toml.DecodeFile(filepath.Join("..", "lang", language+".toml"), &texts); err != nil {
		t.Fatal(err)
	}
	plain := map[string]string{}
	for id, text := range texts {
		if text, ok := text.(string); ok {
			plain[id] = text
		}
	}
	return plain
}

// errorIDs are the sentences that are errors anywhere in the program.
func errorIDs(t *testing.T) []string {
	t.Helper()
	ids := map[string]bool{}
	err := filepath.WalkDir("..", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return err
		}
		source, err := os.ReadFile(name)
		if err != nil || !bytes.Contains(source, []byte("E(\"")) {
			return err
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, source, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(f, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) == 0 {
				return true
			}
			called, ok := call.Fun.(*ast.SelectorExpr)
			id, literal := call.Args[0].(*ast.BasicLit)
			if ok && literal && called.Sel.Name == "E" {
				if text, err := strconv.Unquote(id.Value); err == nil {
					ids[text] = true
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return slices.Sorted(maps.Keys(ids))
}
