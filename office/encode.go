package office

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"time"

	"kapu/seal"
)

// How hashes, ids and JSON are written in objects: the canonical encoding of an office.

var base32Lower = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// hash is the content address of bytes: SHA-256 in lower-case base 32, 52 characters.
func hash(data []byte) string {
	sum := sha256.Sum256(data)
	return base32Lower.EncodeToString(sum[:])
}

// short is a truncated hash, as long as an id: 130 bits.
func short(data []byte) string { return hash(data)[:idLength] }

// The lengths, in characters, of hashes, of ids and of the fingerprint of a book.
const (
	hashLength  = 52
	idLength    = 26
	printLength = 16
)

// newID is a random id of 130 bits, unique without asking anybody.
func newID() string { return strings.ToLower(rand.Text()) }

// DeviceID is the id of a device, a fingerprint of its public key: nobody can take another's.
func DeviceID(p *seal.Public) string {
	text, err := json.Marshal(p)
	if err != nil {
		panic(err) // a string and 32 bytes
	}
	return short(text)
}

// strict decodes JSON and refuses unknown fields and trailing text: a field that is ignored here might be a rule
// elsewhere.
func strict(data []byte, into any) error {
	d := json.NewDecoder(strings.NewReader(string(data)))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return err
	}
	if _, err := d.Token(); err != io.EOF {
		return errors.New("text after the end")
	}
	return nil
}

// wireTime is a timestamp as objects carry it: UTC, in whole milliseconds.
func wireTime(t time.Time) time.Time { return t.UTC().Truncate(time.Millisecond) }
