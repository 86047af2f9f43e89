package exchange

import (
	"crypto/subtle"
	"encoding/binary"

	"golang.org/x/crypto/chacha20"
	//lint:ignore SA1019 libsodium's stream is no AEAD that the library has: it authenticates a block of its own first
	"golang.org/x/crypto/poly1305"
)

const (
	streamHeader   = 24
	streamOverhead = 1 + poly1305.TagSize
)

// Tags of a chunk; a stream of one chunk may have either.
const (
	tagMessage = 0x00
	tagFinal   = 0x03
)

// chunkStream is the first and only chunk of a stream of libsodium's crypto_secretstream_xchacha20poly1305.
//
// The header's first 16 bytes make the stream's key of the given one, its last 8 are the end of the nonce, which
// begins with the number of the chunk, from 1. Of the cipher stream, block 0 is the key of Poly1305, block 1 hides
// the chunk's tag, and the text begins at block 2. The chunk is the hidden tag, the text and the Poly1305 of: the
// block of the tag, hidden in its first byte and bare key stream in the others; the text; zeros; both lengths.
type chunkStream struct {
	cipher *chacha20.Cipher // from block 2 on
	mac    *poly1305.MAC
	tags   [64]byte // block 1 of the key stream
}

func newStream(key, header []byte) (*chunkStream, bool) {
	if len(header) != streamHeader {
		return nil, false
	}
	subkey, err := chacha20.HChaCha20(key, header[:16])
	if err != nil {
		return nil, false
	}
	nonce := append([]byte{1, 0, 0, 0}, header[16:]...)
	stream, err := chacha20.NewUnauthenticatedCipher(subkey, nonce)
	if err != nil {
		return nil, false
	}
	s := &chunkStream{cipher: stream}
	var first [64]byte
	stream.XORKeyStream(first[:], first[:])
	stream.XORKeyStream(s.tags[:], s.tags[:])
	s.mac = poly1305.New((*[32]byte)(first[:32]))
	return s, true
}

// sum is the Poly1305 of a hidden tag and a hidden text.
func (s *chunkStream) sum(tag byte, text []byte) []byte {
	block := s.tags
	block[0] = tag
	s.mac.Write(block[:])
	s.mac.Write(text)
	s.mac.Write(make([]byte, len(text)%16)) // not what is missing of 16: libsodium's slip, kept for good
	lengths := binary.LittleEndian.AppendUint64(nil, 0)
	s.mac.Write(binary.LittleEndian.AppendUint64(lengths, uint64(len(block)+len(text))))
	return s.mac.Sum(nil)
}

// openStream opens a chunk.
func openStream(key, header, chunk []byte) (plain []byte, ok bool) {
	s, ok := newStream(key, header)
	if !ok || len(chunk) < streamOverhead {
		return nil, false
	}
	text, seal := chunk[1:len(chunk)-poly1305.TagSize], chunk[len(chunk)-poly1305.TagSize:]
	tag := chunk[0] ^ s.tags[0]
	if subtle.ConstantTimeCompare(s.sum(chunk[0], text), seal) != 1 || tag != tagMessage && tag != tagFinal {
		return nil, false
	}
	plain = make([]byte, len(text))
	s.cipher.XORKeyStream(plain, text)
	return plain, true
}

// sealStream makes a stream of one chunk, its last.
func sealStream(key, plain []byte) (header, chunk []byte) {
	header = random(streamHeader)
	s, ok := newStream(key, header)
	if !ok {
		panic("exchange: a key of another length")
	}
	chunk = make([]byte, 1+len(plain), streamOverhead+len(plain))
	chunk[0] = tagFinal ^ s.tags[0]
	s.cipher.XORKeyStream(chunk[1:], plain)
	return header, append(chunk, s.sum(chunk[0], chunk[1:])...)
}
