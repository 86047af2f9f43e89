package exchange

import (
	"crypto/aes"
	"crypto/cipher"

	"kapu/lang"
)

// password asks for the password of a file. Where nobody can be asked, it says how they can.
func password(ask Ask, format string) (string, error) {
	if ask == nil {
		return "", lang.E("import-encrypted", "Format", format)
	}
	answer, err := ask(format)
	if err == nil && answer == "" {
		err = lang.E("import-no-password", "Format", format)
	}
	return answer, err
}

// wrongPassword is said where a seal does not open. Most formats have but one, which then says nothing of whether
// the password or the file is to blame.
func wrongPassword(format string) error {
	return lang.E("import-password", "Format", format).Kind(ErrPassword)
}

// openGCM opens what AES-256-GCM has sealed, its tag behind it.
func openGCM(key, nonce, sealed []byte, about string) (plain []byte, ok bool) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, false
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil || len(nonce) != gcm.NonceSize() {
		return nil, false
	}
	plain, err = gcm.Open(nil, nonce, sealed, []byte(about))
	return plain, err == nil
}
