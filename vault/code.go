package vault

import (
	"fmt"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"
)

// Code is the digits and the window in which the service accepts them. A HOTP code has no window.
type Code struct {
	Digits      string
	From, Until time.Time
}

// Code makes the code that is valid at a moment; of a HOTP key, the next one.
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
	var err error
	if c.Digits, err = hotp.GenerateCodeCustom(k.Secret, counter, opts); err != nil {
		// Normalize lets no such key in; the library's error would say nothing more.
		return Code{}, fmt.Errorf("making a code: %w", err)
	}
	return c, nil
}

var algorithms = map[string]otp.Algorithm{
	"SHA1": otp.AlgorithmSHA1, "SHA256": otp.AlgorithmSHA256, "SHA512": otp.AlgorithmSHA512,
}
