package exchange

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"unicode/utf8"
)

// openCBC decrypts AES-CBC with PKCS#7 padding. CBC has no tag: what tells a wrong key is the padding, and what the
// text must look like (isText).
func openCBC(key, iv, text []byte) (plain []byte, ok bool) {
	block, err := aes.NewCipher(key)
	if err != nil || len(iv) != aes.BlockSize {
		return nil, false
	}
	return unpadCBC(cipher.NewCBCDecrypter(block, iv), bytes.Clone(text))
}

// unpadCBC decrypts a text in its own place.
func unpadCBC(mode cipher.BlockMode, text []byte) (plain []byte, ok bool) {
	size := mode.BlockSize()
	if len(text) == 0 || len(text)%size != 0 {
		return nil, false
	}
	plain = text
	mode.CryptBlocks(plain, text)
	padding := int(plain[len(plain)-1])
	if padding == 0 || padding > size {
		return nil, false
	}
	for _, b := range plain[len(plain)-padding:] {
		if int(b) != padding {
			return nil, false
		}
	}
	return plain[:len(plain)-padding], true
}

// isText says whether data is UTF-8 without control characters, as JSON is. A broken block of CBC is sixteen random
// bytes, which hardly ever are.
func isText(data []byte) bool {
	for _, b := range data {
		if b < ' ' && b != '\t' && b != '\n' && b != '\r' {
			return false
		}
	}
	return utf8.Valid(data)
}
