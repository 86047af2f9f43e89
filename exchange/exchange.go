// Package exchange is import and export: it reads and writes the files of other programs and of spreadsheets. One file
// per format (aegis.go reads it, aegis_writer.go writes it); a reader is found by content, not by name.
//
//	exchange.go, writer.go   Entry, Reader and Writer, and the tables of all of them
//	file.go, files.go        files and standard input; several at once
//	plan.go, changes.go      the merge into a vault; report.go its outcome, entry by entry
//	entry.go, entries.go     entries made fit, and those of a vault
//	table.go                 spreadsheets: columns.go their schema, cells.go, days.go, text.go what is in a cell,
//	                         csv.go, xlsx.go the two kinds
//	uri.go, otpauth.go       otpauth URIs; migration.go Google's transfers; picture.go QR codes
//	json.go, many.go         what JSON formats have in common
//	budget.go                what an import may cost; own.go what of a file stays; zipfile.go archives
//	kdf.go, password.go      passwords of encrypted files, and what a try may cost; secretstream.go libsodium's stream
//	log.go                   sheets for a spreadsheet: the log and others
//
// Its promise: whatever is in a file is accounted for. Each entry read is new, merged, same, changed, skipped or
// refused, with a reason; the counts add up to what was read; and nothing changes before the plan is known.
package exchange

import (
	"bytes"
	"errors"
	"slices"
	"strings"

	"kapu/lang"
	"kapu/vault"
)

// Entry is one record of a file in the neutral form that all formats share: a client with its account, or the reason
// why it is none.
type Entry struct {
	// Line is the line in a text file, the number of the entry in any other.
	Line int `json:"line"`
	// File is the file's name, where several are read together, and Sheet that of the worksheet, where a file has several.
	File      string `json:"file,omitempty"`
	Sheet     string `json:"sheet,omitempty"`
	Name      string `json:"name"`
	TaxNumber string `json:"tax_number,omitempty"`
	Folder    string `json:"folder,omitempty"`
	Service   string `json:"service,omitempty"`
	// Foreign is set of what another program kept: that it names no service does not make it one of Ügyfélkapu+.
	Foreign  bool      `json:"foreign,omitempty"`
	UserName string    `json:"user_name,omitempty"`
	Key      vault.Key `json:"key"`
	// Stated says which parameters of the key the file states. The others are the defaults, and nothing that the file
	// says.
	Stated       Stated `json:"stated,omitzero"`
	DeletionCode string `json:"deletion_code,omitempty"`
	Note         string `json:"note,omitempty"`
	Favourite    bool   `json:"favourite,omitempty"`
	// MandateUntil is the last day of the client's authorisation, "2026-12-31", or vault.Indefinite; PasswordUntil that
	// of the account's portal password.
	MandateUntil  string `json:"mandate_until,omitempty"`
	PasswordUntil string `json:"password_until,omitempty"`

	// Share is set of what came in one of several codes that belong together.
	Share *Share `json:"-"`
	// Warn says what of the entry could not be read, or has no place here, though the entry stands.
	Warn *lang.Error `json:"warn,omitempty"`
	// Doubt says why the entry is hardly what the person means: it is taken in only if they confirm it.
	Doubt *lang.Error `json:"doubt,omitempty"`
	// Skip says why the entry is left out though nothing is wrong with it (it was in the bin).
	Skip *lang.Error `json:"skip,omitempty"`
	// Refuse says what is wrong with the entry.
	Refuse *lang.Error `json:"refuse,omitempty"`
}

// Hidden says whether the entry is left out because it is hidden in its table.
func (e Entry) Hidden() bool {
	return e.Skip != nil && (e.Skip.ID == "table-hidden-row" || e.Skip.ID == "table-hidden-sheet")
}

// Stated are the parameters of a key that a file states.
type Stated struct {
	Kind      bool `json:"kind,omitempty"`
	Algorithm bool `json:"algorithm,omitempty"`
	Digits    bool `json:"digits,omitempty"`
	Period    bool `json:"period,omitempty"`
}

// Reader is a decoder of one format.
type Reader interface {
	// Name of the format, as a person knows it.
	Name() string
	// Detect says whether data is of this format.
	Detect(data []byte) bool
	// Read returns every entry, the bad ones with their reason. An error means that the file as a whole
	// cannot be read. A reader of an encrypted format calls o.Ask, once.
	Read(data []byte, o ReadOptions) ([]Entry, error)
}

// ReadOptions say how a file is to be read. The zero value reads what needs no more than the file.
type ReadOptions struct {
	// Budget is that of the import of which this file is a part; nil: the file has one of its own, which nobody ends.
	Budget *Budget
	Ask    Ask // nil: nobody can be asked, and an encrypted file is an error
	// Costly opens also what takes a gigabyte of memory to open, as exports of Ente Auth do. The person has to say so.
	Costly bool
	// As is the format that the person says the file is of. Empty, its content says so; what has no mark at all, as
	// andOTP's encrypted files before 2019, is read only if it is named.
	As string
	// Columns are what the person says of a table's columns: heading → field ("folder"), "" for one to be left out.
	Columns map[string]string
	// KeyFile is the content of the key file of a KeePass database that has one.
	KeyFile []byte
	// Hidden takes in hidden rows and sheets too, which are skipped otherwise.
	Hidden bool
	// Understood, if there is one, is told how the columns of each table were understood.
	Understood func([]Column)
}

// Ask is the callback that asks the person for the password of a file, naming its format.
type Ask func(format string) (string, error)

// The kinds of failure that a caller tells apart.
var (
	// ErrPassword means that the password does not open the file; the file itself is whole.
	ErrPassword = errors.New("wrong password")
)

// readers in the order in which they are tried: the more particular first.
var readers = []Reader{
	picture{},
	archive{},
	kdbx{},
	ods{},
	keepassXML{},
	spreadsheetML{},
	htmlTable{},
	aegis{},
	twoFAS{},
	extension{}, // before Bitwarden, whose marks it may have
	bitwarden{},
	freeOTP{},
	freeOTP2{},
	proton{},
	stratum{},
	lastPass{},
	twoFAuth{},
	raivo{},
	winAuthXML{},
	ente{},
	keepassxc{},
	bitwardenCSV{},
	bitwardenAuth{},
	onePasswordCSV,
	appleCSV,
	protonPassCSV,
	lastPassCSV,
	dashlaneCSV,
	olderDashlaneCSV,
	safeInCloudCSV,
	enpassCSV,
	xlsx{},
	raivoZip{},
	plusZip{},
	winAuthZip{},
	csv{},
	otpauth{},
	andOTP{}, // its encrypted files have hardly a mark
}

// Readable are the names of the formats, as ReadOptions.As has them, in alphabetical order.
func Readable() []string {
	var names []string
	for _, r := range readers {
		names = append(names, r.Name())
	}
	lang.Sort(names, func(name string) string { return name })
	return slices.Compact(names)
}

// Read finds the format of a file's content and reads it.
func Read(data []byte, o ReadOptions) (format string, entries []Entry, err error) {
	if len(bytes.TrimSpace(data)) == 0 {
		return "", nil, lang.E("import-empty")
	}
	defer o.begin()()
	data = oneEncoding(data)
	r, err := readerOf(data, o.As)
	if err != nil {
		return "", nil, err
	}
	format = nameOf(r, data) // now: what is read of the file needs its memory
	entries, err = readAsTyped(r, data, o)
	if over := o.Budget.err(); over != nil {
		err = over
	}
	if err == nil {
		entries = settle(entries)
		err = o.Budget.take(entries)
	}
	if err != nil {
		return format, nil, err
	}
	switch r.(type) {
	case csv, xlsx, ods, spreadsheetML, htmlTable, archive: // an office's own table, or our own file
	default:
		for i := range entries {
			entries[i].Foreign = true
		}
	}
	return format, entries, nil
}

// readerOf finds the reader of a file by its content, among all or those that the person has named. Of the named ones
// the first is the one also where the content has no mark.
func readerOf(data []byte, name string) (Reader, error) {
	if said := signOf(data); said != nil && name == "" {
		return nil, said
	}
	var named Reader
	for _, r := range readers {
		if name != "" && !strings.EqualFold(name, r.Name()) {
			continue
		}
		if r.Detect(data) {
			return r, nil
		}
		if named == nil && name != "" {
			named = r
		}
	}
	switch {
	case named != nil:
		return named, nil
	case name != "":
		return nil, lang.E("import-as-unknown", "Name", name)
	}
	return nil, unknown(data)
}

// nameOf is the name of a file's format, with the encoding of its text where that had to be judged.
func nameOf(r Reader, data []byte) string {
	if e, ok := r.(interface{ encoding(data []byte) string }); ok {
		if encoding := e.encoding(data); encoding != "" {
			return r.Name() + " (" + encoding + ")"
		}
	}
	return r.Name()
}
