package exchange

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha1" // what files of 2007 are made with
	"crypto/sha256"
	"crypto/sha512"
	"crypto/subtle"
	"encoding/base64"
	"encoding/binary"
	"hash"
	"io"
	"slices"
	"strings"
	"unicode/utf16"

	"github.com/richardlehane/mscfb"

	"kapu/lang"
)

var compound = []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") // Microsoft's older container (CFB)

// sealedWorkbook is a workbook behind a password, as [MS-OFFCRYPTO] describes it.
type sealedWorkbook struct {
	info, data []byte
}

// trusted makes an error of a panic: a library may trust the numbers in a file more than it should.
func trusted(err *error) {
	if recover() != nil {
		*err = lang.E("xlsx-damaged")
	}
}

// openCompound takes the sealed workbook out of its container. What else has such a container, above all Excel's files
// from before 2007, cannot be read.
func openCompound(data []byte) (s sealedWorkbook, err error) {
	defer trusted(&err)
	box, err := mscfb.New(bytes.NewReader(data))
	if err != nil {
		return s, lang.E("xlsx-other")
	}
	for _, f := range box.File {
		var to *[]byte
		switch f.Name {
		case "EncryptionInfo":
			to = &s.info
		case "EncryptedPackage":
			to = &s.data
		default:
			continue
		}
		if *to, err = io.ReadAll(io.LimitReader(f, maxFile)); err != nil {
			return s, lang.E("xlsx-damaged")
		}
	}
	if len(s.data) < 8 || len(s.info) < 8 {
		return s, lang.E("xlsx-other")
	}
	return s, nil
}

// open decrypts the workbook: by the agile method of Excel 2010 and later and of LibreOffice, or the standard one of
// 2007.
func (s sealedWorkbook) open(b *Budget, password string) (archive []byte, err error) {
	defer trusted(&err)
	size := binary.LittleEndian.Uint64(s.data)
	data := s.data[8:]
	data = data[:len(data)/aes.BlockSize*aes.BlockSize]
	if size > uint64(len(data)) {
		return nil, lang.E("xlsx-damaged")
	}
	switch major, minor := binary.LittleEndian.Uint16(s.info), binary.LittleEndian.Uint16(s.info[2:]); {
	case major == 4 && minor == 4:
		data, err = openAgile(b, string(s.info[8:]), data, password)
	case major >= 2 && major <= 4 && minor == 2:
		data, err = openStandard(b, s.info[8:], data, password)
	default:
		return nil, lang.E("xlsx-other")
	}
	if err != nil {
		return nil, err
	}
	return data[:size], nil
}

// digest is a hash function of several pieces.
type digest func(pieces ...[]byte) []byte

func digestOf(newHash func() hash.Hash) digest {
	return func(pieces ...[]byte) []byte {
		h := newHash()
		for _, p := range pieces {
			h.Write(p)
		}
		return h.Sum(nil)
	}
}

var digests = map[string]func() hash.Hash{"SHA1": sha1.New, "SHA256": sha256.New, "SHA384": sha512.New384, "SHA512": sha512.New}

// derive hashes a password over and over.
func (h digest) derive(b *Budget, salt []byte, password string, rounds int) []byte {
	var text []byte
	for _, u := range utf16.Encode([]rune(password)) {
		text = binary.LittleEndian.AppendUint16(text, u)
	}
	sum := h(salt, text)
	for i := range rounds {
		if b.atTimes(uint64(i)) != nil {
			break // which Read says
		}
		sum = h(binary.LittleEndian.AppendUint32(nil, uint32(i)), sum)
	}
	return sum
}

// maxRounds is the most that Excel allows, some seconds of work.
const maxRounds = 10_000_000

// agile is one <keyData> or <encryptedKey>.
type agile struct {
	hash   digest
	salt   []byte
	key    int // bytes
	rounds int
	cbc    bool
	verifierInput, verifierHash,
	value []byte
}

func readAgile(x *xmlScanner) agile {
	var a agile
	for name, value := range x.attributes() {
		decoded, _ := base64.StdEncoding.DecodeString(value)
		switch name {
		case "hashAlgorithm":
			if h := digests[strings.ReplaceAll(value, "-", "")]; h != nil {
				a.hash = digestOf(h)
			}
		case "cipherAlgorithm", "cipherChaining":
			a.cbc = (name == "cipherAlgorithm" || a.cbc) && (value == "AES" || value == "ChainingModeCBC")
		case "saltValue":
			a.salt = decoded
		case "keyBits":
			a.key = number(value) / 8
		case "spinCount":
			a.rounds = number(value)
		case "encryptedVerifierHashInput":
			a.verifierInput = decoded
		case "encryptedVerifierHashValue":
			a.verifierHash = decoded
		case "encryptedKeyValue":
			a.value = decoded
		}
	}
	return a
}

func (a agile) usable() bool {
	return a.hash != nil && a.cbc && a.rounds >= 0 && a.rounds <= maxRounds && (a.key == 16 || a.key == 24 || a.key == 32)
}

// cbc decrypts whole blocks.
func cbc(key, iv, data []byte) ([]byte, error) {
	block, err := aes.NewCipher(key)
	if err != nil || len(data)%aes.BlockSize != 0 {
		return nil, lang.E("xlsx-damaged")
	}
	out := make([]byte, len(data))
	cipher.NewCBCDecrypter(block, fitted(iv, aes.BlockSize, 0x36)).CryptBlocks(out, data)
	return out, nil
}

// fitted cuts or fills bytes to a length.
func fitted(b []byte, length int, filler byte) []byte {
	b = slices.Clone(b[:min(len(b), length)])
	for len(b) < length {
		b = append(b, filler)
	}
	return b
}

func openAgile(b *Budget, info string, data []byte, password string) ([]byte, error) {
	var body, key agile
	x := &xmlScanner{text: info}
	for token := x.next(); token != xmlEOF; token = x.next() {
		switch {
		case token == xmlStart && x.name == "keyData":
			body = readAgile(x)
		case token == xmlStart && x.name == "encryptedKey" && key.value == nil:
			key = readAgile(x)
		}
	}
	if !body.usable() || !key.usable() {
		return nil, lang.E("xlsx-other")
	}
	derived := key.hash.derive(b, key.salt, password, key.rounds)
	open := func(purpose string, sealed []byte) ([]byte, error) {
		return cbc(fitted(key.hash(derived, []byte(purpose)), key.key, 0x36), key.salt, sealed)
	}
	input, err := open("\xfe\xa7\xd2\x76\x3b\x4b\x9e\x79", key.verifierInput)
	if err != nil {
		return nil, err
	}
	expected, err := open("\xd7\xaa\x0f\x6d\x30\x61\x34\x4e", key.verifierHash)
	if err != nil {
		return nil, err
	}
	if sum := key.hash(input); len(expected) < len(sum) || subtle.ConstantTimeCompare(sum, expected[:len(sum)]) == 0 {
		return nil, wrongPassword(xlsx{}.Name())
	}
	secret, err := open("\x14\x6e\x0b\xe7\xab\xac\xd0\xd6", key.value)
	if err != nil || len(secret) < body.key {
		return nil, lang.E("xlsx-damaged")
	}
	const segment = 4096
	out := make([]byte, 0, len(data))
	for i := 0; len(data) > 0; i++ {
		n := min(segment, len(data))
		plain, err := cbc(secret[:body.key], body.hash(body.salt, binary.LittleEndian.AppendUint32(nil, uint32(i))), data[:n])
		if err != nil {
			return nil, err
		}
		out, data = append(out, plain...), data[n:]
	}
	return out, nil
}

// openStandard decrypts AES in ECB mode with a key from SHA-1, which is how Excel 2007 does it.
func openStandard(b *Budget, info, data []byte, password string) ([]byte, error) {
	const rounds = 50_000
	if len(info) < 4+32 {
		return nil, lang.E("xlsx-damaged")
	}
	size := int(binary.LittleEndian.Uint32(info))
	bits := int(binary.LittleEndian.Uint32(info[4+16:]))
	if size < 32 || size > len(info)-4-72 || bits != 128 && bits != 192 && bits != 256 {
		return nil, lang.E("xlsx-other")
	}
	v := info[4+size:] // salt size, salt, verifier, hash size, hash
	salt, verifier, expected := v[4:20], v[20:36], v[40:72]
	h := digestOf(sha1.New)
	final := h(h.derive(b, salt, password, rounds), make([]byte, 4))
	half := func(filler byte) []byte {
		b := bytes.Repeat([]byte{filler}, 64)
		subtle.XORBytes(b, b, final)
		return h(b)
	}
	block, err := aes.NewCipher(append(half(0x36), half(0x5c)...)[:bits/8])
	if err != nil {
		return nil, lang.E("xlsx-damaged")
	}
	ecb := func(sealed []byte) []byte {
		out := make([]byte, len(sealed))
		for i := 0; i+aes.BlockSize <= len(sealed); i += aes.BlockSize {
			block.Decrypt(out[i:], sealed[i:])
		}
		return out
	}
	if sum := h(ecb(verifier)); subtle.ConstantTimeCompare(sum, ecb(expected)[:len(sum)]) == 0 {
		return nil, wrongPassword(xlsx{}.Name())
	}
	return ecb(data), nil
}
