package exchange

import (
	"bytes"
	"crypto/aes"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/binary"
	"io"

	"github.com/tobischo/argon2"
	"golang.org/x/crypto/chacha20"
	//lint:ignore SA1019 the format's choice, and the package above it cannot go on with a stream
	"golang.org/x/crypto/salsa20/salsa"
)

// kdbxHeader is what a database says in the open.
type kdbxHeader struct {
	raw        []byte // as it stands in the file
	major      uint16
	cipher     string
	compressed bool
	seed, iv   []byte
	kdf        kdf
	start      []byte // format 3: how the decrypted text begins
	inner      uint32 // the stream over the values in the text, and its key
	innerKey   []byte
}

// The ciphers and the makers of keys, by their ids.
const (
	cipherAES     = "\x31\xc1\xf2\xe6\xbf\x71\x43\x50\xbe\x58\x05\x21\x6a\xfc\x5a\xff"
	cipherChaCha  = "\xd6\x03\x8a\x2b\x8b\x6f\x4c\xb5\xa5\x24\x33\x9a\x31\xdb\xb5\x9a"
	cipherTwofish = "\xad\x68\xf2\x9f\x57\x6f\x4b\xb9\xa3\x6a\xd4\x7a\xf9\x65\x34\x6c"
	kdfAES        = "\xc9\xd9\xf3\x9a\x62\x8a\x44\x60\xbf\x74\x0d\x08\xc1\x8a\x4f\xea"
	kdfAES4       = "\x7c\x02\xbb\x82\x79\xa7\x4a\xc0\x92\x7d\x11\x4a\x00\x64\x82\x38"
	kdfArgon2d    = "\xef\x63\x6d\xdf\x8c\x29\x44\x4b\x91\xf7\xa9\xa4\x03\xe3\x0a\x0c"
	kdfArgon2id   = "\x9e\x29\x8b\x19\x56\xdb\x47\x73\xb2\x3d\xfc\x3e\xc6\xf0\xa1\xe6"
)

// readKdbxHeader reads the header; the rest of the file begins behind it.
// One case for each field of the format: so in one piece.
func readKdbxHeader(data []byte) (h *kdbxHeader, rest []byte, err error) {
	format := kdbx{}.Name()
	if len(data) < 12 {
		return nil, nil, damaged(format)
	}
	h = &kdbxHeader{major: binary.LittleEndian.Uint16(data[10:])}
	if err := upTo(4, int(h.major), format); err != nil {
		return nil, nil, err
	}
	var seed []byte
	var rounds uint64
	fields := tlv{data[12:], 2}
	if h.major == 4 {
		fields.width = 4
	} else if h.major != 3 {
		return nil, nil, damaged(format)
	}
	for {
		id, value, ok := fields.next()
		if !ok {
			return nil, nil, damaged(format)
		}
		switch id {
		case 2:
			h.cipher = string(value)
		case 3:
			h.compressed = number32(value) == 1
		case 4:
			h.seed = value
		case 5:
			seed = value
		case 6:
			rounds = number64(value)
		case 7:
			h.iv = value
		case 8:
			h.innerKey = value
		case 9:
			h.start = value
		case 10:
			h.inner = number32(value)
		case 11:
			h.kdf = kdfOf(value)
		}
		if id == 0 {
			break
		}
	}
	h.raw, rest = data[:len(data)-len(fields.rest)], fields.rest
	if h.major == 3 {
		h.kdf = aesKDF(seed, rounds)
		if len(h.start) == 0 {
			return nil, nil, damaged(format)
		}
		return h, rest, nil
	}
	if sum := sha256.Sum256(h.raw); len(rest) < sha256.Size+kdbxBlockTag || !bytes.Equal(sum[:], rest[:sha256.Size]) {
		return nil, nil, damaged(format)
	}
	return h, rest, nil
}

// tlv is a list of fields, each with its id, its size in so many bytes, and its value.
type tlv struct {
	rest  []byte
	width int
}

func (f *tlv) next() (id byte, value []byte, ok bool) {
	if len(f.rest) == 0 {
		return 0, nil, false
	}
	id, f.rest = f.rest[0], f.rest[1:]
	value, ok = f.value()
	return id, value, ok
}

// value reads a size and so many bytes.
func (f *tlv) value() (value []byte, ok bool) {
	if len(f.rest) < f.width {
		return nil, false
	}
	size := uint64(binary.LittleEndian.Uint16(f.rest))
	if f.width == 4 {
		size = uint64(binary.LittleEndian.Uint32(f.rest))
	}
	rest := f.rest[f.width:]
	if size > uint64(len(rest)) {
		return nil, false
	}
	value, f.rest = rest[:size], rest[size:]
	return value, true
}

// number32 and number64 read a number, 0 if it is not as long as it should be.
func number32(b []byte) uint32 {
	if len(b) != 4 {
		return 0
	}
	return binary.LittleEndian.Uint32(b)
}

func number64(b []byte) uint64 {
	if len(b) == 4 {
		return uint64(number32(b))
	}
	if len(b) != 8 {
		return 0
	}
	return binary.LittleEndian.Uint64(b)
}

// kdfOf reads format 4's parameters: a version, and names with typed values. What is not understood makes no key.
func kdfOf(data []byte) kdf {
	if len(data) < 2 {
		return kdf{}
	}
	values := map[string][]byte{}
	for fields := (tlv{data[2:], 4}); len(fields.rest) > 0 && fields.rest[0] != 0; {
		_, key, ok := fields.next() // its id is the value's type
		value, whole := fields.value()
		if !ok || !whole {
			return kdf{}
		}
		values[string(key)] = value
	}
	salt := values["S"]
	switch string(values["$UUID"]) {
	case kdfAES, kdfAES4:
		return aesKDF(salt, number64(values["R"]))
	case kdfArgon2d, kdfArgon2id:
		if number32(values["V"]) != argon2.Version || len(values["K"])+len(values["A"]) > 0 {
			return kdf{}
		}
		k := argon2id(salt, number64(values["I"]), number64(values["M"])>>10, number64(values["P"]))
		if k.derive != nil && string(values["$UUID"]) == kdfArgon2d {
			passes, kib, lanes := uint32(number64(values["I"])), uint32(number64(values["M"])>>10), uint8(number64(values["P"]))
			k.derive = func(_ *Budget, password string) ([]byte, error) {
				return argon2.DKey([]byte(password), salt, passes, kib, lanes, keyLength), nil
			}
		}
		return k
	}
	return kdf{}
}

// aesKDF encrypts the two halves of a key so many times, each by itself.
func aesKDF(seed []byte, rounds uint64) kdf {
	block, err := aes.NewCipher(seed)
	if err != nil || len(seed) != keyLength {
		return kdf{}
	}
	return kdf{0, float64(rounds) * perRound, func(b *Budget, password string) ([]byte, error) {
		key := []byte(password)
		for i := range rounds {
			if err := b.atTimes(i); err != nil {
				return nil, err
			}
			block.Encrypt(key[:aes.BlockSize], key[:aes.BlockSize])
			block.Encrypt(key[aes.BlockSize:], key[aes.BlockSize:])
		}
		sum := sha256.Sum256(key)
		return sum[:], nil
	}}
}

// readInner reads format 4's header within the encrypted text: the stream's, and the attachments, which are passed
// over.
func (h *kdbxHeader) readInner(r io.Reader) error {
	for {
		var head [5]byte
		if _, err := io.ReadFull(r, head[:]); err != nil {
			return damaged(kdbx{}.Name())
		}
		size := int64(binary.LittleEndian.Uint32(head[1:]))
		var value []byte
		if head[0] < 3 && size <= 1<<10 {
			value = make([]byte, size)
			if _, err := io.ReadFull(r, value); err != nil {
				return damaged(kdbx{}.Name())
			}
		} else if n, err := io.CopyN(io.Discard, r, size); err != nil || n != size {
			return damaged(kdbx{}.Name())
		}
		switch head[0] {
		case 0:
			return nil
		case 1:
			h.inner = number32(value)
		case 2:
			h.innerKey = value
		}
	}
}

// innerStream is the stream that the protected values are under, each going on where the one before it ended.
func (h *kdbxHeader) innerStream() (valueStream, bool) {
	switch h.inner {
	case 0:
		return plainStream{}, true
	case 2:
		return newSalsa(sha256.Sum256(h.innerKey)), true
	case 3:
		sum := sha512.Sum512(h.innerKey)
		key, rest := sum[:chacha20.KeySize], sum[chacha20.KeySize:]
		stream, err := chacha20.NewUnauthenticatedCipher(key, rest[:chacha20.NonceSize])
		return stream, err == nil
	}
	return nil, false
}

type valueStream interface{ XORKeyStream(dst, src []byte) }

// plainStream is that of a text that is not encrypted.
type plainStream struct{}

func (plainStream) XORKeyStream(dst, src []byte) { copy(dst, src) }

// salsaStream is Salsa20 that goes on from value to value; the library's begins anew.
type salsaStream struct {
	key   [32]byte
	state [16]byte // nonce, and the number of the block
	block [64]byte
	used  int
}

func newSalsa(key [32]byte) *salsaStream {
	s := &salsaStream{key: key, used: 64}
	copy(s.state[:], "\xe8\x30\x09\x4b\x97\x20\x5d\x2a")
	return s
}

// XORKeyStream encrypts or decrypts.
func (s *salsaStream) XORKeyStream(dst, src []byte) {
	for i, b := range src {
		if s.used == len(s.block) {
			var zeros [64]byte
			salsa.XORKeyStream(s.block[:], zeros[:], &s.state, &s.key)
			n := binary.LittleEndian.Uint64(s.state[8:]) + 1
			binary.LittleEndian.PutUint64(s.state[8:], n)
			s.used = 0
		}
		dst[i] = b ^ s.block[s.used]
		s.used++
	}
}
