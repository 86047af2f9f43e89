// Package xserver speaks to the X server.
//
// Its promise: a connection is made as every X program makes it, a server that hangs fails instead of holding the
// caller up, and an event that arrives while an answer is awaited is not lost.
package xserver

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"time"

	"golang.design/x/x11"
)

// Conn is a connection to the X server. One goroutine at a time asks and takes events; any may send.
type Conn struct {
	net.Conn
	IDs  *x11.IDGen
	Root uint32 // window

	idMask uint32 // the bits of an id that its client chooses; the others are the client's
	limit  time.Duration
	r      *bufio.Reader
	events []x11.Packet // that came before an answer, in their order
}

// Dial connects to the display that the environment names: the socket's file, else its abstract name; with the
// cookie, if there is one. Until SetDeadline says otherwise, all that is done on the connection has to be done
// within the limit. One request alone may never take longer to be sent.
func Dial(getenv func(string) string, limit time.Duration) (*Conn, error) {
	d, err := x11.ParseDisplay(getenv("DISPLAY"))
	if err != nil {
		return nil, err
	}
	conn, err := net.DialTimeout(d.Net, d.Addr, limit)
	if err != nil && d.Net == "unix" {
		conn, err = net.DialTimeout("unix", "@"+d.Addr, limit)
	}
	if err != nil {
		return nil, err
	}
	x := &Conn{Conn: conn, limit: limit, r: bufio.NewReader(conn)}
	_ = x.SetDeadline(time.Now().Add(limit))
	name, cookie := findCookie(getenv, d.Num)
	if _, err = x.Write(x11.SetupRequest(name, cookie)); err == nil {
		var setup x11.Setup
		if setup, err = x11.ReadSetup(x.r); err == nil {
			x.IDs, x.Root, x.idMask = x11.NewIDGen(setup), setup.Root, setup.IDMask
			return x, nil
		}
	}
	x.Close()
	return nil, err
}

func findCookie(getenv func(string) string, display int) (string, []byte) {
	path := getenv("XAUTHORITY")
	if path == "" {
		path = filepath.Join(getenv("HOME"), ".Xauthority")
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

// Send sends a request that has no answer. If the server refuses it, nobody is told. A request that could not be
// sent ends the connection: the server may have half of it.
func (x *Conn) Send(request []byte) error {
	_ = x.SetWriteDeadline(time.Now().Add(x.limit))
	_, err := x.Write(request)
	if err != nil {
		x.Close()
	}
	return err
}

// RefusedError is the X server's own answer to a request; the connection goes on.
type RefusedError struct{ Code byte }

func (e *RefusedError) Error() string {
	return fmt.Sprintf("the X server refuses a request (%d)", e.Code)
}

// Ask sends a request and waits for its answer, which has 32 bytes at least.
func (x *Conn) Ask(request []byte) (x11.Packet, error) {
	if err := x.Send(request); err != nil {
		return x11.Packet{}, err
	}
	const opcode = 10 // where an error says which kind of request failed: what was sent before may fail later
	for {
		p, err := x11.ReadPacket(x.r)
		switch {
		case err != nil || p.IsReply():
			return p, err
		case p.IsEvent():
			x.events = append(x.events, p)
		case p.Raw[opcode] == request[0]:
			return p, &RefusedError{p.ErrorCode()}
		}
	}
}

// SameClient says whether two windows or other resources were made on one connection: by one program.
func (x *Conn) SameClient(a, b uint32) bool { return a&^x.idMask == b&^x.idMask }

// Focus is the window that has the keyboard; 0 or 1 (PointerRoot) if none has.
func (x *Conn) Focus() (uint32, error) {
	p, err := x.Ask(x11.GetInputFocus())
	if err != nil {
		return 0, err
	}
	return binary.LittleEndian.Uint32(p.Raw[8:]), nil
}

// Event waits for the next event.
func (x *Conn) Event() (x11.Packet, error) {
	if len(x.events) > 0 {
		p := x.events[0]
		x.events = x.events[1:]
		return p, nil
	}
	return x11.NextEvent(x.r)
}

// Request builds a request of 32-bit words; a long value takes two, the high one first.
func Request(opcode, minor byte, words ...uint32) []byte {
	b := []byte{opcode, minor, 0, 0}
	binary.LittleEndian.PutUint16(b[2:], uint16(1+len(words)))
	for _, w := range words {
		b = binary.LittleEndian.AppendUint32(b, w)
	}
	return b
}
