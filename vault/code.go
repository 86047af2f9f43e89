package vault

import (
	"crypto/hmac"
	"encoding/base32"
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"
)

// Code is a one-time password and the time step in which the service accepts it. A HOTP code has no time step: zero
// times.
type Code struct {
	Digits      string
	From, Until time.Time
}

// Code computes the TOTP that is valid at a moment, or the HOTP of the present counter; it does not step the counter.
func (k Key) Code(at time.Time) (Code, error) {
	var c Code
	counter := k.Counter
	if k.Kind != HOTP {
		period := int64(k.Period)
		window := at.Unix() / period
		counter = uint64(window)
		c.From, c.Until = time.Unix(window*period, 0), time.Unix((window+1)*period, 0)
	}
	opts := hotp.ValidateOpts{Digits: otp.Digits(k.Digits), Algorithm: algorithms[k.Algorithm]}
	if k.Kind == Steam {
		opts.Encoder = otp.EncoderSteam
	}
	if k.Kind == Book {
		return Code{}, errors.New("a book has its codes elsewhere")
	}
	var err error
	if c.Digits, err = hotp.GenerateCodeCustom(k.Secret, counter, opts); err != nil {
		// Normalize lets no such key in; the library's error would say nothing more.
		return Code{}, fmt.Errorf("making a code: %w", err)
	}
	return c, nil
}

// Codes is the bulk form of Code for a six-digit TOTP key: a function from time step to number (RFC 4226). It decodes
// the key once, where the library does so for each code; a book of two weeks has forty thousand.
func (k Key) Codes() (func(window uint64) uint32, error) {
	secret, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(k.Secret)
	if err != nil || k.Kind != TOTP || k.Digits != 6 {
		return nil, errors.New("not a TOTP key of six digits")
	}
	mac := hmac.New(algorithms[k.Algorithm].Hash, secret)
	var message [8]byte
	sum := make([]byte, 0, mac.Size())
	return func(window uint64) uint32 {
		binary.BigEndian.PutUint64(message[:], window)
		mac.Reset()
		mac.Write(message[:])
		sum = mac.Sum(sum[:0])
		at := sum[len(sum)-1] & 0xf
		return binary.BigEndian.Uint32(sum[at:]) & 0x7fffffff % 1_000_000
	}, nil
}

var algorithms = map[string]otp.Algorithm{
	"SHA1": otp.AlgorithmSHA1, "SHA256": otp.AlgorithmSHA256, "SHA512": otp.AlgorithmSHA512,
}
