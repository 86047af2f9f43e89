package exchange

import (
	"bytes"
	"compress/gzip"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/binary"
	"io"

	"golang.org/x/crypto/chacha20"
	//lint:ignore SA1019 the format's choice
	"golang.org/x/crypto/twofish"

	"kapu/lang"
)

// kdbx reads the database of KeePass 2 and KeePassXC, of format 3 and 4: its entries that have a code. Nothing of it is
// looked at before it is authenticated.
type kdbx struct{}

const (
	keepassMark  = "\x03\xd9\xa2\x9a"
	kdbxMark     = keepassMark + "\x67\xfb\x4b\xb5"
	kdbxBlockTag = 32 // bytes
)

func (kdbx) Name() string { return "KeePass" }

func (kdbx) Detect(data []byte) bool { return bytes.HasPrefix(data, []byte(kdbxMark)) }

func (k kdbx) Read(data []byte, o ReadOptions) ([]Entry, error) {
	h, rest, err := readKdbxHeader(data)
	if err != nil {
		return nil, err
	}
	if err := o.affordable(k.Name(), h.kdf); err != nil {
		return nil, err
	}
	plain, err := k.open(h, rest, o)
	if err != nil {
		return nil, err
	}
	var xml io.Reader = bytes.NewReader(plain)
	if h.compressed {
		if xml, err = gzip.NewReader(xml); err != nil {
			return nil, damaged(k.Name())
		}
	}
	xml = unpacking{o.Budget, xml}
	if h.major == 4 {
		if err := h.readInner(xml); err != nil {
			return nil, err
		}
	}
	stream, ok := h.innerStream()
	if !ok {
		return nil, damaged(k.Name())
	}
	return readKeePassXML(o.Budget, xml, stream, h.raw)
}

// open makes the key, of a password or a key file or both, checks it, and decrypts what is behind the header.
func (k kdbx) open(h *kdbxHeader, rest []byte, o ReadOptions) ([]byte, error) {
	answer, err := k.password(o)
	if err != nil {
		return nil, err
	}
	wrong := lang.E("kdbx-password").Kind(ErrPassword)
	transformed, err := h.kdf.from(o, string(compositeKey(answer, o.KeyFile)))
	if err != nil {
		return nil, damaged(k.Name())
	}
	master := sha256.Sum256(append(bytes.Clone(h.seed), transformed...))
	if h.major == 4 {
		macs := blockMACs(sha512.Sum512(append(append(bytes.Clone(h.seed), transformed...), 1)))
		if !hmac.Equal(macs.of(^uint64(0), h.raw), rest[sha256.Size:sha256.Size+kdbxBlockTag]) {
			return nil, wrong
		}
		sealed, ok := macs.blocks(rest[sha256.Size+kdbxBlockTag:])
		if !ok {
			return nil, damaged(k.Name())
		}
		plain, ok := h.decrypt(master[:], sealed)
		if !ok {
			return nil, damaged(k.Name())
		}
		return plain, nil
	}
	plain, ok := h.decrypt(master[:], bytes.Clone(rest)) // the file is read again if the password has another form
	plain, right := bytes.CutPrefix(plain, h.start)
	if !ok || !right {
		return nil, wrong
	}
	if plain, ok = hashedBlocks(plain); !ok {
		return nil, damaged(k.Name())
	}
	return plain, nil
}

// password asks for the password, which may be empty where there is a key file.
func (k kdbx) password(o ReadOptions) (string, error) {
	switch {
	case o.KeyFile == nil:
		return password(o.Ask, k.Name())
	case o.Ask == nil:
		return "", nil
	}
	return o.Ask(k.Name())
}

// decrypt decrypts by the database's cipher, in the text's own place: it may be as large as a file may be.
func (h *kdbxHeader) decrypt(key, text []byte) (plain []byte, ok bool) {
	var block cipher.Block
	var err error
	switch h.cipher {
	case cipherAES:
		block, err = aes.NewCipher(key)
	case cipherTwofish:
		block, err = twofish.NewCipher(key)
	case cipherChaCha:
		stream, err := chacha20.NewUnauthenticatedCipher(key, h.iv)
		if err != nil {
			return nil, false
		}
		stream.XORKeyStream(text, text)
		return text, true
	}
	if block == nil || err != nil || len(h.iv) != block.BlockSize() {
		return nil, false
	}
	return unpadCBC(cipher.NewCBCDecrypter(block, h.iv), text)
}

// blockMACs is the secret from which the key of each block's HMAC comes.
type blockMACs [sha512.Size]byte

// of is the HMAC of a block: the header's is that of the highest number.
func (secret blockMACs) of(number uint64, parts ...[]byte) []byte {
	n := binary.LittleEndian.AppendUint64(nil, number)
	key := sha512.Sum512(append(bytes.Clone(n), secret[:]...))
	mac := hmac.New(sha256.New, key[:])
	for _, p := range parts {
		mac.Write(p)
	}
	return mac.Sum(nil)
}

// blocks joins the blocks of format 4, each of them authenticated, up to the empty one.
func (secret blockMACs) blocks(data []byte) (joined []byte, ok bool) {
	joined = make([]byte, 0, len(data))
	for number := uint64(0); ; number++ {
		if len(data) < kdbxBlockTag+4 {
			return nil, false
		}
		tag, size := data[:kdbxBlockTag], data[kdbxBlockTag:kdbxBlockTag+4]
		n, rest := binary.LittleEndian.Uint32(size), data[kdbxBlockTag+4:]
		if uint64(n) > uint64(len(rest)) {
			return nil, false
		}
		block := rest[:n]
		if !hmac.Equal(secret.of(number, binary.LittleEndian.AppendUint64(nil, number), size, block), tag) {
			return nil, false
		}
		if n == 0 {
			return joined, true
		}
		joined, data = append(joined, block...), rest[n:]
	}
}

// hashedBlocks joins the blocks of format 3, number, hash, size, data, up to the empty one, in their own place.
func hashedBlocks(data []byte) (joined []byte, ok bool) {
	const head = 4 + sha256.Size + 4
	joined = data[:0]
	for number := uint32(0); ; number++ {
		if len(data) < head || binary.LittleEndian.Uint32(data) != number {
			return nil, false
		}
		n, hash, rest := binary.LittleEndian.Uint32(data[head-4:]), data[4:4+sha256.Size], data[head:]
		if uint64(n) > uint64(len(rest)) {
			return nil, false
		}
		if n == 0 {
			return joined, true
		}
		if sum := sha256.Sum256(rest[:n]); !bytes.Equal(sum[:], hash) {
			return nil, false
		}
		joined, data = append(joined, rest[:n]...), rest[n:]
	}
}
