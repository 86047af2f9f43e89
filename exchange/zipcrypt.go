package exchange

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/pbkdf2"
	"crypto/sha1" //nolint:gosec // the format has no other
	"crypto/subtle"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
)

// A member of a zip archive that is encrypted, by the classic cipher of PKWARE or by WinZip's AES (AE-1 and AE-2),
// which archive/zip does not open. Sources: PKWARE's APPNOTE 6.1, and WinZip's "AES Encryption Information".

var (
	errZipPassword = errors.New("zip: wrong password")
	errZipCipher   = errors.New("zip: unknown encryption")
)

const (
	zipEncrypted  = 1 << 0 // flag of a member: it is encrypted
	zipStreamed   = 1 << 3 // flag: its checksum comes after it
	zipMethodAES  = 99     // in the place of the compression's number
	zipFieldAES   = 0x9901 // of the extra field that has that number
	zipHeaderSize = 12     // bytes before what the classic cipher encrypts
	zipMACSize    = 10     // bytes of HMAC-SHA1 after what AES encrypts
	zipIterations = 1000   // of PBKDF2, by the format

	// zipOverhead is by how many bytes a member may be larger than what it holds: the cipher's, and what deflate adds to
	// what it cannot make smaller.
	zipOverhead = 64 << 10
)

func zipSealed(f *zip.File) bool { return f.Flags&zipEncrypted != 0 }

// openZip opens an encrypted member, whose compressed bytes it holds. What is read is whole when its end comes
// without an error. A password that is certainly wrong is errZipPassword at once; the classic cipher lets one of 256
// wrong ones through to a checksum that does not fit.
func openZip(f *zip.File, password string) (io.Reader, error) {
	raw, err := f.OpenRaw()
	if err != nil {
		return nil, err
	}
	sealed, err := io.ReadAll(raw)
	if err != nil {
		return nil, err
	}
	var plain []byte
	method, sum := f.Method, true
	if f.Method == zipMethodAES {
		plain, method, sum, err = openZipAES(f.Extra, sealed, password)
	} else {
		plain, err = openZipClassic(f, sealed, password)
	}
	if err != nil {
		return nil, err
	}
	var r io.Reader = bytes.NewReader(plain)
	switch method {
	case zip.Store:
	case zip.Deflate:
		r = flate.NewReader(r)
	default:
		return nil, zip.ErrAlgorithm
	}
	if sum {
		r = &summed{r: r, want: f.CRC32}
	}
	return r, nil
}

// summed verifies the checksum of what is read through it, at its end.
type summed struct {
	r         io.Reader
	sum, want uint32
}

func (s *summed) Read(p []byte) (int, error) {
	n, err := s.r.Read(p)
	s.sum = crc32.Update(s.sum, crc32.IEEETable, p[:n])
	if err == io.EOF && s.sum != s.want {
		err = zip.ErrChecksum
	}
	return n, err
}

// openZipAES authenticates and decrypts. It returns the compression's method, and whether the checksum is one: in AE-2
// it is zero, because it would tell of the content.
func openZipAES(extra, sealed []byte, password string) (plain []byte, method uint16, sum bool, err error) {
	field := zipField(extra, zipFieldAES)
	if len(field) != 7 {
		return nil, 0, false, errZipCipher
	}
	version, strength := binary.LittleEndian.Uint16(field), int(field[4])
	method = binary.LittleEndian.Uint16(field[5:])
	if version < 1 || version > 2 || strength < 1 || strength > 3 {
		return nil, 0, false, errZipCipher
	}
	keySize, saltSize := 8+8*strength, 4+4*strength
	if len(sealed) < saltSize+2+zipMACSize {
		return nil, 0, false, zip.ErrFormat
	}
	salt, verifier, body := sealed[:saltSize], sealed[saltSize:saltSize+2], sealed[saltSize+2:]
	body, mac := body[:len(body)-zipMACSize], body[len(body)-zipMACSize:]
	keys, err := pbkdf2.Key(sha1.New, password, salt, zipIterations, 2*keySize+2)
	if err != nil {
		return nil, 0, false, err
	}
	if subtle.ConstantTimeCompare(keys[2*keySize:], verifier) == 0 {
		return nil, 0, false, errZipPassword
	}
	h := hmac.New(sha1.New, keys[keySize:2*keySize])
	h.Write(body)
	if !hmac.Equal(h.Sum(nil)[:zipMACSize], mac) {
		return nil, 0, false, zip.ErrChecksum
	}
	block, err := aes.NewCipher(keys[:keySize])
	if err != nil {
		return nil, 0, false, err
	}
	return littleCTR(block, body), method, version == 1, nil
}

// littleCTR decrypts in place. The counter is little-endian and begins with 1, unlike that of cipher.NewCTR.
func littleCTR(block cipher.Block, text []byte) []byte {
	var counter, stream [aes.BlockSize]byte
	for i := 0; i < len(text); i += aes.BlockSize {
		for j := range counter {
			if counter[j]++; counter[j] != 0 {
				break
			}
		}
		block.Encrypt(stream[:], counter[:])
		rest := text[i:min(i+aes.BlockSize, len(text))]
		subtle.XORBytes(rest, rest, stream[:])
	}
	return text
}

// zipField finds an extra field of a member, or nil.
func zipField(extra []byte, id uint16) []byte {
	for len(extra) >= 4 {
		size := int(binary.LittleEndian.Uint16(extra[2:]))
		if size > len(extra)-4 {
			return nil
		}
		if binary.LittleEndian.Uint16(extra) == id {
			return extra[4 : 4+size]
		}
		extra = extra[4+size:]
	}
	return nil
}

// openZipClassic decrypts by PKWARE's stream cipher of 1990, which protects little and is still what programs choose.
func openZipClassic(f *zip.File, sealed []byte, password string) ([]byte, error) {
	if len(sealed) < zipHeaderSize {
		return nil, zip.ErrFormat
	}
	keys := zipKeys{0x12345678, 0x23456789, 0x34567890}
	for _, c := range []byte(password) {
		keys.update(c)
	}
	for i, c := range sealed {
		sealed[i] = c ^ keys.stream()
		keys.update(sealed[i])
	}
	check := byte(f.CRC32 >> 24)
	if f.Flags&zipStreamed != 0 {
		check = byte(f.ModifiedTime >> 8) //nolint:staticcheck // the bytes of the header, whatever they mean
	}
	if sealed[zipHeaderSize-1] != check {
		return nil, errZipPassword
	}
	return sealed[zipHeaderSize:], nil
}

// zipKeys is the state of the classic cipher.
type zipKeys [3]uint32

func (k *zipKeys) update(c byte) {
	k[0] = crcByte(k[0], c)
	k[1] = (k[1]+k[0]&0xff)*134775813 + 1
	k[2] = crcByte(k[2], byte(k[1]>>24))
}

func (k *zipKeys) stream() byte {
	t := uint16(k[2]) | 2
	return byte(t * (t ^ 1) >> 8)
}

// crcByte is one step of CRC-32 without the complements around it.
func crcByte(sum uint32, c byte) uint32 { return crc32.IEEETable[byte(sum)^c] ^ sum>>8 }
