package exchange

import (
	"encoding/base64"
	"errors"
	"math"
	"strings"

	"google.golang.org/protobuf/encoding/protowire"

	"kapu/lang"
	"kapu/vault"
)

// Google Authenticator hands over its accounts in QR codes, of which each holds up to ten: an URI with a message of
// protocol buffers in it. Its schema is seven numbers; only the wire format is read by a library.

const (
	// maxMessage is more than a QR code can hold.
	maxMessage = 4 << 10
	maxShares  = 1000
)

// readMigration makes entries of one such code.
func readMigration(line int, s string) []Entry {
	share := &Share{batch: batch{size: 1}}
	var entries []Entry
	err := fields(migrationData(s), func(number protowire.Number, value uint64, data message) error {
		switch number {
		case 1:
			e, err := googleAccount(line, data)
			if err != nil {
				return err
			}
			entries = append(entries, e)
		case 3:
			share.size = max(value, 1)
		case 4:
			share.index = value
		case 5:
			share.id = value
		}
		return nil
	})
	if err != nil || len(entries) == 0 || share.size > maxShares || share.index >= share.size {
		e := Entry{Line: line}
		e.refused(lang.E("import-migration-damaged"))
		return []Entry{e}
	}
	for i := range entries {
		entries[i].Share = share
	}
	return entries
}

// migrationData is the message of an URI. Escaped or not, with either alphabet of base64: a plus is no space here.
func migrationData(s string) message {
	at := indexFold(s, "data=")
	if at < 0 {
		return nil
	}
	text, _, _ := strings.Cut(s[at+len("data="):], "&")
	if len(text) > 4*maxMessage {
		return nil
	}
	text = strings.NewReplacer("-", "+", "_", "/", " ", "+").Replace(unescape(text, true))
	data, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(text, "="))
	if err != nil || len(data) > maxMessage {
		return nil
	}
	return data
}

func googleAccount(line int, m message) (Entry, error) {
	e := Entry{Line: line}
	var secret []byte
	var label string
	var kind, algorithm, digits, counter uint64
	err := fields(m, func(number protowire.Number, value uint64, data message) error {
		switch number {
		case 1:
			secret = data
		case 2:
			label = valid(string(data))
		case 3:
			e.Service = withoutSecret(vault.CleanText(valid(string(data))))
		case 4:
			algorithm = value
		case 5:
			digits = value
		case 6:
			kind = value
		case 7:
			counter = value
		}
		return nil
	})
	if err != nil {
		return e, err
	}
	prefix, name, ok := strings.Cut(label, ":") // not escaped, unlike an otpauth URI's
	if !ok || (e.Service != "" && vault.CleanText(prefix) != e.Service) {
		prefix, name = "", label
	}
	if e.Service == "" {
		e.Service = withoutSecret(vault.CleanText(prefix))
	}
	if e.Name = withoutSecret(vault.CleanText(name)); e.Name == "" {
		e.Name = e.Service
	}
	e.Key = vault.Key{
		Kind:      choice(kind, vault.TOTP, vault.HOTP, vault.TOTP),
		Secret:    base32Raw.EncodeToString(secret),
		Algorithm: choice(algorithm, "SHA1", "SHA1", "SHA256", "SHA512", "MD5"),
		Digits:    choice(digits, 6, 6, 8),
		Period:    30,
	}
	e.Stated = Stated{Kind: kind != 0, Algorithm: algorithm != 0, Digits: digits != 0} // it knows no period
	if e.Key.Digits == 0 {
		e.Key.Digits = int(min(digits, 99)) // no such number: it is refused with it
	}
	if e.Key.Kind == vault.HOTP {
		e.Key.Counter, e.Key.Period = counter, 0
	}
	if err = e.fit(); counter > math.MaxInt64 {
		err = lang.E("import-counter")
	}
	if err != nil {
		e.refused(err)
	}
	return e, nil
}

// choice is what a number stands for; for numbers from later versions, nothing.
func choice[T any](number uint64, of ...T) (chosen T) {
	if number < uint64(len(of)) {
		chosen = of[number]
	}
	return chosen
}

// message is a message of protocol buffers in its wire format.
type message []byte

var errMessage = errors.New("no message")

// fields calls see with every field of a message: its number, and its value if that is a number, else its data. Groups,
// which were given up before this message was thought of, are damage, as is whatever ends in the middle.
func fields(m message, see func(number protowire.Number, value uint64, data message) error) error {
	if m == nil {
		return errMessage
	}
	for len(m) > 0 {
		number, kind, n := protowire.ConsumeTag(m)
		if n < 0 {
			return errMessage
		}
		m = m[n:]
		var value uint64
		var data message
		switch kind {
		case protowire.VarintType:
			value, n = protowire.ConsumeVarint(m)
		case protowire.BytesType:
			data, n = protowire.ConsumeBytes(m)
		case protowire.Fixed32Type, protowire.Fixed64Type:
			n = protowire.ConsumeFieldValue(number, kind, m)
		default:
			return errMessage
		}
		if n < 0 {
			return errMessage
		}
		if err := see(number, value, data); err != nil {
			return err
		}
		m = m[n:]
	}
	return nil
}
