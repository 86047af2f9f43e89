package gate

import (
	"bytes"
	"encoding/binary"
	"image"
)

const (
	icoDirectory = 6  // bytes of the file's header
	icoEntry     = 16 // bytes of each picture's entry in it
	dibHeader    = 40 // bytes of a BITMAPINFOHEADER
)

// ico packs square pictures into a Windows icon. They are 32-bit bitmaps with
// a mask and not PNGs: everything that reads icons reads bitmaps.
func ico(pictures []*image.NRGBA) []byte {
	var head, body bytes.Buffer
	put(&head, uint16(0), uint16(1), uint16(len(pictures))) // reserved, "icon", count
	offset := icoDirectory + icoEntry*len(pictures)
	for _, p := range pictures {
		size := p.Bounds().Dx()
		dib := bitmap(p)
		put(&head, uint8(size), uint8(size), uint8(0), uint8(0)) // width, height, no palette, reserved
		put(&head, uint16(1), uint16(32))                        // planes, bits per pixel
		put(&head, uint32(len(dib)), uint32(offset+body.Len()))
		body.Write(dib)
	}
	return append(head.Bytes(), body.Bytes()...)
}

// bitmap is p as an icon's DIB: header, colours, mask; rows from the bottom up.
func bitmap(p *image.NRGBA) []byte {
	size := p.Bounds().Dx()
	maskRow := (size + 31) / 32 * 4 // rows end on 32 bits
	var b bytes.Buffer
	// An icon's height counts the colours and the mask.
	put(&b, uint32(dibHeader), int32(size), int32(2*size), uint16(1), uint16(32))
	put(&b, uint32(0), uint32(size*size*4+maskRow*size)) // uncompressed, bytes that follow
	put(&b, int32(0), int32(0), uint32(0), uint32(0))    // no resolution, no palette

	mask := make([]byte, 0, maskRow*size)
	for y := size - 1; y >= 0; y-- {
		row := make([]byte, maskRow)
		for x := range size {
			c := p.NRGBAAt(x, y)
			b.Write([]byte{c.B, c.G, c.R, c.A})
			if c.A < 128 {
				row[x/8] |= 0x80 >> (x % 8) // see-through where alpha is not understood
			}
		}
		mask = append(mask, row...)
	}
	b.Write(mask)
	return b.Bytes()
}

// put writes values little-endian, as Windows reads them.
func put(b *bytes.Buffer, values ...any) {
	for _, v := range values {
		if err := binary.Write(b, binary.LittleEndian, v); err != nil {
			panic(err) // a value without a fixed size: a mistake in this file
		}
	}
}
