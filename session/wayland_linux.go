package session

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"time"
)

// The Wayland objects and requests that are used here, by the core protocol.
const (
	wlDisplay  = 1 // the object that every connection begins with
	wlRegistry = 2 // our name for the list of globals
	wlReady    = 3 // our name for the callback after the list
	wlFree     = 4 // the first name that is not taken

	displaySync  = 0
	displayList  = 1
	displayError = 0 // event
	listBind     = 0
	listGlobal   = 0 // event
)

// maxMessage is the limit of a message of the protocol, in bytes: its size is a 16-bit number.
const maxMessage = 1 << 16

// waylandConn is a client of a Wayland compositor: the wire format alone, enough to bind a global and to hear of it.
type waylandConn struct {
	net.Conn
	globals map[string]waylandGlobal // by interface
	next    uint32                   // the next object's name
}

// waylandGlobal is what a compositor offers.
type waylandGlobal struct{ name, version uint32 }

// waylandEvent is a message of the compositor.
type waylandEvent struct {
	object uint32
	opcode uint16
	args   []byte
}

var errWayland = errors.New("the Wayland compositor sent what is no message")

// dialWayland connects, and learns within callLimit what the compositor offers.
func dialWayland(path string) (*waylandConn, error) {
	conn, err := net.DialTimeout("unix", path, callLimit)
	if err != nil {
		return nil, err
	}
	c := &waylandConn{conn, map[string]waylandGlobal{}, wlFree}
	_ = conn.SetDeadline(time.Now().Add(callLimit))
	if err := c.list(); err != nil {
		conn.Close()
		return nil, err
	}
	return c, conn.SetDeadline(time.Time{})
}

// list asks for the globals, and returns when all of them have come.
func (c *waylandConn) list() error {
	if err := c.send(wlDisplay, displayList, wlRegistry); err != nil {
		return err
	}
	if err := c.send(wlDisplay, displaySync, wlReady); err != nil {
		return err
	}
	for {
		e, err := c.event()
		switch {
		case err != nil:
			return err
		case e.object == wlReady:
			return nil
		case e.object == wlRegistry && e.opcode == listGlobal:
			if err := c.global(e.args); err != nil {
				return err
			}
		}
	}
}

// global notes one global: its name, its interface and its version. Of two seats the first counts.
func (c *waylandConn) global(args []byte) error {
	if len(args) < 8 {
		return errWayland
	}
	name, length := binary.NativeEndian.Uint32(args), binary.NativeEndian.Uint32(args[4:])
	end := 8 + (uint64(length)+3)/4*4
	if length == 0 || uint64(len(args)) < end+4 {
		return errWayland
	}
	iface := string(args[8 : 8+length-1])
	if _, there := c.globals[iface]; !there {
		c.globals[iface] = waylandGlobal{name, binary.NativeEndian.Uint32(args[end:])}
	}
	return nil
}

// bind makes an object of a global, and returns the object's name. The version is the newest that both know.
func (c *waylandConn) bind(iface string, newest uint32) (object, version uint32, err error) {
	g := c.globals[iface]
	object, version = c.object(), min(g.version, newest)
	args := []uint32{g.name, uint32(len(iface) + 1)}
	text := make([]byte, (len(iface)+1+3)/4*4)
	copy(text, iface)
	for i := 0; i < len(text); i += 4 {
		args = append(args, binary.NativeEndian.Uint32(text[i:]))
	}
	return object, version, c.send(wlRegistry, listBind, append(args, version, object)...)
}

// object is a name for a new object.
func (c *waylandConn) object() uint32 {
	c.next++
	return c.next - 1
}

// send sends a request, whose arguments are 32-bit words.
func (c *waylandConn) send(object uint32, opcode uint16, args ...uint32) error {
	size := 8 + 4*len(args)
	m := binary.NativeEndian.AppendUint32(nil, object)
	m = binary.NativeEndian.AppendUint32(m, uint32(size)<<16|uint32(opcode))
	for _, a := range args {
		m = binary.NativeEndian.AppendUint32(m, a)
	}
	_, err := c.Write(m)
	return err
}

// event waits for a message. An error that the compositor reports is fatal, by the protocol.
func (c *waylandConn) event() (waylandEvent, error) {
	var head [8]byte
	if _, err := io.ReadFull(c, head[:]); err != nil {
		return waylandEvent{}, err
	}
	word := binary.NativeEndian.Uint32(head[4:])
	size := word >> 16
	if size < 8 || size > maxMessage || size%4 != 0 {
		return waylandEvent{}, errWayland
	}
	e := waylandEvent{binary.NativeEndian.Uint32(head[:]), uint16(word), make([]byte, size-8)}
	if _, err := io.ReadFull(c, e.args); err != nil {
		return waylandEvent{}, err
	}
	if e.object == wlDisplay && e.opcode == displayError {
		return waylandEvent{}, fmt.Errorf("the Wayland compositor refused a request: %q", e.args)
	}
	return e, nil
}

// closeWith closes the connection when the context ends. What is returned undoes that.
func (c *waylandConn) closeWith(ctx context.Context) (stop func() bool) {
	return context.AfterFunc(ctx, func() { c.Close() })
}
