package exchange

import (
	"bytes"
	"crypto/aes"
	"crypto/md5"
	"encoding/base64"
)

// openSalted opens what CryptoJS seals by a password: OpenSSL's old format, AES-256-CBC under a key that MD5 makes. It
// has no tag, so what comes out is text or nothing.
func openSalted(text, password string) (plain []byte, ok bool) {
	const mark, saltSize = "Salted__", 8
	data, err := base64.StdEncoding.DecodeString(text)
	data, marked := bytes.CutPrefix(data, []byte(mark))
	if err != nil || !marked || len(data) < saltSize || password == "" {
		return nil, false
	}
	salt, data := data[:saltSize], data[saltSize:]
	var made, last []byte // EVP_BytesToKey, one round
	for len(made) < keyLength+aes.BlockSize {
		sum := md5.Sum(bytes.Join([][]byte{last, []byte(password), salt}, nil))
		last = sum[:]
		made = append(made, last...)
	}
	return openCBC(made[:keyLength], made[keyLength:keyLength+aes.BlockSize], data)
}
