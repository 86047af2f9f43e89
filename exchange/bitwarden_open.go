package exchange

import (
	"crypto/aes"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"strings"

	"kapu/lang"
)

// bitwardenEnvelope is what stands around an encrypted export.
type bitwardenEnvelope struct {
	Encrypted, PasswordProtected bool
	Salt                         string // as it is written, not what its Base64 means
	KDFType                      int
	KDFIterations                uint64
	KDFMemory, KDFParallelism    uint64 // MiB, lanes
	Validation                   string `json:"encKeyValidation_DO_NOT_EDIT"`
	Data                         string
}

func (f bitwardenEnvelope) open(o ReadOptions, format string) ([]byte, error) {
	if !f.PasswordProtected {
		return nil, lang.E("import-bitwarden-account")
	}
	validation, whole := parseSealed(f.Validation)
	data, ok := parseSealed(f.Data)
	if !whole || !ok {
		return nil, damaged(format)
	}
	var k kdf
	switch f.KDFType {
	case 0:
		k = pbkdf2SHA256([]byte(f.Salt), f.KDFIterations)
	case 1:
		salt := sha256.Sum256([]byte(f.Salt))
		k = argon2id(salt[:], f.KDFIterations, min(f.KDFMemory, maxKeyMemory)<<10, f.KDFParallelism)
	}
	key, err := k.key(o, format)
	if err != nil {
		return nil, err
	}
	if _, ok := validation.open(key); !ok {
		return nil, wrongPassword(format)
	}
	plain, ok := data.open(key)
	if !ok {
		return nil, damaged(format) // the password was right
	}
	return plain, nil
}

// sealed is a text under AES-256-CBC, with an HMAC over the initial vector and the text.
type sealed struct{ iv, text, mac []byte }

func parseSealed(s string) (sealed, bool) {
	const aesCBCWithHMAC = "2."
	rest, ok := strings.CutPrefix(s, aesCBCWithHMAC)
	all := strings.Split(rest, "|")
	if !ok || len(all) != 3 {
		return sealed{}, false
	}
	var three [3][]byte
	for i, s := range all {
		var err error
		if three[i], err = base64.StdEncoding.DecodeString(s); err != nil {
			return sealed{}, false
		}
	}
	box := sealed{three[0], three[1], three[2]}
	return box, len(box.iv) == aes.BlockSize && len(box.text) > 0 && len(box.text)%aes.BlockSize == 0
}

// open verifies before it decrypts, so the padding can give nothing away.
func (s sealed) open(key []byte) ([]byte, bool) {
	stretched := func(purpose string) []byte {
		k, err := hkdf.Expand(sha256.New, key, purpose, keyLength)
		if err != nil {
			panic("exchange: " + err.Error()) // the length is a constant
		}
		return k
	}
	mac := hmac.New(sha256.New, stretched("mac"))
	mac.Write(s.iv)
	mac.Write(s.text)
	if !hmac.Equal(mac.Sum(nil), s.mac) {
		return nil, false
	}
	return openCBC(stretched("enc"), s.iv, s.text)
}
