package exchange

import (
	"archive/zip"
	"bytes"
	"io"
	"strings"

	"kapu/lang"
)

// What a workbook may cost. It is unpacked in memory, never to a file: it is full of keys. The library reads sheets
// row by row, but a row may be all there is, and it makes trees of the rest: a sheet's element or attribute takes
// up to 230 bytes, any other 480. Within these limits it stays below 300 MB, whatever is in the file (TestBombs
// measures it), and ten thousand clients with ten columns fit in.
const (
	maxUnpacked = 16 << 20 // bytes of all parts
	maxElements = 1_100_000
	maxCells    = 2_000_000 // a cell in the last column makes a row of 16,384
)

func tooBig() error { return lang.E("xlsx-big") }

// payable refuses a workbook that costs too much, before anything is kept of it. What the archive says of sizes
// is true: more than that is not unpacked.
func payable(archive *zip.Reader) error {
	var size uint64
	var elements counter
	for _, part := range archive.File {
		if size += min(part.UncompressedSize64, maxUnpacked+1); size > maxUnpacked {
			return tooBig()
		}
	}
	for _, part := range archive.File {
		name := strings.ToLower(strings.ReplaceAll(part.Name, `\`, "/"))
		if strings.HasPrefix(name, "xl/media/") { // pictures
			continue
		}
		var in counter
		r, err := part.Open()
		if err == nil {
			_, err = io.Copy(&in, r)
			r.Close()
		}
		if err != nil {
			return lang.E("xlsx-damaged")
		}
		if elements += in; !strings.HasPrefix(name, "xl/worksheets/sheet") {
			elements += in
		}
		if elements > maxElements {
			return tooBig()
		}
	}
	return nil
}

// counter counts the elements and attributes that are written to it, roughly: a few in a text do no harm.
type counter int

func (c *counter) Write(p []byte) (int, error) {
	*c += counter(bytes.Count(p, []byte{'<'}) - bytes.Count(p, []byte("</")) + bytes.Count(p, []byte{'='}))
	return len(p), nil
}
