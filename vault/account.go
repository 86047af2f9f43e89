package vault

import (
	"encoding/base32"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"kapu/lang"
)

// Account is one key of one person at one service. It serves one or more clients.
type Account struct {
	ID      string `json:"id"`
	Service string `json:"service"`
	// UserName is what is typed before the code. The portal password is never kept.
	UserName string `json:"user_name,omitempty"`
	Key      Key    `json:"key"`
	// DeletionCode (törlőkód) switches the second factor off: more dangerous than a code, shown only on request.
	DeletionCode string `json:"deletion_code,omitempty"`
	// PasswordUntil is the last day of the portal password, "2026-12-31"; empty if not noted. Only the day is kept.
	PasswordUntil string    `json:"password_until,omitempty"`
	Note          string    `json:"note,omitempty"`
	Changed       time.Time `json:"changed"`
}

// Client is a record: a business that the bookkeeper looks for, with a foreign key to its account. Several clients may
// share one.
type Client struct {
	ID        string `json:"id"`
	Account   string `json:"account"`
	Name      string `json:"name"`
	TaxNumber string `json:"tax_number,omitempty"`
	Folder    string `json:"folder,omitempty"`
	// MandateUntil is the last day of the client's authorisation, "2026-12-31", or Indefinite; empty if not noted.
	MandateUntil string    `json:"mandate_until,omitempty"`
	Favourite    bool      `json:"favourite,omitempty"`
	LastUsed     time.Time `json:"last_used,omitzero"`
	Changed      time.Time `json:"changed"`
}

// Indefinite stands where the last day of a mandate would: it is valid until it is revoked. That differs from a mandate
// of which nothing is noted, and which somebody has yet to look up.
const Indefinite = "indefinite"

// Kind is the algorithm by which a key makes codes.
type Kind string

// The kinds of keys.
const (
	TOTP  Kind = "totp"  // RFC 6238, a new code each period
	HOTP  Kind = "hotp"  // RFC 4226, a new code each time
	Steam Kind = "steam" // TOTP written in Steam's letters
	// Book stands for codes without a key: they were made ahead for a substitute, see package office.
	Book Kind = "book"
)

// Key is a shared secret (egyedi kulcs) with the parameters of its one-time passwords (RFC 4226, RFC 6238).
type Key struct {
	Kind      Kind   `json:"kind"`
	Secret    string `json:"secret"`    // Base32, upper case, no padding
	Algorithm string `json:"algorithm"` // SHA1, SHA256 or SHA512
	Digits    int    `json:"digits"`
	Period    int    `json:"period,omitempty"`  // seconds
	Counter   uint64 `json:"counter,omitempty"` // HOTP: that of the next code
}

// DefaultService is what most keys in an accounting office belong to.
const DefaultService = "Ügyfélkapu+"

// Limits of what is kept. A name longer than this is a pasted page, not a name.
const (
	MaxName   = 200  // characters
	MaxNote   = 5000 // characters
	maxSecret = 1024 // Base32 characters, 640 bytes: ten times the longest in use
)

// ParseKey makes a key of the usual kind from what a person copies off the portal: spaces, dashes, lower case
// and padding do no harm.
func ParseKey(secret string) (Key, error) {
	k := Key{Kind: TOTP, Secret: secret, Algorithm: "SHA1", Digits: 6, Period: 30}
	return k.Normalize()
}

// Normalize returns the canonical form of a key, the only one that is kept. It is idempotent. The error says what is
// wrong and never repeats the secret.
func (k Key) Normalize() (Key, error) {
	k.Secret = cleanSecret(k.Secret)
	k.Algorithm = strings.ToUpper(k.Algorithm)
	if k.Kind == Book {
		k.Secret, k.Counter = "", 0
		return k.inMeasure()
	}
	switch {
	case k.Secret == "":
		return Key{}, lang.E("key-empty")
	case len(k.Secret) > maxSecret:
		return Key{}, lang.E("key-long", "Length", utf8.RuneCountInString(k.Secret), "Most", maxSecret)
	case k.Algorithm != "SHA1" && k.Algorithm != "SHA256" && k.Algorithm != "SHA512":
		return Key{}, lang.E("key-algorithm", "Value", clip(k.Algorithm))
	}
	length := utf8.RuneCountInString(k.Secret)
	if n := length % 8; n == 1 || n == 3 || n == 6 {
		return Key{}, lang.E("key-length", "Length", length)
	}
	if _, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(k.Secret); err != nil {
		return Key{}, lang.E("key-base32")
	}
	switch k.Kind {
	case HOTP:
		k.Period = 0
	case TOTP:
		k.Counter = 0
	case Steam:
		k.Counter, k.Digits = 0, 5
	default:
		return Key{}, lang.E("key-kind", "Value", clip(string(k.Kind)))
	}
	return k.inMeasure()
}

// cleanSecret takes out of a key whatever a person or a program may have put between or around its characters, by its
// Unicode class: white space, dashes, invisible characters, quotes, points and commas, padding. Full-width letters are
// made plain. What an address is written with stays, and is no key.
func cleanSecret(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.In(r, unicode.Z, unicode.C, unicode.Pd, unicode.Pc, unicode.Pi, unicode.Pf, unicode.Mn), unicode.IsSpace(r),
			strings.ContainsRune(`=＝"'.,;·`, r):
			return -1
		case r >= '！' && r <= '～':
			r -= '！' - '!'
		}
		return unicode.ToUpper(r)
	}, s)
}

// inMeasure is the range check of a key's numbers: 5 to 10 digits, a period of 1 s to a day.
func (k Key) inMeasure() (Key, error) {
	if k.Digits < 5 || k.Digits > 10 {
		return Key{}, lang.E("key-digits", "Value", k.Digits)
	}
	if k.Kind != HOTP && (k.Period < 1 || k.Period > 24*60*60) {
		return Key{}, lang.E("key-period", "Value", k.Period)
	}
	return k, nil
}

// clip truncates a stranger's text to 40 characters and an ellipsis, so that it can stand in a sentence.
func clip(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}

// CleanText sanitizes a text from outside, so that it can be kept and shown on one line: valid UTF-8 in the normal form
// NFC, so that what looks alike is alike wherever it was typed; trimmed, control characters and runs of white space
// collapsed to one space, and nothing that is not seen (lang.Visible). Accents, quotes and right-to-left text stay.
// Idempotent.
func CleanText(s string) string {
	if isClean(s) {
		return s
	}
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == utf8.RuneError {
			return ' '
		}
		return r
	}, s)
	return norm.NFC.String(strings.Join(strings.Fields(lang.Visible(s)), " "))
}

// isClean says, at less cost, that CleanText changes nothing, as in most cases.
func isClean(s string) bool {
	space := true
	for _, r := range s {
		switch {
		case r == ' ' && space, r != ' ' && unicode.IsSpace(r), unicode.IsControl(r), r == utf8.RuneError:
			return false
		}
		space = r == ' '
	}
	return (!space || s == "") && visible(s) == s
}

// visible is what is seen of a text, in NFC.
func visible(s string) string {
	if lang.Plain(s) {
		return s
	}
	return norm.NFC.String(lang.Visible(s))
}

// cleanKept is CleanText for what was kept before all of its rules were made; a note has several lines.
func cleanKept(s string) string {
	if !strings.Contains(s, "\n") {
		return CleanText(s)
	}
	return visible(s)
}

// Check validates an account and brings it into its canonical form. The error is a sentence for the person.
func (a *Account) Check() error {
	key, err := a.Key.Normalize()
	if err != nil {
		return err
	}
	a.Key = key
	a.Service = CleanText(a.Service)
	if a.Service == "" {
		a.Service = DefaultService
	}
	a.UserName = CleanText(a.UserName)
	a.DeletionCode = CleanText(a.DeletionCode)
	if err := tooLong(a.Service, a.UserName, a.DeletionCode); err != nil {
		return err
	}
	if err := checkDay(a.PasswordUntil); err != nil {
		return err
	}
	a.Note = visible(a.Note)
	if n := utf8.RuneCountInString(a.Note); n > MaxNote {
		return lang.E("note-long", "Length", n, "Most", MaxNote)
	}
	return nil
}

// Check validates a client and brings it into its canonical form. The error is a sentence for the person.
func (c *Client) Check() error {
	c.Name, c.TaxNumber, c.Folder = CleanText(c.Name), CleanText(c.TaxNumber), CleanText(c.Folder)
	if c.Name == "" {
		return lang.E("name-empty")
	}
	if err := checkDay(c.MandateUntil); err != nil && c.MandateUntil != Indefinite {
		return lang.E("mandate-wrong", "Value", clip(c.MandateUntil))
	}
	return tooLong(c.Name, c.TaxNumber, c.Folder)
}

// TaxID is the identity of a business: the first eight digits of its tax number, however that is written; of a text
// with fewer "".
func TaxID(s string) string {
	digits := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
	if len(digits) < 8 {
		return ""
	}
	return digits[:8]
}

// checkDay accepts a day of the calendar, and none.
func checkDay(day string) error {
	if _, err := time.Parse(time.DateOnly, day); day != "" && err != nil {
		return lang.E("date-wrong", "Value", clip(day))
	}
	return nil
}

func tooLong(texts ...string) error {
	for _, s := range texts {
		if n := utf8.RuneCountInString(s); n > MaxName {
			return lang.E("text-long", "Text", clip(s), "Length", n, "Most", MaxName)
		}
	}
	return nil
}
