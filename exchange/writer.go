package exchange

import (
	"maps"
	"slices"
	"strings"

	"kapu/lang"
	"kapu/vault"
)

// Writer is an encoder of one format. An entry that the format cannot hold is left out by Fits, never bent into it.
type Writer interface {
	// Name of the format, as a person knows it.
	Name() string
	// Sealed says whether the file is encrypted to a passphrase. Whatever is not can be read by everybody.
	Sealed() bool
	// Fits says whether the format can hold an entry.
	Fits(e Entry) bool
	// Write returns the files; most formats have one.
	Write(entries []Entry, o Options) (files [][]byte, err error)
}

// Options are what some formats have to know beside the entries.
type Options struct {
	Passphrase string // of a sealed file
	Language   string // of a page
}

// writers by the names with which a person asks for them.
var writers = map[string]Writer{
	"aegis":           aegisWriter{},
	"aegis-encrypted": aegisWriter{sealed: true},
	"csv":             csvWriter{},
	"ente":            enteWriter{},
	"ente-encrypted":  enteSealed{enteMemory, entePasses},
	"keepassxc":       keepassxcWriter{},
	"otpauth":         otpauthWriter{},
	"pdf":             pdfWriter{},
	"qr":              migrationWriter{},
}

// Formats are the names of all formats that can be written.
func Formats() []string { return slices.Sorted(maps.Keys(writers)) }

// WriterOf returns the writer of a format that a person has asked for.
func WriterOf(format string) (Writer, error) {
	if w, ok := writers[format]; ok {
		return w, nil
	}
	return nil, lang.E("export-unknown", "Format", format, "Formats", strings.Join(Formats(), ", ")).Kind(vault.ErrInvalid)
}

// Write writes those of the entries that the format can hold, and says how many it cannot.
func Write(w Writer, entries []Entry, o Options) (files [][]byte, left int, err error) {
	fit := make([]Entry, 0, len(entries))
	for _, e := range entries {
		if w.Fits(e) {
			fit = append(fit, e)
		}
	}
	if len(fit) == 0 {
		return nil, len(entries), lang.E("export-none-fits", "Format", w.Name()).Kind(vault.ErrInvalid)
	}
	files, err = w.Write(fit, o)
	return files, len(entries) - len(fit), err
}
