package qr

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	_ "image/gif"
	_ "image/jpeg"
	_ "image/png"
	"io"

	"golang.org/x/image/bmp"
	"golang.org/x/image/tiff"
	_ "golang.org/x/image/webp"

	"kapu/lang"
)

const (
	// maxBytes is the largest picture decoded, in memory: 42 million pixels in colour, more than an 8K screen. Beside
	// it there are the file and the picture's greys.
	maxBytes = 160 << 20
	// maxPixels bounds the time: twice an 8K screen.
	maxPixels = 64 << 20
	// maxSide keeps the arithmetic on coordinates far from overflows, and strips a million pixels long away.
	maxSide = 20_000
)

// IsPicture says whether data begins like a picture that Read knows.
func IsPicture(data []byte) bool {
	for _, magic := range []string{"\x89PNG\r\n\x1a\n", "\xff\xd8\xff", "GIF87a", "GIF89a", "II*\x00", "MM\x00*"} {
		if bytes.HasPrefix(data, []byte(magic)) {
			return true
		}
	}
	return isWebP(data) || isBMP(data)
}

func isWebP(data []byte) bool {
	return len(data) >= 12 && string(data[:4]) == "RIFF" && string(data[8:12]) == "WEBP"
}

// isBMP looks at the size of the second head too: a text may begin with "BM".
func isBMP(data []byte) bool {
	return len(data) >= 18 && string(data[:2]) == "BM" && data[14] >= 12 && data[14] <= 124 &&
		data[15] == 0 && data[16] == 0 && data[17] == 0
}

// Foreign names the format of a picture, or of a document with pictures in it, that Read does not know; "" if data is
// none of them.
func Foreign(data []byte) string {
	if bytes.HasPrefix(data, []byte("%PDF-")) {
		return "PDF"
	}
	if len(data) >= 12 && string(data[4:8]) == "ftyp" {
		return heif[string(data[8:12])]
	}
	if isSVG(data) {
		return "SVG"
	}
	return ""
}

// heif are the brands of files of ISO's media format that hold pictures; the others hold films.
var heif = map[string]string{
	"heic": "HEIC", "heix": "HEIC", "heim": "HEIC", "heis": "HEIC", "hevc": "HEIC", "hevx": "HEIC",
	"mif1": "HEIF", "msf1": "HEIF", "avif": "AVIF", "avis": "AVIF",
}

func isSVG(data []byte) bool {
	const head = 4 << 10
	data = bytes.TrimSpace(bytes.TrimPrefix(data[:min(len(data), head)], []byte("\xef\xbb\xbf")))
	if bytes.HasPrefix(data, []byte("<svg")) {
		return true
	}
	for _, start := range []string{"<?xml", "<!--", "<!DOCTYPE svg"} {
		if bytes.HasPrefix(data, []byte(start)) {
			return bytes.Contains(data, []byte("<svg")) && !bytes.Contains(bytes.ToLower(data), []byte("<html"))
		}
	}
	return false
}

// decode makes a picture of a file, if its head says that it can be afforded.
func decode(ctx context.Context, data []byte) (image.Image, error) {
	if format := Foreign(data); format != "" {
		return nil, lang.E("qr-picture-foreign", "Format", format)
	}
	head, format, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return nil, undecodable(err)
	}
	if err := affordable(head); err != nil {
		return nil, err
	}
	if format == "jpeg" && !affordableScans(head, data) {
		return nil, tooBig(head)
	}
	img, _, err := image.Decode(&patient{ctx, bytes.NewReader(data)})
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil:
		return nil, undecodable(err)
	}
	return img, nil
}

func undecodable(err error) error {
	_, unknown := errors.AsType[tiff.UnsupportedError](err)
	switch {
	case unknown:
		return lang.E("qr-picture-foreign", "Format", "TIFF")
	case errors.Is(err, bmp.ErrUnsupported):
		return lang.E("qr-picture-foreign", "Format", "BMP")
	}
	return lang.E("qr-picture-damaged")
}

// patient reads until its context ends; the decoders of pictures know of none.
type patient struct {
	ctx context.Context
	*bytes.Reader
}

func (p *patient) Read(b []byte) (int, error) {
	if err := p.ctx.Err(); err != nil {
		return 0, err
	}
	return p.Reader.Read(b)
}

var _ io.ReaderAt = (*patient)(nil) // without which the TIFF decoder copies the file

// affordable says whether a picture takes bounded memory and time.
func affordable(head image.Config) error {
	if head.Width > maxSide || head.Height > maxSide || head.Width*head.Height > maxPixels ||
		head.Width*head.Height*depth(head) > maxBytes {
		return tooBig(head)
	}
	return nil
}

func tooBig(head image.Config) error {
	return lang.E("qr-picture-big", "Width", head.Width, "Height", head.Height)
}

// affordableScans says so of a JPEG: a progressive one goes over the whole picture with every scan, and keeps 4 bytes
// of each colour of each pixel until the last.
func affordableScans(head image.Config, data []byte) bool {
	const (
		coefficients = 12             // bytes a pixel
		most         = 10 * maxPixels // pixels gone over: libjpeg's own pictures have 10 scans
	)
	pixels := head.Width * head.Height
	scans, progressive := jpegScans(data)
	return pixels*scans <= most && (!progressive || pixels*coefficients <= 200<<20)
}

// jpegScans counts the scans of a JPEG and says whether it is progressive, by its markers, as the decoder meets them. A
// phone's photo holds much that looks like markers and is none: a preview, what the camera notes, and behind its end a
// film or further pictures.
func jpegScans(data []byte) (scans int, progressive bool) {
	const (
		fill, end, restart, restartEnd = 0xff, 0xd9, 0xd0, 0xd8 // restart markers and the start have no length
		startOfScan, startProgressive  = 0xda, 0xc2
	)
	for len(data) >= 2 {
		marker := data[1]
		switch {
		case data[0] != fill || marker == fill:
			data = data[1:] // between segments, and in what was compressed
			continue
		case marker == end:
			return scans, progressive
		case marker == startOfScan:
			scans++
		case marker == startProgressive:
			progressive = true
		}
		data = data[2:]
		if marker != 0 && (marker < restart || marker > restartEnd) && len(data) >= 2 {
			data = data[min(int(binary.BigEndian.Uint16(data)), len(data)):]
		}
	}
	return scans, progressive
}

// depth is how many bytes a pixel takes once it is decoded.
func depth(head image.Config) int {
	switch head.ColorModel {
	case color.RGBA64Model, color.NRGBA64Model:
		return 8
	case color.Gray16Model:
		return 2
	case color.GrayModel:
		return 1
	case color.YCbCrModel:
		return 3
	}
	if _, ok := head.ColorModel.(color.Palette); ok {
		return 1
	}
	return 4
}
