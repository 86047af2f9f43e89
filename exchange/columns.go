package exchange

import (
	"slices"
	"strings"
	"sync"
	"unicode"

	"kapu/lang"
)

// field is what a column of a table says about a client.
type field int

const (
	unknownField  field = iota // kept in the note under its heading, if it has one
	ignoredField               // what another program always writes and an office has no use for
	passwordField              // never read, and said in the report if it is an office's own table
	otherField                 // known to be none of the others, above all no name: kept in the note like an unknown one
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
	digitsField
	periodField
	algorithmField
	fieldCount
)

// fieldNames are what a program calls the fields, as --column does; "" is a column that is not taken in.
var fieldNames = [fieldCount]string{
	unknownField: "note", otherField: "note", nameField: "name", personField: "name", ownerField: "note", keyField: "key",
	taxField: "tax-number", folderField: "folder", userField: "user-name", deletionField: "deletion-code", noteField: "note",
	serviceField: "service", favouriteField: "favourite", mandateField: "mandate-until", passwordUntilField: "password-until",
	digitsField: "digits", periodField: "period", algorithmField: "algorithm",
}

// Column says how a column of a table was understood.
type Column struct {
	Sheet   string `json:"sheet,omitempty"` // where a file has several
	Letters string `json:"letters"`         // its place, as a spreadsheet shows it: "B"
	Heading string `json:"heading"`         // or the letters, where it has none
	// Example is something that stands in a column without a heading, never a key: without it nobody could tell which
	// one that is.
	Example string `json:"example,omitempty"`
	// Field is what the column was taken for, by the name that ReadOptions.Columns has for it; "" if it was left out.
	Field string `json:"field"`
	// By is what has decided. The empty one is the heading.
	By By `json:"by,omitempty"`
}

// By is what has decided how a column was understood, where that is not its heading.
type By string

// What can decide in place of a heading that is understood.
const (
	ByPerson  By = "person"  // ReadOptions.Columns name it
	ByContent By = "content" // what stands in it
	ByNothing By = "nothing" // it is kept in the note under its heading, or left out
)

// FieldOf finds the field that a person means: by its name ("folder"), or by any heading that is understood ("mappa").
// A dash, or nothing, means that the column is to be left out.
func FieldOf(s string) (string, error) {
	s = strings.TrimSpace(s)
	if s == "" || s == "-" {
		return "", nil
	}
	f := fieldNamed(s)
	if f == unknownField {
		f = office.field(s)
	}
	if f == unknownField || fieldNames[f] == "" {
		return "", lang.E("column-field", "Field", s, "Fields", strings.Join(FieldNames(), ", "))
	}
	return fieldNames[f], nil
}

// FieldNames are the names of all fields.
func FieldNames() []string {
	names := slices.Clone(fieldNames[:])
	slices.Sort(names)
	return slices.Compact(names)[1:]
}

func fieldNamed(name string) field {
	for _, f := range []field{noteField, nameField} { // of several of one name
		if fieldNames[f] == name {
			return f
		}
	}
	return field(max(0, slices.Index(fieldNames[:], name)))
}

// chosen is what the person says of columns: by plain heading, and by place, as its letters in brackets.
type chosen map[string]field

func chosenOf(columns map[string]string, sheet string) chosen {
	c := make(chosen, len(columns))
	for heading, name := range columns {
		key := plainHeading(heading)
		if of, letters, ok := placeOf(heading); ok {
			if of != "" && of != sheet {
				continue
			}
			key = atPlace(letters)
		}
		switch f := fieldNamed(name); {
		case name == "":
			c[key] = ignoredField
		case f != unknownField:
			c[key] = f
		}
	}
	return c
}

// placeOf reads a column's place, "[B]" or "[Munka1!B]", by which it is named whatever its heading is.
func placeOf(s string) (sheet, letters string, ok bool) {
	s = strings.TrimSpace(s)
	if len(s) < 3 || s[0] != '[' || s[len(s)-1] != ']' {
		return "", "", false
	}
	letters = s[1 : len(s)-1]
	if at := strings.LastIndexByte(letters, '!'); at >= 0 {
		sheet, letters = letters[:at], letters[at+1:]
	}
	return sheet, letters, letters != "" && strings.Trim(strings.ToUpper(letters), "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}

func atPlace(letters string) string { return "[" + strings.ToUpper(letters) + "]" }

// byHeading finds what the person says of a column by its heading, or, where it has none, by its letters.
func (c chosen) byHeading(heading string, column int) (field, bool) {
	if heading == "" {
		heading = columnLetters(column)
	}
	f, ok := c[plainHeading(heading)]
	return f, ok
}

// ToRemember are what the person has said of columns that the next file may have too: by heading, without places.
func ToRemember(columns map[string]string) map[string]string {
	kept := map[string]string{}
	for heading, field := range columns {
		if _, _, place := placeOf(heading); !place && len(plainHeading(heading)) > 2 {
			kept[heading] = field
		}
	}
	return kept
}

// Said are what the person has said of the columns of a file, by heading. One that stands above two columns which are
// not the same is left out.
func Said(columns []Column) map[string]string {
	said, differ := map[string]string{}, map[string]bool{}
	first := map[string]string{}
	for _, c := range columns {
		plain := plainHeading(c.Heading)
		if before, ok := first[plain]; ok && before != c.Field {
			differ[plain] = true
		}
		first[plain] = c.Field
		if c.By == ByPerson && c.Heading != c.Letters {
			said[c.Heading] = c.Field
		}
	}
	for heading := range said {
		if differ[plainHeading(heading)] {
			delete(said, heading)
		}
	}
	return ToRemember(said)
}

func plainHeading(s string) string { return strings.Join(headingWords(s), " ") }

// dialect is how one kind of table names its columns.
type dialect struct {
	// fields by heading, folded and without punctuation. Nil is the office's own tables, whose headings are understood by
	// their words.
	fields map[string]field
	// programs say that the table is a program's: its rows without a key are passwords, and all right.
	program bool
}

// office are the tables that people make themselves.
var office = dialect{}

func headingWords(heading string) []string {
	return strings.FieldsFunc(lang.Fold(heading), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '+' })
}

// field says what a heading means.
func (d dialect) field(heading string) field {
	if d.fields != nil {
		return d.fields[plainHeading(heading)]
	}
	if f := officeField(heading); f != unknownField {
		return f
	}
	if i := strings.IndexAny(heading, "(["); i > 0 { // "Kulcs (Base32)"
		if f := officeField(heading[:i]); f != unknownField {
			return f
		}
	}
	// Of "Adószám / adóazonosító jel" both halves mean the same.
	first := unknownField
	for part := range strings.SplitSeq(heading, "/") {
		switch f := officeField(part); {
		case f == unknownField || first != unknownField && f != first:
			return unknownField
		default:
			first = f
		}
	}
	return first
}

// officeField finds the meaning of a heading's words: as they stand, without fillers, in their basic form, in any
// order.
func officeField(heading string) field {
	words := headingWords(heading)
	if len(words) == 0 {
		return unknownField
	}
	v := vocabularyOf()
	var long []string
	for _, w := range words {
		if full, ok := v.short[w]; ok {
			long = append(long, strings.Fields(full)...)
		} else {
			long = append(long, w)
		}
	}
	kept := slices.DeleteFunc(slices.Clone(long), func(w string) bool { return v.fillers[w] || v.fillers[stem(w)] })
	for _, list := range [][]string{words, long, kept} {
		if f := v.find(list); f != unknownField {
			return f
		}
	}
	// "Könyvelt cégek neve" are könyvelt cégek. Of other things the name is something else.
	unnamed := slices.DeleteFunc(slices.Clone(kept), func(w string) bool {
		return strings.Contains(" nev neve nevei megnevezes megnevezese ", " "+w+" ")
	})
	if f := v.find(unnamed); f == nameField || f == personField || f == ownerField || f == otherField || f == folderField {
		return f
	}
	// What holds passwords is never read, whatever else its heading says.
	if slices.ContainsFunc(long, isPasswordWord) {
		return passwordField
	}
	return unknownField
}

func isPasswordWord(w string) bool {
	return strings.HasPrefix(w, "jelsz") || strings.HasPrefix(w, "jelszav") || strings.HasPrefix(w, "passw") ||
		slices.Contains([]string{"pw", "pwd", "pass", "jsz", "pin", "pinkod", "puk"}, w)
}

// vocabulary is what the words of headings mean.
type vocabulary struct {
	fields  map[string]field  // by all words of a heading together
	fillers map[string]bool   // words that a person may put into a heading, and that change nothing
	short   map[string]string // abbreviations
}

var vocabularyOf = sync.OnceValue(func() *vocabulary {
	v := &vocabulary{fields: map[string]field{}, fillers: map[string]bool{}, short: map[string]string{}}
	for w := range strings.FieldsSeq(fillerWords) {
		v.fillers[w] = true
	}
	for pair := range strings.SplitSeq(abbreviations, ", ") {
		short, long, _ := strings.Cut(pair, "=")
		v.short[short] = long
	}
	for f, list := range officeHeadings {
		for phrase := range strings.SplitSeq(list, ", ") {
			for _, key := range formsOf(strings.Fields(phrase)) {
				if _, known := v.fields[key]; !known {
					v.fields[key] = field(f)
				}
			}
		}
	}
	return v
})

// formsOf are the forms under which a list of words is kept: one word or two makes no difference ("adó szám"), nor do
// endings ("adószáma") and the order ("név (ügyfél)").
func formsOf(words []string) []string {
	basic, light := make([]string, len(words)), make([]string, len(words))
	for i, w := range words {
		basic[i] = stem(w)
		if light[i] = w; len(w) > 4 {
			light[i] = strings.TrimSuffix(strings.TrimSuffix(w, "k"), "s") // ügyvezetők, clients
		}
	}
	sorted := slices.Sorted(slices.Values(basic))
	return []string{strings.Join(words, ""), strings.Join(basic, ""), strings.Join(light, ""), "~" + strings.Join(sorted, " ")}
}

func (v *vocabulary) find(words []string) field {
	if len(words) == 0 {
		return unknownField
	}
	for _, key := range formsOf(words) {
		if f, ok := v.fields[key]; ok {
			return f
		}
	}
	return unknownField
}

// stem cuts off the plural and the possessive of a Hungarian word: kulcsa, kulcsok, kulcsai are kulcs.
func stem(word string) string {
	for _, suffix := range []string{
		"jainak", "jeinek", "ainak", "einek", "janak", "jenek", "anak", "enek", "jaink", "jeink", "aink", "eink", "ink", "unk",
		"jai", "jei", "ai", "ei", "ja", "je", "ok", "ek", "ak", "a", "e", "i", "k",
	} {
		if s, ok := strings.CutSuffix(word, suffix); ok && len(s) >= 3 {
			return s
		}
	}
	return word
}
