package exchange

import (
	"maps"
	"slices"
	"strings"

	"kapu/lang"
	"kapu/vault"
)

// Writer writes one format. An entry that the format cannot hold is left out by Fits, never bent into it.
type Writer interface {
	// Name of the format, as a person knows it.
	Name() string
	// Sealed says whether the file is encrypted to a passphrase. Whatever is not can be read by everybody.
	Sealed() bool
	// Fits says whether the format can hold an entry.
	Fits(e Entry) bool
	// Write returns the file.
	Write(entries []Entry, passphrase string) ([]byte, error)
}

// writers by the names with which a person asks for them.
var writers = map[string]Writer{
	"otpauth": otpauthWriter{},
	"ente":    enteWriter{},
	"csv":     csvWriter{},
}

// WriterOf returns the writer of a format that a person has asked for.
func WriterOf(format string) (Writer, error) {
	if w, ok := writers[format]; ok {
		return w, nil
	}
	return nil, lang.E("export-unknown", "Format", format, "Formats", strings.Join(slices.Sorted(maps.Keys(writers)), ", ")).Kind(vault.ErrInvalid)
}

// Write writes those of the entries that the format can hold, and says how many it cannot.
func Write(w Writer, entries []Entry, passphrase string) (data []byte, left int, err error) {
	fit := make([]Entry, 0, len(entries))
	for _, e := range entries {
		if w.Fits(e) {
			fit = append(fit, e)
		}
	}
	data, err = w.Write(fit, passphrase)
	return data, len(entries) - len(fit), err
}
