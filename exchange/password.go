package exchange

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"

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
	gcm, err := newGCM(key)
	if err != nil || len(nonce) != gcm.NonceSize() {
		return nil, false
	}
	plain, err = gcm.Open(nil, nonce, sealed, []byte(about))
	return plain, err == nil
}

func newGCM(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

// random are bytes that nobody can guess.
func random(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails
	return b
}
