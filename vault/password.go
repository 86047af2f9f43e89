package vault

import (
	"errors"
	"path/filepath"
	"unicode/utf8"

	passwordvalidator "github.com/wagslane/go-password-validator"
	"golang.org/x/text/unicode/norm"

	"kapu/internal/disk"
	"kapu/lang"
	"kapu/seal"
)

// keyName is the wrapped-key file beside the vault: the root secret encrypted to a password, an age file. It is not
// believed where somebody else can have written it, but on a share, which may not know whose a file is.
const keyName = "vault.key"

// A password is tried by whoever has the file, as often as they like; each try costs them what it costs us.
const (
	minPassword = 10
	maxPassword = 1024
	minBits     = 45 // as estimated: ten letters that do not repeat or follow one another
)

// maxSealedKey is the largest file or item that is tried: a sealed root secret is a hundredth of it.
const maxSealedKey = 64 << 10

func checkPassword(password string) error {
	password = norm.NFC.String(password) // as which it is sealed
	if n := utf8.RuneCountInString(password); n < minPassword || n > maxPassword {
		return lang.E("password-length", "Least", minPassword, "Most", maxPassword).Kind(ErrWeak)
	}
	if passwordvalidator.GetEntropy(password) < minBits {
		return lang.E("password-weak").Kind(ErrWeak)
	}
	return nil
}

func (d Door) openKeyFile(password string) (*seal.Identity, error) {
	data, err := disk.ReadTrusted(d.keyFile())
	if errors.Is(err, disk.ErrUnowned) {
		data, err = disk.ReadFile(d.keyFile())
	}
	if errors.Is(err, disk.ErrForeign) {
		return nil, err
	}
	if err != nil {
		return nil, lang.E("vault-unreadable", "Path", d.keyFile(), "Reason", err)
	}
	plain, err := seal.OpenPassphrase(data, password, maxSealedKey)
	if errors.Is(err, seal.ErrPassphrase) {
		return nil, lang.E("password-wrong", "Path", d.keyFile()).Kind(ErrSecret)
	}
	var id *seal.Identity
	if err == nil {
		id, err = seal.ParseIdentity(string(plain))
	}
	if err != nil {
		return nil, lang.E("password-damaged", "Path", d.keyFile(), "Reason", err).Kind(ErrNoKey)
	}
	return id, nil
}

// writeKeyFile writes the wrapped key atomically and verifies it: it returns when the file was read back and opened.
func (d Door) writeKeyFile(id *seal.Identity, password string) error {
	if err := disk.Trusted(filepath.Dir(d.keyFile())); errors.Is(err, disk.ErrForeign) && !errors.Is(err, disk.ErrUnowned) {
		return err // written all the same, it would lock out until that is mended
	}
	sealed, err := seal.SealPassphrase([]byte(id.String()), password, d.work(seal.WorkPassword))
	if err == nil {
		_, err = writeFile(d.keyFile(), sealed)
	}
	if err != nil {
		return lang.E("vault-unwritable", "Path", d.keyFile(), "Reason", err)
	}
	again, err := d.openKeyFile(password)
	if err == nil && again.String() != id.String() {
		err = lang.E("vault-unwritable", "Path", d.keyFile(), "Reason", lang.Cause("cause-not-kept"))
	}
	return err
}
