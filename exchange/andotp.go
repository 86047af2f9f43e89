package exchange

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"math"
	"strings"
)

// andOTP reads andOTP's JSON backup, and both ways in which it was encrypted.
type andOTP struct{}

func (andOTP) Name() string { return "andOTP" }

// Detect has no mark to go by in an encrypted file: it is random from the first byte to the last. So this reader
// comes after all others.
func (andOTP) Detect(data []byte) bool {
	return hasKeys(data, '[', "secret", "label", "type") || isRandom(data)
}

func (a andOTP) Read(data []byte, o ReadOptions) ([]Entry, error) {
	if isRandom(data) {
		plain, err := a.open(data, o.Ask)
		if err != nil {
			return nil, err
		}
		data = plain
	}
	items, err := decodeFile[items](a.Name(), data)
	if err != nil {
		return nil, err
	}
	return entriesOf(a.Name(), items, func(x struct {
		code
		Type, Label, Issuer string
		Tags                []string
	}, e *Entry,
	) error {
		issuer, account := x.Issuer, x.Label
		if before, after, both := strings.Cut(x.Label, " - "); both && issuer == "" {
			issuer, account = before, after // until 2019 one field held both
		}
		if issuer != "" {
			account = strings.TrimPrefix(account, issuer+":") // and it may hold a URI's whole label
		}
		e.called(account, issuer)
		e.Folder = first(x.Tags)
		e.further("Tags", x.Tags)
		return e.codeFrom(x.code, x.Type)
	}), nil
}

const (
	andOTPSalt    = 12
	andOTPNonce   = 12
	gcmTag        = 16
	maxIterations = 10_000_000 // the program itself takes 140,000 to 160,000
)

// open opens an encrypted backup: iterations, salt, nonce, text and tag, or, until 2018, nonce, text and tag under a
// mere hash of the password. That is tried first, since it costs nothing.
func (a andOTP) open(data []byte, ask Ask) ([]byte, error) {
	iterations := binary.BigEndian.Uint32(data)
	salted := data[4:]
	newer := len(salted) >= andOTPSalt+andOTPNonce+gcmTag && iterations > 0 && iterations <= maxIterations
	password, err := password(ask, a.Name())
	if err != nil {
		return nil, err
	}
	old := sha256.Sum256([]byte(password))
	if plain, ok := openGCM(old[:], data[:andOTPNonce], data[andOTPNonce:], ""); ok {
		return plain, nil
	}
	if newer {
		key, err := pbkdf2SHA1(salted[:andOTPSalt], uint64(iterations)).derive(password)
		if err != nil {
			return nil, err
		}
		salted = salted[andOTPSalt:]
		if plain, ok := openGCM(key, salted[:andOTPNonce], salted[andOTPNonce:], ""); ok {
			return plain, nil
		}
	}
	return nil, wrongPassword(a.Name())
}

// isRandom says whether data could be encrypted from its first byte to its last: no kind of file that is known by
// its beginning, half of it outside ASCII, and no byte much more frequent than chance makes it.
func isRandom(data []byte) bool {
	if len(data) < andOTPNonce+gcmTag+len("[]") {
		return false
	}
	for _, known := range [...]string{
		"\x89PNG", "\xff\xd8\xff", "GIF8", "RIFF", "II*\x00", "MM\x00*", "%PDF", "\xd0\xcf\x11\xe0", // pictures, documents
		"PK\x03\x04", "\x1f\x8b", "BZh", "7z\xbc\xaf", "\xfd7zXZ", "Rar!", "\x28\xb5\x2f\xfd", // archives
		"\x03\xd9\xa2\x9a", "age-encryption", // KeePass, age
	} {
		if bytes.HasPrefix(data, []byte(known)) {
			return false
		}
	}
	data = data[:min(len(data), 4096)]
	var count [256]int
	high, most := 0, 0
	for _, b := range data {
		count[b]++
		most = max(most, count[b])
		if b >= 0x80 {
			high++
		}
	}
	usual := float64(len(data)) / 256
	return high >= len(data)/5 && high <= len(data)*4/5 && float64(most) <= usual+8*math.Sqrt(usual)+4
}
