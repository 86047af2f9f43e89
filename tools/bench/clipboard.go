//go:build linux

package main

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"sync/atomic"
	"time"

	x11 "golang.design/x/x11"
)

// copied is a text that has arrived on the clipboard.
type copied struct {
	owned time.Time // when the X server told of the new owner
	read  time.Time // when the text had been handed over, as to a program that pastes
	text  string
}

// clipboardWatch is told by the X server when somebody takes the clipboard over, and reads the text at once. It is
// in this process because starting xclip takes as long as what is measured.
type clipboardWatch struct {
	conn   net.Conn
	in     *bufio.Reader
	window uint32

	clipboard, utf8, property uint32 // atoms
	changed                   byte   // the code of the event

	copies chan copied
	asked  atomic.Bool // the text, and there is no answer yet
	before string      // the text read last
	again  int         // how often it had to be asked for twice
}

// The extension XFIXES, of which the library knows nothing.
const (
	opQueryExtension = 98
	xfixesVersion    = 0
	xfixesSelect     = 2
	newOwner         = 1 // mask
)

func watchClipboard(display string) (*clipboardWatch, error) {
	d, err := x11.ParseDisplay(display)
	if err != nil {
		return nil, err
	}
	conn, err := net.Dial(d.Net, d.Addr)
	if err != nil {
		return nil, err
	}
	w := &clipboardWatch{conn: conn, in: bufio.NewReader(conn), copies: make(chan copied, 16)}
	if err := w.subscribe(); err != nil {
		conn.Close()
		return nil, fmt.Errorf("watching the clipboard: %w", err)
	}
	go w.follow()
	return w, nil
}

func (w *clipboardWatch) close() { w.conn.Close() }

func (w *clipboardWatch) subscribe() error {
	if _, err := w.conn.Write(x11.SetupRequest("", nil)); err != nil { // the private server asks for no cookie
		return err
	}
	setup, err := x11.ReadSetup(w.in)
	if err != nil {
		return err
	}
	w.window = x11.NewIDGen(setup).Next()
	if _, err := w.conn.Write(x11.CreateWindow(w.window, setup.Root)); err != nil {
		return err
	}
	for name, atom := range map[string]*uint32{"CLIPBOARD": &w.clipboard, "UTF8_STRING": &w.utf8, "KAPU_BENCH": &w.property} {
		p, err := w.ask(x11.InternAtom(name, false))
		if err != nil {
			return err
		}
		*atom = p.Atom()
	}
	p, err := w.ask(queryExtension("XFIXES"))
	if err != nil {
		return err
	}
	if p.Raw[8] == 0 {
		return errors.New("the X server has no XFIXES")
	}
	opcode := p.Raw[9]
	w.changed = p.Raw[10]
	if _, err := w.ask(request(opcode, xfixesVersion, 5, 0)); err != nil {
		return err
	}
	_, err = w.conn.Write(request(opcode, xfixesSelect, w.window, w.clipboard, newOwner))
	return err
}

func (w *clipboardWatch) ask(question []byte) (x11.Packet, error) {
	if _, err := w.conn.Write(question); err != nil {
		return x11.Packet{}, err
	}
	return x11.NextReply(w.in)
}

// follow answers each event with the next step: a new owner is asked for the text, a text is fetched.
func (w *clipboardWatch) follow() {
	defer close(w.copies)
	var owned time.Time
	for {
		p, err := x11.ReadPacket(w.in)
		if err != nil {
			return
		}
		var next []byte
		switch {
		case p.IsReply(): // to GetProperty, the only question from here on
			w.asked.Store(false)
			w.copies <- copied{owned, time.Now(), string(p.PropertyValue())}
		case p.IsEvent() && p.EventCode() == w.changed:
			if owner := binary.LittleEndian.Uint32(p.Raw[8:]); owner != x11.None {
				owned = time.Now()
				w.asked.Store(true)
				next = w.convert()
			}
		case p.IsEvent() && p.EventCode() == x11.EventSelectionNotify:
			if p.SelectionNotify().Property != x11.None {
				next = x11.GetProperty(true, w.window, w.property, 0, 0, 1<<20)
			}
		}
		if next != nil {
			if _, err := w.conn.Write(next); err != nil {
				return
			}
		}
	}
}

func (w *clipboardWatch) convert() []byte {
	return x11.ConvertSelection(w.window, w.clipboard, w.utf8, w.property, x11.CurrentTime)
}

// askAgain is how long an answer may take. The clipboard library of kapu drops a question that comes while it is
// still making sure that the clipboard is its own, which one that comes at once sometimes is.
const askAgain = 50 * time.Millisecond

// next waits for the wanted text.
func (w *clipboardWatch) next(wanted string) (copied, error) {
	start := time.Now()
	for {
		select {
		case c, ok := <-w.copies:
			switch {
			case !ok:
				return copied{}, errors.New("the X server is gone")
			case c.text == wanted:
				w.before = wanted
				return c, nil
			case c.text != "" && c.text != w.before: // what was asked for twice comes twice
				return copied{}, errors.New("another code has arrived")
			}
		case <-time.After(askAgain):
			if time.Since(start) > 10*time.Second {
				return copied{}, errors.New("no code has arrived")
			}
			if !w.asked.Load() {
				continue
			}
			w.again++
			if _, err := w.conn.Write(w.convert()); err != nil {
				return copied{}, err
			}
		}
	}
}

// request makes a request of numbers only.
func request(opcode, minor byte, values ...uint32) []byte {
	b := []byte{opcode, minor, byte(1 + len(values)), 0}
	for _, v := range values {
		b = binary.LittleEndian.AppendUint32(b, v)
	}
	return b
}

func queryExtension(name string) []byte {
	b := []byte{opQueryExtension, 0, byte(2 + (len(name)+3)/4), 0, byte(len(name)), 0, 0, 0}
	b = append(b, name...)
	for len(b)%4 != 0 {
		b = append(b, 0)
	}
	return b
}
