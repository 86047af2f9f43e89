package exchange

import (
	"encoding/base32"
	"encoding/base64"
	"math"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"

	"google.golang.org/protobuf/encoding/protowire"

	"kapu/qr"
	"kapu/vault"
)

// migrationWriter writes pictures of the QR codes by which Google Authenticator hands over its accounts.
type migrationWriter struct{}

const (
	maxAccounts  = 10  // in one code, as Google's own
	maxShareSize = 900 // bytes in one code, unless one account has more: what telephones still read off a screen
	sharePixels  = 8   // of a module's side
)

func (migrationWriter) Name() string { return "Google Authenticator" }
func (migrationWriter) Sealed() bool { return false }

// Fits leaves out what the message has no number for, and what it could only hold otherwise.
func (migrationWriter) Fits(e Entry) bool {
	k := e.Key
	secret, err := base32Raw.DecodeString(k.Secret)
	return err == nil && base32Raw.EncodeToString(secret) == k.Secret &&
		(k.Kind == vault.TOTP && k.Period == 30 || k.Kind == vault.HOTP && k.Counter <= math.MaxInt64) &&
		(k.Digits == 6 || k.Digits == 8) && slices.Contains(googleAlgorithms[1:], k.Algorithm) &&
		len(migrationURI([][]byte{googleMessage(e)}, maxShares, 0, math.MaxInt32)) <= qr.Most
}

func (migrationWriter) Write(entries []Entry, _ Options) ([][]byte, error) {
	var pictures [][]byte
	for _, uri := range migrationURIs(entries) {
		code, err := qr.Make(uri)
		if err != nil {
			return nil, err
		}
		picture, err := code.PNG(sharePixels)
		if err != nil {
			return nil, err
		}
		pictures = append(pictures, picture)
	}
	return pictures, nil
}

// migrationURIs are the codes of a transfer, or of several if one cannot have so many.
func migrationURIs(entries []Entry) (uris []string) {
	for batch := range slices.Chunk(shares(entries), maxShares) {
		id := uint64(rand.Int32()) // only tells transfers apart
		for i, share := range batch {
			uris = append(uris, migrationURI(share, len(batch), i, id))
		}
	}
	return uris
}

// shares are the accounts' messages, as many in each as one code is to hold.
func shares(entries []Entry) (all [][][]byte) {
	var share [][]byte
	size := 0
	for _, e := range entries {
		m := googleMessage(e)
		if len(share) == maxAccounts || len(share) > 0 && size+len(m) > maxShareSize {
			all, share, size = append(all, share), nil, 0
		}
		share, size = append(share, m), size+len(m)
	}
	return append(all, share)
}

func migrationURI(accounts [][]byte, of, index int, id uint64) string {
	var m []byte
	for _, a := range accounts {
		m = appendData(m, 1, a)
	}
	m = appendNumber(appendNumber(m, 2, 1), 3, uint64(of)) // the version comes first
	m = appendNumber(appendNumber(m, 4, uint64(index)), 5, id)
	return migration + "offline?data=" + url.QueryEscape(base64.StdEncoding.EncodeToString(m))
}

// googleAlgorithms by their numbers.
var googleAlgorithms = []string{1: "SHA1", 2: "SHA256", 3: "SHA512"}

var base32Raw = base32.StdEncoding.WithPadding(base32.NoPadding)

func googleMessage(e Entry) []byte {
	k := e.Key
	secret, _ := base32Raw.DecodeString(k.Secret) // Fits has seen to it
	name := e.Name
	if strings.HasPrefix(name, e.Service+":") {
		name = e.Service + ":" + name // else it would be read as the service's
	}
	digits, kind := uint64(1), uint64(2)
	if k.Digits == 8 {
		digits = 2
	}
	if k.Kind == vault.HOTP {
		kind = 1
	}
	m := appendData(appendData(appendData(nil, 1, secret), 2, []byte(name)), 3, []byte(e.Service))
	m = appendNumber(m, 4, uint64(slices.Index(googleAlgorithms, k.Algorithm)))
	m = appendNumber(appendNumber(m, 5, digits), 6, kind)
	return appendNumber(m, 7, k.Counter)
}

func appendNumber(m []byte, field protowire.Number, value uint64) []byte {
	return protowire.AppendVarint(protowire.AppendTag(m, field, protowire.VarintType), value)
}

func appendData(m []byte, field protowire.Number, data []byte) []byte {
	return protowire.AppendBytes(protowire.AppendTag(m, field, protowire.BytesType), data)
}
