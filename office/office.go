// Package office lets several people and machines work with the same accounts.
//
// Its promise: whoever keeps the store learns nothing and changes nothing unnoticed; each device can read exactly what
// the roster says; and nothing that was confirmed is lost, in whatever order machines come and go.
//
// The vault stays what a person works with. Sync carries its changes out as signed edits, and the edits of others in:
//
//	roster.go    who is in the office, with which machines and rights: one chain, each number by a device of an admin
//	edit.go      one person's change of one record: signed, and never changed again
//	card.go      an account with its clients, as the set of its edits makes it
//	bundle.go    a record's edits in one envelope, sealed to those who may read them; accept.go which of them count
//	book.go      codes without the key, for a substitute
//	state.go     what this device knows between two syncs
//	sync.go      pull, apply, push; mend.go what devices of admins see to
//	join.go      how a person or a machine comes in; journal.go what was done with codes
//
// docs/formats.md specifies the objects, docs/decisions/office-edits.md says why they are as they are.
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

// The kinds of failure that callers tell apart. Every error a person can see is a lang sentence.
var (
	ErrNone      = errors.New("this vault is in no office")
	ErrNotAdmin  = errors.New("only an admin may do this")
	ErrUnknown   = errors.New("no such member, device, grant or client")
	ErrInvalid   = errors.New("not possible in this office")
	ErrFork      = errors.New("the store shows another office than before")
	ErrExpelled  = errors.New("this device is no longer in the office")
	ErrNotYet    = errors.New("not approved yet")
	ErrDamaged   = errors.New("what this device knew of its office cannot be read")
	ErrInvite    = errors.New("not a valid invitation")
	ErrTwoFaced  = errors.New("two machines write as this device")
	ErrInUse     = errors.New("another session is at it")
	errRefused   = errors.New("refused") // an object that breaks a rule
	errNotReady  = errors.New("cites a roster not seen yet")
	errNotForUs  = errors.New("not sealed to this device")
	errNoMandate = errors.New("its author has no right to it")
)

var base32Lower = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// hash names bytes: 256 bits as 52 letters and digits.
func hash(data []byte) string {
	sum := sha256.Sum256(data)
	return base32Lower.EncodeToString(sum[:])
}

// short is as much of a hash as an id needs: 130 bits.
func short(data []byte) string { return hash(data)[:idLength] }

// The lengths of hashes, of ids and of what tells two books apart.
const (
	hashLength  = 52
	idLength    = 26
	printLength = 16
)

// newID is 130 random bits.
func newID() string { return strings.ToLower(rand.Text()) }

// DeviceID names a device by its public half, so that nobody can take another's name.
func DeviceID(p *seal.Public) string {
	text, err := json.Marshal(p)
	if err != nil {
		panic(err) // a string and 32 bytes
	}
	return short(text)
}

// box seals and opens objects. The simulation plays ten thousand offices with one that is cheaper than cryptography.
type box interface {
	seal(context string, body []byte, author *seal.Identity, to ...*seal.Public) ([]byte, error)
	open(context string, sealed []byte, reader *seal.Identity, authors ...string) ([]byte, string, error)
	openBy(context string, sealed []byte, reader *seal.Identity, authors func([]byte) []string) ([]byte, string, error)
	recipients(sealed []byte) (int, error)
	words(office, invite, device string) string
}

// realBox is package seal.
type realBox struct{}

func (realBox) seal(context string, body []byte, author *seal.Identity, to ...*seal.Public) ([]byte, error) {
	return seal.Seal(context, body, author, to...)
}

func (realBox) open(context string, sealed []byte, reader *seal.Identity, authors ...string) ([]byte, string, error) {
	return seal.OpenFrom(context, sealed, reader, authors...)
}

func (realBox) openBy(context string, sealed []byte, reader *seal.Identity, authors func([]byte) []string) ([]byte, string, error) {
	return seal.OpenBy(context, sealed, reader, authors)
}

func (realBox) recipients(sealed []byte) (int, error) { return seal.Recipients(sealed) }

func (realBox) words(office, invite, device string) string { return words4(office, invite, device) }

// strict reads JSON and refuses what it does not know: a field that is passed over here might be a rule elsewhere.
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

// stamp is a time as objects carry it.
func stamp(t time.Time) time.Time { return t.UTC().Truncate(time.Millisecond) }
