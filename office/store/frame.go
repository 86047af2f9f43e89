package store

import (
	"bytes"
	"crypto/sha256"
	"fmt"

	"kapu/lang"
)

// headerFormat is the header of an object's file: version, length and SHA-256 of the body that follows. By it a torn
// file, which is being copied or whose writer died, is recognized.
const headerFormat = "kapu object %d %d %x\n"

const frameVersion = 1

// maxHeader is a length that no header reaches.
const maxHeader = 120

const errTorn = lang.Cause("cause-cut")

// frame encodes a body as a file.
func frame(body []byte) []byte {
	return append(frameHeader(body), body...)
}

// frameHeader is the header of a body.
func frameHeader(body []byte) []byte {
	return fmt.Appendf(nil, headerFormat, frameVersion, len(body), sha256.Sum256(body))
}

// unframe decodes a file and verifies the header: the body, or errTorn, or the sentence that a newer program wrote it.
func unframe(file []byte) ([]byte, error) {
	end := bytes.IndexByte(file[:min(len(file), maxHeader)], '\n')
	if end < 0 {
		return nil, errTorn
	}
	first, body := file[:end+1], file[end+1:]
	var version, size int
	var sum []byte
	if _, err := fmt.Sscanf(string(first), headerFormat, &version, &size, &sum); version > frameVersion {
		return nil, lang.E("store-newer", "Version", version)
	} else if err != nil {
		return nil, errTorn
	}
	if !bytes.Equal(frameHeader(body), first) {
		return nil, errTorn
	}
	return body, nil
}
