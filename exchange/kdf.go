package exchange

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/binary"
	"hash"
	"runtime/debug"

	"golang.org/x/crypto/argon2"
	"golang.org/x/crypto/scrypt"

	"kapu/lang"
)

// What an import's files may ask for before their passwords can even be tried. Every program's own settings are far
// below, but for the memory of Ente Auth's, which costs as much as thirty of Kapu's processes.
const (
	maxKeyMemory    = 256 << 20 // bytes
	costlyKeyMemory = 1 << 30   // if the person says so
	maxSeconds      = 30
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
	// derive makes the key. It ends with the import where that takes long in steps of ours; Argon2 and scrypt, which
	// are libraries, go on to their end, which is bounded by maxSeconds.
	derive func(b *Budget, password string) ([]byte, error)
}

// keyLength is what every format takes: AES-256, ChaCha20.
const keyLength = 32

func argon2id(salt []byte, passes, kib, lanes uint64) kdf {
	if passes == 0 || kib == 0 || lanes == 0 || lanes > 255 {
		return kdf{}
	}
	memory, work := float64(kib)*1024, float64(passes)*float64(kib)
	return kdf{memory, work * perArgon2, func(_ *Budget, password string) ([]byte, error) {
		return argon2.IDKey([]byte(password), salt, uint32(passes), uint32(kib), uint8(lanes), keyLength), nil
	}}
}

func scryptOf(salt []byte, n, r, p uint64) kdf {
	if n < 2 || n&(n-1) != 0 || r == 0 || p == 0 {
		return kdf{}
	}
	block := 128 * float64(r)
	memory, work := block*(float64(n)+float64(p)), float64(n)*float64(r)*float64(p)
	return kdf{memory, work * perMix, func(_ *Budget, password string) ([]byte, error) {
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
	return kdf{0, float64(iterations) * float64(blocks) * perHash, func(b *Budget, password string) ([]byte, error) {
		return derivePBKDF2(b, h, password, salt, iterations)
	}}
}

// derivePBKDF2 is PBKDF2 (RFC 8018), which the library has too, but not so that it could be ended.
func derivePBKDF2(b *Budget, h func() hash.Hash, password string, salt []byte, iterations uint64) ([]byte, error) {
	mac := hmac.New(h, []byte(password))
	var key []byte
	for block := uint32(1); len(key) < keyLength; block++ {
		mac.Reset()
		mac.Write(salt)
		mac.Write(binary.BigEndian.AppendUint32(nil, block))
		u := mac.Sum(nil)
		t := bytes.Clone(u)
		for i := uint64(1); i < iterations; i++ {
			if err := b.atTimes(i); err != nil {
				return nil, err
			}
			mac.Reset()
			mac.Write(u)
			u = mac.Sum(u[:0])
			subtle.XORBytes(t, t, u)
		}
		key = append(key, t...)
	}
	return key[:keyLength], nil
}

// atTimes is err for an inner loop: it looks at each so many of its rounds, some milliseconds.
func (b *Budget) atTimes(round uint64) error {
	if round%(1<<14) != 0 {
		return nil
	}
	return b.err()
}

// affordable charges key derivations to the import, and refuses, before anything of it is paid, what makes no sense and
// what costs too much. Several are tried one after the other.
func (o ReadOptions) affordable(format string, all ...kdf) error {
	most := float64(maxKeyMemory)
	if o.Costly {
		most = costlyKeyMemory
	}
	for _, k := range all {
		if k.derive == nil {
			return damaged(format)
		}
		o.Budget.seconds += k.seconds
		switch {
		case o.Budget.seconds > maxSeconds || k.memory > costlyKeyMemory:
			return lang.E("import-costly", "Format", format, "Memory", costlyKeyMemory>>20, "Seconds", maxSeconds).Kind(errBudget)
		case k.memory > most:
			return lang.E("import-costly-memory", "Format", format, "Memory", int(k.memory)>>20, "Most", maxKeyMemory>>20).Kind(errBudget)
		}
	}
	debug.FreeOSMemory() // of what was read and unpacked until now
	return nil
}

// from makes the key of a password. What the derivation took is given back at once: what is unpacked with the key must
// not come on top of it.
func (k kdf) from(o ReadOptions, password string) ([]byte, error) {
	key, err := k.derive(o.Budget, password)
	if k.memory > 32<<20 {
		debug.FreeOSMemory()
	}
	return key, err
}

// key asks for the password and makes the key of it.
func (k kdf) key(o ReadOptions, format string) ([]byte, error) {
	if err := o.affordable(format, k); err != nil {
		return nil, err
	}
	password, err := password(o.Ask, format)
	if err != nil {
		return nil, err
	}
	return k.from(o, password)
}
