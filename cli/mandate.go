package cli

import (
	"kapu/lang"
	"kapu/vault"
)

// mandate says until when a mandate is valid: a day, or in a word that it has no end.
func (a *app) mandate(until string) string {
	if until == vault.Indefinite {
		return a.texts.T("mandate-indefinite")
	}
	return until
}

// saidMandate is the inverse of mandate: what an option says, as the agent keeps it. The word of the other language is
// no day, which the agent says.
func (a *app) saidMandate(said string) string {
	if lang.Fold(said) == lang.Fold(a.texts.T("mandate-indefinite")) {
		return vault.Indefinite
	}
	return said
}
