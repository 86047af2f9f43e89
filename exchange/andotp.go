package exchange

import (
	"crypto/sha256"
	"encoding/binary"
	"strings"

	"kapu/lang"
)

// andOTP reads andOTP's JSON backup, and both ways in which it was encrypted.
type andOTP struct{}

func (andOTP) Name() string { return "andOTP" }

// Detect takes an encrypted file for one by the number in front, which is one of a few. Nothing else tells it from
// noise, so this reader comes after all others, and says that it is not sure.
func (andOTP) Detect(data []byte) bool {
	return hasKeys(data, '[', "secret", "label", "type") || maybeAndOTP(data)
}

// andOTPGuess is how a file is called that may be one of andOTP.
const andOTPGuess = "andOTP?"

func (a andOTP) Read(data []byte, o ReadOptions) ([]Entry, error) {
	if !hasKeys(data, '[') {
		plain, err := a.open(data, o)
		if err != nil {
			return nil, err
		}
		data = plain
	}
	items, err := decodeFile[items](a.Name(), data)
	if err != nil {
		return nil, err
	}
	return entriesOf(o.Budget, a.Name(), items, func(x struct {
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
	andOTPSalt  = 12
	andOTPNonce = 12
	gcmTag      = 16
)

// maybeAndOTP says whether data begins with a number of iterations that andOTP takes, and is long enough. Of other
// encrypted files five in a million do.
func maybeAndOTP(data []byte) bool {
	if len(data) < 4+andOTPSalt+andOTPNonce+gcmTag+len("[]") {
		return false
	}
	n := binary.BigEndian.Uint32(data)
	return n >= 140_000 && n <= 160_000 || n >= 1000 && n <= 5000 // as since 2020, and in the year before
}

// open opens an encrypted backup: iterations, salt, nonce, text and tag, or, until 2018, nonce, text and tag under a
// mere hash of the password. The latter has no mark at all, so it is tried only where the person has named the format.
func (a andOTP) open(data []byte, o ReadOptions) ([]byte, error) {
	named := o.As != ""
	if len(data) < andOTPNonce+gcmTag || !named && !maybeAndOTP(data) {
		return nil, damaged(a.Name())
	}
	format, wrong := andOTPGuess, lang.E("andotp-password").Kind(ErrPassword)
	if named {
		format = a.Name()
	}
	answer, err := password(o.Ask, format)
	if err != nil {
		return nil, err
	}
	if named {
		old := sha256.Sum256([]byte(answer))
		if plain, ok := openGCM(old[:], data[:andOTPNonce], data[andOTPNonce:], ""); ok {
			return plain, nil
		}
	}
	if !maybeAndOTP(data) {
		return nil, wrong
	}
	salt, sealed := data[4:4+andOTPSalt], data[4+andOTPSalt:]
	key, err := pbkdf2SHA1(salt, uint64(binary.BigEndian.Uint32(data))).from(o, answer)
	if err != nil {
		return nil, err
	}
	if plain, ok := openGCM(key, sealed[:andOTPNonce], sealed[andOTPNonce:], ""); ok {
		return plain, nil
	}
	return nil, wrong
}
