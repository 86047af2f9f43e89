package icons

import (
	"encoding/binary"
	"image"
	"image/color"
	"testing"

	"kapu/icons/internal/gate"
)

func TestICOHasEverySizeAsABitmap(t *testing.T) {
	for _, name := range names {
		pictures := decodeICO(t, read(t, name+".ico"))
		if len(pictures) != len(gate.Sizes) {
			t.Errorf("%s: %d sizes, want %d", name, len(pictures), len(gate.Sizes))
		}
		for _, size := range gate.Sizes {
			img := pictures[size]
			if img == nil {
				t.Errorf("%s: no picture of %d pixels", name, size)
				continue
			}
			full := 0
			for i := 3; i < len(img.Pix); i += 4 {
				if img.Pix[i] == 0xff {
					full++
				}
			}
			if share := full * 100 / (size * size); share < 40 || share > 90 {
				t.Errorf("%s at %d: %d%% of the square is drawn", name, size, share)
			}
		}
	}
}

// decodeICO reads an icon as Windows does, field by field, and fails where
// Windows would turn away or read past the end.
func decodeICO(t *testing.T, b []byte) map[int]*image.NRGBA {
	t.Helper()
	le := binary.LittleEndian
	if len(b) < 6 || le.Uint16(b) != 0 || le.Uint16(b[2:]) != 1 {
		t.Fatal("not an icon")
	}
	pictures := map[int]*image.NRGBA{}
	end := 6 + 16*int(le.Uint16(b[4:]))
	for e := b[6:end]; len(e) > 0; e = e[16:] {
		size, length, offset := int(e[0]), int(le.Uint32(e[8:])), int(le.Uint32(e[12:]))
		if int(e[1]) != size || le.Uint16(e[4:]) != 1 || le.Uint16(e[6:]) != 32 {
			t.Fatalf("entry % x is not square, of one plane, of 32 bits", e[:16])
		}
		if offset != end {
			t.Fatalf("the picture of %d pixels starts at %d, want %d", size, offset, end)
		}
		end = offset + length
		pictures[size] = decodeDIB(t, b[offset:end], size)
	}
	if end != len(b) {
		t.Fatalf("%d bytes after the last picture", len(b)-end)
	}
	return pictures
}

func decodeDIB(t *testing.T, dib []byte, size int) *image.NRGBA {
	t.Helper()
	le := binary.LittleEndian
	maskRow := (size + 31) / 32 * 4
	if want := 40 + size*size*4 + size*maskRow; len(dib) != want {
		t.Fatalf("%d: %d bytes, want %d", size, len(dib), want)
	}
	if le.Uint32(dib) != 40 || int(le.Uint32(dib[4:])) != size || int(le.Uint32(dib[8:])) != 2*size ||
		le.Uint16(dib[12:]) != 1 || le.Uint16(dib[14:]) != 32 || le.Uint32(dib[16:]) != 0 {
		t.Fatalf("%d: not a bitmap header: % x", size, dib[:40])
	}
	img := image.NewNRGBA(image.Rect(0, 0, size, size))
	colours, mask := dib[40:40+size*size*4], dib[40+size*size*4:]
	for y := range size {
		up := size - 1 - y
		for x := range size {
			p := colours[(up*size+x)*4:]
			img.SetNRGBA(x, y, color.NRGBA{R: p[2], G: p[1], B: p[0], A: p[3]})
			masked := mask[up*maskRow+x/8]&(0x80>>(x%8)) != 0
			if masked != (p[3] < 128) {
				t.Fatalf("%d: mask and alpha disagree at %d,%d", size, x, y)
			}
		}
	}
	return img
}
