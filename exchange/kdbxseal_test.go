package exchange

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/binary"
)

// kdbxInner is the header within a database that is not protected further and has no attachment.
const kdbxInner = "\x01\x04\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"

// attached is the same with an attachment of so many bytes.
func attached(size int) []byte {
	head := binary.LittleEndian.AppendUint32([]byte(kdbxInner[:9]+"\x03"), uint32(size))
	return append(append(head, make([]byte, size)...), 0, 0, 0, 0, 0)
}

// sealKdbx makes a database of format 4 with the password testPassword, of a text that is compressed already, or not.
func sealKdbx(inner, text []byte, compressed bool, memory, passes uint64) []byte {
	u32 := binary.LittleEndian.AppendUint32
	u64 := binary.LittleEndian.AppendUint64
	field := func(to []byte, id byte, value []byte) []byte {
		return append(u32(append(to, id), uint32(len(value))), value...)
	}
	entry := func(to []byte, kind byte, name string, value []byte) []byte {
		to = append(u32(append(to, kind), uint32(len(name))), name...)
		return append(u32(to, uint32(len(value))), value...)
	}
	salt := bytes.Repeat([]byte{7}, 32)
	params := []byte{0, 1}
	params = entry(params, 0x42, "$UUID", []byte(kdfArgon2id))
	params = entry(params, 0x42, "S", salt)
	params = entry(params, 4, "V", u32(nil, 0x13))
	params = entry(params, 5, "I", u64(nil, passes))
	params = entry(params, 5, "M", u64(nil, memory))
	params = entry(params, 4, "P", u32(nil, 2))
	params = append(params, 0)
	h := []byte(kdbxMark + "\x00\x00\x04\x00")
	h = field(h, 2, []byte(cipherAES))
	zip := uint32(0)
	if compressed {
		zip = 1
	}
	h = field(h, 3, u32(nil, zip))
	h = field(h, 4, salt)
	h = field(h, 7, make([]byte, 16))
	h = field(h, 11, params)
	h = field(h, 0, []byte("\r\n\r\n"))
	if memory > maxKeyMemory {
		sum := sha256.Sum256(h)
		return append(append(h, sum[:]...), make([]byte, 100)...) // is refused before the key is made
	}
	key, err := argon2id(salt, passes, memory>>10, 2).derive(nil, string(compositeKey(testPassword, nil)))
	if err != nil {
		panic(err)
	}
	master := sha256.Sum256(append(bytes.Clone(salt), key...))
	macs := blockMACs(sha512.Sum512(append(append(bytes.Clone(salt), key...), 1)))
	plain := append(inner, text...)
	pad := 16 - len(plain)%16
	plain = append(plain, bytes.Repeat([]byte{byte(pad)}, pad)...)
	block, _ := aes.NewCipher(master[:])
	cipher.NewCBCEncrypter(block, make([]byte, 16)).CryptBlocks(plain, plain)
	out := bytes.Clone(h)
	sum := sha256.Sum256(h)
	out = append(out, sum[:]...)
	out = append(out, macs.of(^uint64(0), h)...)
	n := uint64(0)
	for chunk := plain; ; n++ {
		size := min(len(chunk), 1<<20)
		part := chunk[:size]
		length := u32(nil, uint32(size))
		out = append(out, macs.of(n, u64(nil, n), length, part)...)
		out = append(append(out, length...), part...)
		if size == 0 {
			return out
		}
		chunk = chunk[size:]
	}
}
