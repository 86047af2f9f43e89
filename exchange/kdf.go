package exchange

import (
	"crypto/pbkdf2"
	"crypto/sha1"
	"crypto/sha256"
	"hash"

	"golang.org/x/crypto/argon2"
	"golang.org/x/crypto/scrypt"

	"kapu/lang"
)

// What a file may ask for before its password can even be tried. Every program's own settings are far below.
const (
	maxMemory  = 1 << 30 // bytes
	maxSeconds = 30
)

// What one unit of work costs in seconds: the time of one core of a Xeon of 2023 under load, with the faults of
// fresh memory (BenchmarkKDF). An office's older machine takes two or three times as long.
const (
	perHash   = 0.25e-6 // an iteration of PBKDF2 for a block of its output
	perMix    = 0.5e-6  // scrypt's N·r·p
	perArgon2 = 1.5e-6  // a pass over a KiB of Argon2id
	perRound  = 0.05e-6 // a round of KeePass's AES
)

// kdf is a key derivation with the parameters that a file states, and what it costs. Whoever wrote the file chose the
// cost, so it is capped before it is paid.
type kdf struct {
	memory, seconds float64 // floating: what a stranger states overflows nothing
	derive          func(password string) ([]byte, error)
}

// keyLength is what every format takes: AES-256, ChaCha20.
const keyLength = 32

func argon2id(salt []byte, passes, kib, lanes uint64) kdf {
	if passes == 0 || kib == 0 || lanes == 0 || lanes > 255 {
		return kdf{}
	}
	memory, work := float64(kib)*1024, float64(passes)*float64(kib)
	return kdf{memory, work * perArgon2, func(password string) ([]byte, error) {
		return argon2.IDKey([]byte(password), salt, uint32(passes), uint32(kib), uint8(lanes), keyLength), nil
	}}
}

func scryptOf(salt []byte, n, r, p uint64) kdf {
	if n < 2 || n&(n-1) != 0 || r == 0 || p == 0 {
		return kdf{}
	}
	block := 128 * float64(r)
	memory, work := block*(float64(n)+float64(p)), float64(n)*float64(r)*float64(p)
	return kdf{memory, work * perMix, func(password string) ([]byte, error) {
		return scrypt.Key([]byte(password), salt, int(n), int(r), int(p), keyLength)
	}}
}

func pbkdf2SHA256(salt []byte, iterations uint64) kdf { return pbkdf2Of(sha256.New, salt, iterations) }

func pbkdf2SHA1(salt []byte, iterations uint64) kdf { return pbkdf2Of(sha1.New, salt, iterations) }

func pbkdf2Of(h func() hash.Hash, salt []byte, iterations uint64) kdf {
	if iterations == 0 {
		return kdf{}
	}
	blocks := (keyLength + h().Size() - 1) / h().Size()
	return kdf{0, float64(iterations) * float64(blocks) * perHash, func(password string) ([]byte, error) {
		return pbkdf2.Key(h, password, salt, int(iterations), keyLength)
	}}
}

// affordable refuses, before anything of it is paid, what makes no sense and what costs too much. Several are
// tried one after the other.
func affordable(format string, all ...kdf) error {
	seconds := 0.0
	for _, k := range all {
		if k.derive == nil {
			return damaged(format)
		}
		if seconds += k.seconds; seconds > maxSeconds || k.memory > maxMemory {
			return lang.E("import-costly", "Format", format, "Memory", maxMemory>>20, "Seconds", maxSeconds)
		}
	}
	return nil
}

// key asks for the password and makes the key of it.
func (k kdf) key(ask Ask, format string) ([]byte, error) {
	if err := affordable(format, k); err != nil {
		return nil, err
	}
	password, err := password(ask, format)
	if err != nil {
		return nil, err
	}
	return k.derive(password)
}
