package seal

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"slices"

	"filippo.io/age"
	"golang.org/x/text/unicode/norm"
)

// ErrPassphrase means that the passphrase is not the one, or that its part of the file was altered, which cannot
// be told apart.
var ErrPassphrase = errors.New("not the passphrase")

// Work factors: the cost of one guess, as log2 of scrypt's N (with r=8 and p=1, 2^16 takes 64 MiB).
const (
	// WorkPIN is for a secret that is guarded by a keychain and a count of tries besides.
	WorkPIN = 16
	// WorkPassword is for a file that a thief can try as often as they like.
	WorkPassword = 17
	// maxWork caps what a file may ask for: what the age tool itself writes.
	maxWork = 18
)

// SealPassphrase encrypts something to a passphrase, its only recipient, in the normal form NFC: a Mac's "á" may be two
// characters, another keyboard's is one, and both look alike. The file is what `age -p` makes, and `age -d` opens it.
func SealPassphrase(plain []byte, passphrase string, work int) ([]byte, error) {
	defer debug.FreeOSMemory() // what scrypt took is many times what the process needs otherwise
	r, err := age.NewScryptRecipient(norm.NFC.String(passphrase))
	if err != nil {
		return nil, err
	}
	r.SetWorkFactor(work)
	var sealed bytes.Buffer
	w, err := age.Encrypt(&sealed, r)
	if err == nil {
		_, err = w.Write(plain)
	}
	if err == nil {
		err = w.Close()
	}
	return sealed.Bytes(), err
}

// OpenPassphrase decrypts what SealPassphrase made. The passphrase is tried as it was typed and then, if it has
// accents, in the other normal forms: older files were sealed to what the keyboard gave. The cost that a file may ask
// for is capped before it is paid: the work factor at maxWork, the size at most bytes.
func OpenPassphrase(sealed []byte, passphrase string, most int) (plain []byte, err error) {
	tried := map[string]bool{}
	for _, form := range []string{passphrase, norm.NFC.String(passphrase), norm.NFD.String(passphrase)} {
		if tried[form] {
			continue
		}
		tried[form] = true
		if plain, err = openPassphrase(sealed, form, most); !errors.Is(err, ErrPassphrase) {
			break
		}
	}
	return plain, err
}

func openPassphrase(sealed []byte, passphrase string, most int) ([]byte, error) {
	i, err := age.NewScryptIdentity(passphrase)
	if err != nil {
		return nil, ErrPassphrase // an empty one
	}
	if len(sealed) > most {
		return nil, fmt.Errorf("%w: %d bytes", ErrDamaged, len(sealed))
	}
	i.SetMaxWorkFactor(maxWork)
	defer debug.FreeOSMemory()
	r, err := age.Decrypt(bytes.NewReader(sealed), i)
	noMatch, ok := errors.AsType[*age.NoIdentityMatchError](err)
	if ok && slices.Equal(noMatch.StanzaTypes, []string{"scrypt"}) {
		return nil, ErrPassphrase
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	plain, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return plain, nil
}
