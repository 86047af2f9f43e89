package exchange

import (
	"strconv"
	"strings"

	"kapu/lang"
	"kapu/vault"
)

const (
	scheme    = "otpauth://"
	migration = "otpauth-migration://"
	letters   = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
)

func isURI(s string) bool { return hasPrefixFold(s, scheme) || hasPrefixFold(s, migration) }

// parameters are the parts of a URI's query by their lower-case names, still escaped.
type parameters map[string]string

// wanted are the parameters anyone asks for; the others (icons, positions, other programs' own) mean nothing here.
const wanted = " secret issuer algorithm digits period counter encoder codedisplay "

// readURI makes an entry of one otpauth URI.
func readURI(line int, s string) (Entry, parameters) { return uriEntry(line, s, false) }

// readGivenURI is readURI for what a program gave out, whose keys may have any length.
func readGivenURI(line int, s string) (Entry, parameters) { return uriEntry(line, s, true) }

func uriEntry(line int, s string, given bool) (Entry, parameters) {
	e, query, err := cutURI(s)
	e.Line = line
	if given {
		e.wholeKey()
	}
	if err == nil {
		err = e.fit()
	}
	if err != nil {
		e.refused(err)
	}
	return e, query
}

// cutURI cuts an otpauth URI into its parts. It does not use net/url, which refuses a stray percent sign and
// takes a "#" in a name for the end: a URI is cut by hand where people and programs are known to write it wrong.
func cutURI(s string) (e Entry, query parameters, err error) {
	if !hasPrefixFold(s, scheme) {
		return e, nil, lang.E("import-not-otpauth")
	}
	head, query := cutQuery(s[len(scheme):])
	kind, label, _ := strings.Cut(head, "/")
	service := withoutSecret(vault.CleanText(escaped(query["issuer"])))
	prefix, account := cutLabel(label, service)
	if service == "" {
		service = prefix
	}
	e.called(account, service)
	err = e.keyFrom(query, kind)
	return e, query, err
}

// cutQuery cuts a URI into what stands before its parameters and these. A name may hold a "?" or "&" that nobody
// escaped, so a parameter begins only where a name and "=" follow.
func cutQuery(s string) (head string, query parameters) {
	start := firstParameter(s, '?')
	if start < 0 {
		start = firstParameter(s, '&') // someone forgot the "?"
	}
	if start < 0 {
		return strings.TrimRight(s, "?&"), nil
	}
	head, query = strings.TrimRight(s[:start], "?"), parameters{}
	for rest := s[start+1:]; ; {
		name, value, _ := strings.Cut(rest, "=")
		end := firstParameter(value, '&')
		if end < 0 {
			rest, end = "", len(value)
		} else {
			rest = value[end+1:]
		}
		name, value = parameterName(name), value[:end]
		if name != "issuer" { // "Kovács & Társa" goes on, all else ends here
			value, _, _ = strings.Cut(value, "&")
		}
		if rest == "" {
			value = withoutFragment(value)
		}
		if strings.Contains(wanted, " "+name+" ") && query[name] == "" {
			query[name] = strings.TrimRight(value, "&")
		}
		if rest == "" {
			return head, query
		}
	}
}

// keyFrom makes the entry's key, and notes which of its parameters the file states; the others are defaults.
func (e *Entry) keyFrom(q parameters, kind string) (err error) {
	has := func(name string) bool { return strings.TrimSpace(q[name]) != "" }
	e.Stated = Stated{Kind: true, Algorithm: has("algorithm"), Digits: has("digits"), Period: has("period")}
	e.Key, err = q.key(vault.Kind(strings.ToLower(kind)))
	return err
}

// withoutFragment cuts a URI's fragment off, which means nothing here. A "#" with a space before it is part of a name
// that nobody escaped ("Iroda #2").
func withoutFragment(s string) string {
	if at := strings.IndexByte(s, '#'); at >= 0 && (at == 0 || s[at-1] != ' ') {
		return s[:at]
	}
	return s
}

// firstParameter finds the separator before the first parameter.
func firstParameter(s string, separator byte) int {
	for at := 0; ; at++ {
		i := strings.IndexByte(s[at:], separator)
		if i < 0 {
			return -1
		}
		at += i
		ahead := s[at+1 : min(len(s), at+40)] // no name is longer, and a line may be
		rest := strings.TrimLeft(ahead, letters+"_-.;")
		if rest != ahead && strings.HasPrefix(rest, "=") {
			return at
		}
	}
}

// parameterName reads the name of a parameter; "amp;" is left over where a list was copied out of a web page.
func parameterName(s string) string { return strings.TrimPrefix(strings.ToLower(s), "amp;") }

// cutLabel cuts a label into its two halves, "Issuer:Account"; the first is often missing.
func cutLabel(s, issuer string) (prefix, account string) {
	plus := hasSpace(s)
	clean := func(s string) string { return withoutSecret(vault.CleanText(unescape(s, plus))) }
	s = strings.TrimLeft(s, "/")
	if strings.Contains(issuer, ":") { // its colon is not the separator
		if rest, ok := strings.CutPrefix(clean(s), issuer); ok && strings.HasPrefix(rest, ":") {
			return issuer, vault.CleanText(rest[1:])
		}
	}
	at, after := len(s), len(s)
	for _, separator := range []string{":", "%3A", "%3a"} {
		if i := strings.Index(s[:at], separator); i >= 0 {
			at, after = i, i+len(separator)
		}
	}
	if after == at {
		return "", clean(s)
	}
	return clean(s[:at]), clean(s[after:])
}

// withoutSecret cuts a key off a name into which a badly written URI has put it: names are shown.
func withoutSecret(name string) string {
	if i := indexFold(name, "secret="); i >= 0 {
		name = strings.TrimRight(name[:i], "?&; ")
	}
	return name
}

// key reads the parameters of a key. What is not there is what it is at the portal.
func (q parameters) key(kind vault.Kind) (vault.Key, error) {
	k := vault.Key{Kind: vault.Kind(word(string(kind))), Algorithm: q.algorithm()}
	k.Secret = unescape(q["secret"]+" ", false) // a plus is never part of a key: the space behind makes each one a space
	if k.Kind == vault.TOTP && strings.EqualFold(q["encoder"], "steam") {
		k.Kind = vault.Steam // as KeePassXC writes it
	}
	var err error
	if k.Kind != vault.Steam {
		if k.Digits, err = q.number("digits", 6); err != nil {
			return k, err
		}
	}
	if k.Kind != vault.HOTP {
		k.Period, err = q.number("period", 30)
		return k, err
	}
	if counter := strings.TrimSpace(escaped(q["counter"])); counter != "" {
		if k.Counter, err = strconv.ParseUint(counter, 10, 64); err != nil {
			return k, lang.E("import-counter")
		}
	}
	return k, nil
}

func (q parameters) number(name string, usual int) (int, error) {
	s := strings.TrimSpace(escaped(q[name]))
	if s == "" {
		return usual, nil
	}
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0, lang.E("import-number", "Name", name) // without the value: who knows what slipped in there
	}
	return n, nil
}

// algorithm reads "SHA1", "sha-1", "HmacSHA1" and "Algorithm.sha1" as one.
func (q parameters) algorithm() string {
	s := strings.ToUpper(escaped(q["algorithm"]))
	s = s[strings.LastIndexByte(s, '.')+1:]
	s = strings.NewReplacer("-", "", "_", "", " ", "").Replace(s)
	s = strings.TrimPrefix(s, "HMAC")
	if s == "" {
		return "SHA1"
	}
	return word(s)
}

// word lets through what can stand in a sentence; anything longer may hold a key that slipped out of its place.
func word(s string) string {
	if len(s) > 10 || strings.TrimLeft(s, letters) != "" {
		return "…"
	}
	return s
}

// readCode reads what programs and people write into one field: a URI, Steam's own form of one, the parameters of
// KeePass's plug-in (key=…&size=…), or the key alone.
// The entry may have no name yet, and whether the vault takes the key is not looked at.
func readCode(s string) (Entry, error) {
	const steam = "steam://"
	s, _ = bare(s, separators)
	switch {
	case hasPrefixFold(s, steam):
		e := Entry{Service: "Steam"} // not the portal, which is what none would mean
		err := e.keyFrom(parameters{"secret": withoutFragment(s[len(steam):])}, string(vault.Steam))
		return e, err
	case strings.Contains(s, "://"):
		e, _, err := cutURI(s)
		return e, err
	case hasPrefixFold(s, "key="):
		return readKeeOtp(s)
	default:
		return Entry{Key: vault.Key{Kind: vault.TOTP, Secret: s, Algorithm: "SHA1", Digits: 6, Period: 30}}, nil
	}
}
