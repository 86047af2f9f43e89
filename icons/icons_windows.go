//go:build windows

package icons

import (
	_ "embed"
	"encoding/binary"
)

var (
	//go:embed open.ico
	openIcon []byte
	//go:embed locked.ico
	lockedIcon []byte
	//go:embed attention.ico
	attentionIcon []byte
)

// Nearest returns of an ICO the picture that is the best for a size in pixels, the next larger one if there is none of
// that size, and how large it is.
func Nearest(ico []byte, size int) (picture []byte, found int) {
	const directory, entry = 6, 16
	if len(ico) < directory {
		return nil, 0
	}
	le := binary.LittleEndian
	for i := range int(le.Uint16(ico[4:])) { // in the order of their sizes
		e := ico[directory+i*entry:][:entry]
		found = int(e[0])
		from := le.Uint32(e[12:])
		if picture = ico[from:][:le.Uint32(e[8:])]; found >= size {
			break
		}
	}
	return picture, found
}
