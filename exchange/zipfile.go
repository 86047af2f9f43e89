package exchange

import (
	"archive/zip"
	"bytes"
)

// maxParts is how many files a zip archive may have: a workbook of 500 sheets has some thousands. Each takes hundreds
// of bytes of memory, and 46 in the archive.
const maxParts = 10_000

const zipDirectoryLine = "PK\x01\x02"

// readZip reads the directory of a zip archive of so many files at most.
func readZip(data []byte, most int) (*zip.Reader, error) {
	if !bytes.HasPrefix(data, []byte("PK")) || bytes.Count(data, []byte(zipDirectoryLine)) > most {
		return nil, zip.ErrFormat
	}
	return zip.NewReader(bytes.NewReader(data), int64(len(data)))
}
