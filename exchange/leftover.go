package exchange

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"kapu/lang"
	"kapu/vault"
)

// An entry of another program may hold more than a client has fields for. What has no field goes into the note, behind
// the name that the other program gives it, or, if it is a secret or does not fit there, is named in Entry.Warn.

// maxLeftover is how long the note may become by what is added to it, in characters: the vault keeps no more, and what
// the person wrote counts first.
const maxLeftover = 4000

// keep adds a text that has no field to the note, behind its name.
func (e *Entry) keep(name, value string) {
	value = cleanNote(value)
	if value == "" {
		return
	}
	line := strings.TrimSpace(withoutSecret(vault.CleanText(name)) + ": " + value)
	note := strings.TrimSpace(e.Note + "\n" + line)
	if utf8.RuneCountInString(note) > maxLeftover {
		e.leaveOut(name)
		return
	}
	e.Note = note
}

// keepOther is keep for a text that says more than what stands in a field.
func (e *Entry) keepOther(name, value, field string) {
	if lang.Fold(vault.CleanText(value)) != lang.Fold(vault.CleanText(field)) {
		e.keep(name, value)
	}
}

// custom takes in a field that the person has added in another program: the tax number and the deletion code by their
// names, as a table has them; a secret is named, all else goes into the note.
func (e *Entry) custom(name, value string, secret bool) {
	name = first([]string{name, "?"})
	switch office.field(name) {
	case taxField:
		if number, err := taxNumber(value); err == nil && e.TaxNumber == "" {
			e.TaxNumber = number
			return
		}
	case deletionField:
		if code, err := wholeNumber(value, "deletion-code"); err == nil && e.DeletionCode == "" {
			e.DeletionCode = code
			return
		}
		secret = true
	}
	switch {
	case vault.CleanText(value) == "":
	case secret || soundsSecret(name):
		e.leaveOut(name)
	default:
		e.keep(name, value)
	}
}

// soundsSecret says whether a field's name is that of a secret, though the program shows it like any other.
func soundsSecret(name string) bool {
	for _, word := range strings.FieldsFunc(lang.Fold(name), func(r rune) bool { return !unicode.IsLetter(r) }) {
		switch word {
		case "pin", "puk", "pw", "cvv", "cvc", "seed", "totp", "otp", "kod", "code", "token":
			return true
		}
		for _, part := range [...]string{
			"jelszo", "jelszav", "passw", "passphrase", "secret", "titok", "titkos", "kulcs", "privatekey", "torlokod",
			"recovery", "pinkod",
		} {
			if strings.Contains(word, part) {
				return true
			}
		}
	}
	return false
}

// renamed gives an entry the name under which the person knows it, and keeps the account that its URI names. The name
// of the service alone is none: every client would have it.
func (e *Entry) renamed(name string) {
	folded := lang.Fold(vault.CleanText(name))
	if folded == "" || folded == lang.Fold(e.Service) && vault.CleanText(e.Name) != "" {
		return
	}
	account := e.Name
	e.Name = name
	switch {
	case lang.Fold(vault.CleanText(account)) == folded || lang.Fold(account) == lang.Fold(e.Service):
	case e.UserName == "":
		e.UserName = account
	default:
		e.keepOther("account", account, e.UserName)
	}
}

// further keeps the folders, groups or tags behind the first: a client has one folder.
func (e *Entry) further(name string, all []string) {
	var more []string
	for _, s := range all {
		if s = vault.CleanText(s); s != "" && s != vault.CleanText(e.Folder) {
			more = append(more, s)
		}
	}
	e.keep(name, strings.Join(more, ", "))
}

// leaveOut names parts of the entry that are not taken in: a password must not stand where everyone reads it.
func (e *Entry) leaveOut(names ...string) {
	var clean []string
	for _, name := range names {
		if name = shorten(withoutSecret(vault.CleanText(name)), 40); name != "" {
			clean = append(clean, name)
		}
	}
	if len(clean) > 0 {
		e.warn(lang.E("import-left-out", "Names", strings.Join(clean, ", ")))
	}
}

// warn adds a sentence to those about the entry.
func (e *Entry) warn(said *lang.Error) { e.Warn = sentences(e.Warn, said) }
