package session

import (
	"encoding/binary"
	"errors"
	"strconv"

	"golang.design/x/x11"

	"kapu/internal/xserver"
)

var errNoExtension = errors.New("the X server lacks the SYNC extension or its IDLETIME counter")

// displayNumber is the 10 of ":10.0".
func displayNumber(display string) (string, bool) {
	d, err := x11.ParseDisplay(display)
	return strconv.Itoa(d.Num), err == nil && d.Num >= 0
}

// extension says under which number an extension is called, and which its first event is.
func extension(x *xserver.Conn, name string) (opcode, event byte, err error) {
	const queryExtension = 98
	words := make([]byte, (len(name)+3)/4*4)
	copy(words, name)
	head := xserver.Request(queryExtension, 0, uint32(len(name)))
	binary.LittleEndian.PutUint16(head[2:], uint16(2+len(words)/4))
	reply, err := x.Ask(append(head, words...))
	if err != nil {
		return 0, 0, err
	}
	if reply.Raw[8] == 0 {
		return 0, 0, errNoExtension
	}
	return reply.Raw[9], reply.Raw[10], nil
}
