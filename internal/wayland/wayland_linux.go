// Package wayland speaks to a Wayland compositor: the wire format alone, enough to bind globals, to hear of them, and
// to pass files along.
//
// Its promise: what the compositor offers is known once Dial has returned, a message that is none is an error, and
// a file that came with an event is kept until it is asked for.
package wayland

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"time"

	"golang.org/x/sys/unix"
)

// The objects and requests that every connection has, by the core protocol.
const (
	display  = 1 // the object that every connection begins with
	registry = 2 // our name for the list of globals
	ready    = 3 // our name for the callback after the list
	free     = 4 // the first name that is not taken

	displaySync  = 0
	displayList  = 1
	displayError = 0 // event
	listBind     = 0
	listGlobal   = 0 // event
)

// maxMessage is the limit of a message of the protocol, in bytes: its size is a 16-bit number.
const maxMessage = 1 << 16

// maxFiles is how many files are kept that came with events. A compositor sends each with an event that takes it.
const maxFiles = 16

// Conn is a client of a compositor. One goroutine at a time takes events; any may send.
type Conn struct {
	*net.UnixConn
	globals map[string]global // by interface
	next    uint32            // the next object's name
	unread  []byte
	files   []*os.File
}

// global is what a compositor offers.
type global struct{ name, version uint32 }

// Event is a message of the compositor.
type Event struct {
	Object uint32
	Opcode uint16
	Args   []byte
}

var errMessage = errors.New("the Wayland compositor sent what is no message")

// Socket is the path of the compositor's socket, or "" where there is none.
func Socket(getenv func(string) string) string {
	path := getenv("WAYLAND_DISPLAY")
	if path == "" {
		return ""
	}
	if !filepath.IsAbs(path) {
		path = filepath.Join(getenv("XDG_RUNTIME_DIR"), path)
	}
	if _, err := os.Stat(path); err != nil {
		return ""
	}
	return path
}

// Dial connects, and learns within the limit what the compositor offers. Until SetDeadline says otherwise, all that is
// done on the connection has to be done within the limit.
func Dial(path string, limit time.Duration) (*Conn, error) {
	conn, err := net.DialTimeout("unix", path, limit)
	if err != nil {
		return nil, err
	}
	c := &Conn{UnixConn: conn.(*net.UnixConn), globals: map[string]global{}, next: free}
	_ = conn.SetDeadline(time.Now().Add(limit))
	if err := c.list(); err != nil {
		conn.Close()
		return nil, err
	}
	return c, nil
}

// Has says whether the compositor offers a global.
func (c *Conn) Has(iface string) bool {
	_, there := c.globals[iface]
	return there
}

// list asks for the globals, and returns when all of them have come.
func (c *Conn) list() error {
	if err := c.Send(display, displayList, registry); err != nil {
		return err
	}
	if err := c.Send(display, displaySync, ready); err != nil {
		return err
	}
	for {
		e, err := c.Event()
		switch {
		case err != nil:
			return err
		case e.Object == ready:
			return nil
		case e.Object == registry && e.Opcode == listGlobal:
			if err := c.add(e.Args); err != nil {
				return err
			}
		}
	}
}

// add notes one global: its name, its interface and its version. Of two seats the first counts.
func (c *Conn) add(args []byte) error {
	if len(args) < 8 {
		return errMessage
	}
	iface, ok := Text(args[4:])
	end := 8 + (len(iface)+1+3)/4*4
	if !ok || len(args) < end+4 {
		return errMessage
	}
	if !c.Has(iface) {
		c.globals[iface] = global{binary.NativeEndian.Uint32(args), binary.NativeEndian.Uint32(args[end:])}
	}
	return nil
}

// Text takes a string from the beginning of arguments.
func Text(args []byte) (string, bool) {
	if len(args) < 4 {
		return "", false
	}
	length := uint64(binary.NativeEndian.Uint32(args))
	if length == 0 || uint64(len(args)) < 4+length {
		return "", false
	}
	return string(args[4 : 4+length-1]), true
}

// Words are the 32-bit words of a string as an argument: its length, with a zero byte, and its bytes.
func Words(text string) []uint32 {
	bytes := make([]byte, (len(text)+1+3)/4*4)
	copy(bytes, text)
	words := []uint32{uint32(len(text) + 1)}
	for i := 0; i < len(bytes); i += 4 {
		words = append(words, binary.NativeEndian.Uint32(bytes[i:]))
	}
	return words
}

// Bind makes an object of a global, and returns the object's name. The version is the newest that both know.
func (c *Conn) Bind(iface string, newest uint32) (object, version uint32, err error) {
	g := c.globals[iface]
	object, version = c.Object(), min(g.version, newest)
	args := append([]uint32{g.name}, Words(iface)...)
	return object, version, c.Send(registry, listBind, append(args, version, object)...)
}

// Object is a name for a new object.
func (c *Conn) Object() uint32 {
	c.next++
	return c.next - 1
}

// Sync asks for an event of the object that it returns, which comes after all that was asked for before.
func (c *Conn) Sync() (uint32, error) {
	done := c.Object()
	return done, c.Send(display, displaySync, done)
}

// Send sends a request, whose arguments are 32-bit words.
func (c *Conn) Send(object uint32, opcode uint16, args ...uint32) error {
	_, err := c.Write(request(object, opcode, args))
	return err
}

// SendFile sends a request whose last argument is a file.
func (c *Conn) SendFile(f *os.File, object uint32, opcode uint16, args ...uint32) error {
	_, _, err := c.WriteMsgUnix(request(object, opcode, args), unix.UnixRights(int(f.Fd())), nil)
	return err
}

func request(object uint32, opcode uint16, args []uint32) []byte {
	m := binary.NativeEndian.AppendUint32(nil, object)
	m = binary.NativeEndian.AppendUint32(m, uint32(8+4*len(args))<<16|uint32(opcode))
	for _, a := range args {
		m = binary.NativeEndian.AppendUint32(m, a)
	}
	return m
}

// Event waits for a message. An error that the compositor reports is fatal, by the protocol.
func (c *Conn) Event() (Event, error) {
	const head = 8
	if err := c.fill(head); err != nil {
		return Event{}, err
	}
	word := binary.NativeEndian.Uint32(c.unread[4:])
	size := int(word >> 16)
	if size < head || size > maxMessage || size%4 != 0 {
		return Event{}, errMessage
	}
	if err := c.fill(size); err != nil {
		return Event{}, err
	}
	e := Event{binary.NativeEndian.Uint32(c.unread), uint16(word), slices.Clone(c.unread[head:size])}
	c.unread = c.unread[size:]
	if e.Object == display && e.Opcode == displayError {
		return Event{}, fmt.Errorf("the Wayland compositor refused a request: %q", e.Args)
	}
	return e, nil
}

// fill reads until that many bytes are there.
func (c *Conn) fill(size int) error {
	for len(c.unread) < size {
		var data [4096]byte
		var beside [256]byte
		n, m, _, _, err := c.ReadMsgUnix(data[:], beside[:])
		if err != nil {
			return err
		}
		c.unread = append(c.unread, data[:n]...)
		if err := c.keep(beside[:m]); err != nil {
			return err
		}
		if n == 0 {
			return net.ErrClosed
		}
	}
	return nil
}

// keep keeps the files that came beside the bytes.
func (c *Conn) keep(beside []byte) error {
	messages, err := unix.ParseSocketControlMessage(beside)
	if err != nil {
		return err
	}
	for _, m := range messages {
		numbers, err := unix.ParseUnixRights(&m)
		if err != nil {
			continue
		}
		for _, n := range numbers {
			unix.CloseOnExec(n)
			_ = unix.SetNonblock(n, true) // so that a deadline holds for it
			c.files = append(c.files, os.NewFile(uintptr(n), "wayland"))
		}
	}
	if len(c.files) > maxFiles {
		return errMessage
	}
	return nil
}

// File is the next file that came with an event, or nil.
func (c *Conn) File() *os.File {
	if len(c.files) == 0 {
		return nil
	}
	f := c.files[0]
	c.files = c.files[1:]
	return f
}

// CloseWith closes the connection when the context ends. What is returned undoes that.
func (c *Conn) CloseWith(ctx context.Context) (stop func() bool) {
	return context.AfterFunc(ctx, func() { c.Close() })
}
