package store

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"

	"kapu/lang"
)

// In a folder an object is a file of one line, which says what the rest must be, and the body. A file that is not
// whole, because it is being copied or because its writer died, shows by that.
const line = "kapu object %d %d %x\n"

const formVersion = 1

// longestLine is enough for every number.
const longestLine = 120

var errTorn = errors.New("store: the file is not whole")

// form is the file of a body.
func form(body []byte) []byte {
	return append(head(body), body...)
}

// head is the line before a body.
func head(body []byte) []byte {
	return fmt.Appendf(nil, line, formVersion, len(body), sha256.Sum256(body))
}

// unform is the body in a file, or errTorn.
func unform(file []byte) ([]byte, error) {
	end := bytes.IndexByte(file[:min(len(file), longestLine)], '\n')
	if end < 0 {
		return nil, errTorn
	}
	first, body := file[:end+1], file[end+1:]
	var version, size int
	var sum []byte
	if _, err := fmt.Sscanf(string(first), line, &version, &size, &sum); version > formVersion {
		return nil, lang.E("store-newer", "Version", version)
	} else if err != nil {
		return nil, errTorn
	}
	if !bytes.Equal(head(body), first) {
		return nil, errTorn
	}
	return body, nil
}
