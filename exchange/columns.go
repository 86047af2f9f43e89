package exchange

import (
	"strings"
	"unicode"

	"kapu/lang"
)

// field is the meaning of a column: what it says about a client.
type field int

const (
	unknownField  field = iota // said in the report, so that nobody believes it was taken in
	ignoredField               // what another program always writes and an office has no use for
	passwordField              // never read, and said in the report if it is an office's own table
	nameField
	personField // "név" alone: the client, or, beside a column of businesses, the person
	ownerField  // whose account it is: kept in the note
	keyField
	taxField
	folderField
	userField
	deletionField
	noteField
	serviceField
	favouriteField
	mandateField
	passwordUntilField
)

// dialect is the schema of one kind of table: how it names its columns.
type dialect struct {
	fields  map[string]field // by folded heading
	fillers string           // words that a person may put into a heading, and that change nothing
	// programs say that the table is a program's: its rows without a key are passwords, and all right.
	program bool
}

// office is what people call the columns of their own tables. The headings are folded, without punctuation, and
// without the fillers.
var office = dialect{
	fillers: " a az the of ugyfelkapu ugyfelkapus uk uk+ ugyfelkapu+ kau kaus nav totp-s 2fa-s portal ",
	fields: headings(map[field]string{
		nameField: "ugyfel, ugyfelek, ugyfelnev, ugyfel nev, ugyfel neve, ugyfel megnevezes, ugyfel megnevezese, " +
			"cegnev, ceg nev, ceg neve, ceg, ceg megnevezese, cegek, vallalkozas, vallalkozas neve, vallalkozo, " +
			"vallalkozo neve, adozo, adozo neve, adoalany, megbizo, megbizo neve, partner, partner neve, partnernev, " +
			"megnevezes, client, clients, client name, customer, customer name, company, company name, business, " +
			"business name, title",
		personField: "nev, teljes nev, name, full name, account, account name, label, cimke, fiok, fiok neve, " +
			"fioknev",
		ownerField: "tulajdonos, tulajdonos neve, fiok tulajdonosa, fioktulajdonos, tulaj, kepviselo, " +
			"kepviselo neve, ugyvezeto, ugyvezeto neve, torvenyes kepviselo, kinek neveben, owner, account owner, " +
			"account holder, holder, representative, person",
		keyField: "kulcs, egyedi kulcs, titkos kulcs, egyedi titkos kulcs, kulcsa, hitelesito kulcs, " +
			"hitelesitesi kulcs, egyedi azonosito kod, egyedi azonositokod, totp, totp kulcs, totp titok, " +
			"totp secret, totp key, totp uri, totp url, titok, otp, otp kulcs, otpauth, otpauth uri, otpauth url, " +
			"uri, 2fa, 2fa kulcs, 2fa key, 2fa secret, mfa, secret, secret key, key, shared secret, seed, " +
			"hitelesito alkalmazas kulcsa, authenticator, authenticator key",
		taxField: "adoszam, adoszama, ado szam, ceg adoszama, ugyfel adoszama, adoszam adoazonosito, " +
			"adoszam adoazonosito jel, adoazonosito, adoazonosito jel, torzsszam, tax number, tax no, tax id, " +
			"taxnumber, tin, vat, vat number, vat no, vat id",
		folderField: "mappa, csoport, kategoria, cimkek, mappa csoport, folder, group, category, collection, " +
			"collections, tag, tags",
		userField: "felhasznalonev, felhasznaloi nev, felhasznalo, felhasznalo nev, felhasznaloi azonosito, login, " +
			"login nev, belepesi nev, bejelentkezesi nev, azonosito, user, user name, username, user id, login name, " +
			"account user",
		deletionField: "torlokod, torlo kod, torlesi kod, visszavonasi kod, deletion code, delete code, " +
			"removal code, revocation code",
		noteField: "megjegyzes, megjegyzesek, jegyzet, egyeb, leiras, note, notes, comment, comments, remark, " +
			"remarks, description",
		serviceField:   "szolgaltatas, szolgaltato, rendszer, kibocsato, service, issuer, provider, system",
		favouriteField: "kedvenc, kedvencek, kiemelt, gyakori, favourite, favorite, favourites, starred, pinned",
		mandateField: "meghatalmazas, meghatalmazas vege, meghatalmazas lejarata, meghatalmazas ervenyessege, " +
			"meghatalmazas ervenyes, meghatalmazas ervenyes eddig, meghatalmazas hatarideje, meghatalmazva, " +
			"meghatalmazas erv, ervenyes, ervenyesseg, ervenyesseg vege, ervenyes eddig, lejarat, mandate, " +
			"mandate until, mandate end, mandate ends, mandate expires, mandate expiry, mandate valid until, " +
			"authorisation until, authorization until, authorisation end, valid until, valid to, expires, expiry",
		passwordUntilField: "jelszo lejarata, jelszo lejarat, jelszo lejar, jelszo vege, jelszo ervenyessege, " +
			"jelszo ervenyes, jelszo ervenyes eddig, jelszolejarat, password expires, password expiry, " +
			"password until, password valid until, password expiration",
		passwordField: "jelszo, jelszava, belepesi jelszo, pw, password, login password, pass, jelszo titkos",
		ignoredField:  "sorszam, ssz, s sz, no, nr, row",
	}),
}

// headings turns lists of names around.
func headings(lists map[field]string) map[string]field {
	fields := map[string]field{}
	for f, list := range lists {
		for name := range strings.SplitSeq(list, ", ") {
			fields[name] = f
		}
	}
	return fields
}

// field says what a heading means.
func (d dialect) field(heading string) field {
	folded := lang.Fold(heading)
	if i := strings.IndexAny(folded, "(["); i > 0 { // "Kulcs (Base32)"
		folded = folded[:i]
	}
	words := strings.FieldsFunc(folded, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '+'
	})
	if f, ok := d.fields[strings.Join(words, " ")]; ok {
		return f
	}
	kept := words[:0]
	for _, w := range words {
		if !strings.Contains(d.fillers, " "+w+" ") {
			kept = append(kept, w)
		}
	}
	return d.fields[strings.Join(kept, " ")]
}

// header is the header row: which columns mean what.
type header struct {
	at     int // its place among the rows
	fields []field
	key    bool // whether a column holds the keys
	known  int  // how many columns are understood
}

// headerWithin is how far down the header may be: titles, a logo and an address stand above it.
const headerWithin = 50

// header finds the row that names the columns: the first with one for the keys, or else the one of which most is
// understood. A heading alone in its row is a title, unless it names the only column there is.
func (d dialect) header(rows []row) header {
	var best header
	for at, r := range rows[:min(len(rows), headerWithin)] {
		h, filled := header{at: at, fields: make([]field, len(r.cells))}, 0
		for i := range r.cells {
			cell := r.cell(i)
			if cell == "" {
				continue
			}
			filled++
			h.fields[i] = d.field(cell)
			if h.fields[i] != unknownField {
				h.known++
			}
			h.key = h.key || h.fields[i] == keyField
		}
		h.key = h.key && (h.known > 1 || filled == 1)
		if h.key {
			return h
		}
		if h.known > best.known {
			best = h
		}
	}
	return best
}
