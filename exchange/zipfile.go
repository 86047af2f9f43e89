package exchange

import (
	"archive/zip"
	"bytes"

	"kapu/lang"
)

// maxParts is how many files a zip archive may have: a workbook of 500 sheets has some thousands. Each takes hundreds
// of bytes of memory, and 46 in the archive.
const maxParts = 10_000

const zipDirectoryLine = "PK\x01\x02"

// readZip reads the directory of a zip archive, if it is not too long.
func readZip(data []byte) (*zip.Reader, error) {
	if !bytes.HasPrefix(data, []byte("PK")) || bytes.Count(data, []byte(zipDirectoryLine)) > maxParts {
		return nil, lang.E("xlsx-damaged")
	}
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, lang.E("xlsx-damaged")
	}
	return archive, nil
}
