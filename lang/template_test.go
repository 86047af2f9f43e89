package lang

import (
	"encoding/json"
	"regexp"
	"testing"
)

var (
	bareCause = regexp.MustCompile(`\{\{\.Reason\}\}`)
	badCause  = regexp.MustCompile(`\{\{sentence \.Reason\}\}[.,;)]|\{\{clause \.Reason\}\} \p{Lu}`)
)

// A cause stands in a sentence as a clause, or as a sentence of its own: whether it is the system's or ours, there are
// neither two full stops nor none.
func TestCausesFitTheirSentences(t *testing.T) {
	for _, file := range []string{"hu.toml", "en.toml"} {
		for id, text := range texts(t, file) {
			data, _ := json.Marshal(text)
			if found := bareCause.FindString(string(data)) + badCause.FindString(string(data)); found != "" {
				t.Errorf("%s, %s: %q", file, id, found)
			}
		}
	}
	for _, reason := range []error{E("name-empty"), Cause("cause-cut")} {
		for _, id := range []string{"import-failed", "vault-unwritable"} {
			if got := In(Hungarian).Error(E(id, "Path", "/x", "Reason", reason)); doubled.MatchString(got) || run.MatchString(got) {
				t.Errorf("%s: %q", id, got)
			}
		}
	}
}

var (
	doubled = regexp.MustCompile(`\.\.|\.\)`)
	run     = regexp.MustCompile(`\pL \p{Lu}\pL+ sem változott`) // a sentence begins and the one before has not ended
)
