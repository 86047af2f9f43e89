package session

import (
	"bufio"
	"encoding/binary"
	"errors"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"golang.design/x/x11"
)

var errNoExtension = errors.New("the X server lacks the SYNC extension or its IDLETIME counter")

// xconn is a connection to the X server.
type xconn struct {
	net.Conn
	r   *bufio.Reader
	ids *x11.IDGen
}

// dialX connects to the display. It is the library's own road: the socket's file, else its abstract name; with
// the cookie, if there is one.
func (p place) dialX(display string) (*xconn, error) {
	d, err := x11.ParseDisplay(display)
	if err != nil {
		return nil, err
	}
	conn, err := net.DialTimeout(d.Net, d.Addr, callLimit)
	if err != nil && d.Net == "unix" {
		conn, err = net.Dial("unix", "@"+d.Addr)
	}
	if err != nil {
		return nil, err
	}
	x := &xconn{Conn: conn, r: bufio.NewReader(conn)}
	_ = x.SetDeadline(time.Now().Add(callLimit))
	name, cookie := p.cookie(d.Num)
	if _, err = x.Write(x11.SetupRequest(name, cookie)); err == nil {
		var setup x11.Setup
		if setup, err = x11.ReadSetup(x.r); err == nil {
			x.ids = x11.NewIDGen(setup)
			return x, nil
		}
	}
	x.Close()
	return nil, err
}

func (p place) cookie(display int) (string, []byte) {
	path := p.getenv("XAUTHORITY")
	if path == "" {
		path = filepath.Join(p.getenv("HOME"), ".Xauthority")
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return "", nil
	}
	entries, err := x11.ParseXauthority(text)
	if err != nil {
		return "", nil
	}
	host, _ := os.Hostname()
	return x11.ChooseCookie(entries, display, host)
}

// displayNumber is the 10 of ":10.0".
func displayNumber(display string) (string, bool) {
	d, err := x11.ParseDisplay(display)
	return strconv.Itoa(d.Num), err == nil && d.Num >= 0
}

// request builds a request of 32-bit words; a long value takes two, the high one first.
func request(opcode, minor byte, words ...uint32) []byte {
	b := []byte{opcode, minor, 0, 0}
	binary.LittleEndian.PutUint16(b[2:], uint16(1+len(words)))
	for _, w := range words {
		b = binary.LittleEndian.AppendUint32(b, w)
	}
	return b
}

// ask sends a request and waits for its answer, which has 32 bytes at least.
func (x *xconn) ask(request []byte) ([]byte, error) {
	if _, err := x.Write(request); err != nil {
		return nil, err
	}
	p, err := x11.NextReply(x.r)
	return p.Raw, err
}

// extension says under which number an extension is called, and which its first event is.
func (x *xconn) extension(name string) (opcode, event byte, err error) {
	const queryExtension = 98
	words := make([]byte, (len(name)+3)/4*4)
	copy(words, name)
	head := request(queryExtension, 0, uint32(len(name)))
	binary.LittleEndian.PutUint16(head[2:], uint16(2+len(words)/4))
	reply, err := x.ask(append(head, words...))
	if err != nil {
		return 0, 0, err
	}
	if reply[8] == 0 {
		return 0, 0, errNoExtension
	}
	return reply[9], reply[10], nil
}
