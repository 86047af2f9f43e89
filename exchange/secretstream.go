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

// openStream opens the first and only chunk of a stream of libsodium's crypto_secretstream_xchacha20poly1305.
//
// The header's first 16 bytes make the stream's key of the given one, its last 8 are the end of the nonce, which
// begins with the number of the chunk, from 1. Of the cipher stream, block 0 is the key of Poly1305, block 1 hides
// the chunk's tag, and the text begins at block 2. The chunk is the hidden tag, the text and the Poly1305 of: the
// block of the tag, hidden in its first byte and bare key stream in the others; the text; zeros; both lengths.
func openStream(key, header, chunk []byte) (plain []byte, ok bool) {
	if len(header) != streamHeader || len(chunk) < streamOverhead {
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
	var first, second [64]byte
	stream.XORKeyStream(first[:], first[:])
	second[0] = chunk[0]
	stream.XORKeyStream(second[:], second[:])
	tag := second[0]
	second[0] = chunk[0]

	text, seal := chunk[1:len(chunk)-poly1305.TagSize], chunk[len(chunk)-poly1305.TagSize:]
	mac := poly1305.New((*[32]byte)(first[:32]))
	mac.Write(second[:])
	mac.Write(text)
	mac.Write(make([]byte, len(text)%16)) // not what is missing of 16: libsodium's slip, kept for good
	lengths := binary.LittleEndian.AppendUint64(nil, 0)
	mac.Write(binary.LittleEndian.AppendUint64(lengths, uint64(len(second)+len(text))))
	if subtle.ConstantTimeCompare(mac.Sum(nil), seal) != 1 || tag != tagMessage && tag != tagFinal {
		return nil, false
	}
	plain = make([]byte, len(text))
	stream.XORKeyStream(plain, text)
	return plain, true
}
