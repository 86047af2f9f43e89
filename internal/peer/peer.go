// Package peer tells whose program is at the other end of a connection on the loopback interface, which all users of a
// machine share, and admits those of this user alone.
//
//	peer.go            Own: the listener that refuses others' connections before a byte of them is read
//	diag_linux.go      the holder of one connection, asked of the kernel (SOCK_DIAG)
//	holders_linux.go    that, or the kernel's table where it is refused
//	holders_windows.go  the system's table of connections, and the users of its processes
//	holders_other.go    where nothing tells
//	rest.go            the rate limit of reading a table
//
// Its promise: accepting never waits for the question whose a connection is, so that a flood of others' connections
// does not fill the kernel's queue (backlog), in which the person's own have to stand too. What cannot be found out is
// not ours. Where the system cannot tell at all, everybody is admitted, and only what they say decides.
package peer

import (
	"errors"
	"net"
	"net/netip"
	"sync"
	"time"
)

// ends are the two addresses of an accepted connection.
type ends struct{ them, us netip.AddrPort }

// holders says of each connection whether it is this user's.
type holders func([]ends) []bool

const (
	// maxWaiting bounds the connections whose holder is not known yet, and with them the open files. One question takes
	// some 10 µs, one reading of a table some 100 ms at worst; a connection that finds no room is refused.
	maxWaiting = 1024
	// retryTime is the pause after an accept that failed for the moment (no more files, or a deadline).
	retryTime = 5 * time.Millisecond
)

// listener passes on the connections of this user.
type listener struct {
	net.Listener
	waiting chan net.Conn // accepted, not yet known whose
	ours    chan net.Conn
	closed  chan struct{}
	close   func() error
}

// Own returns a listener that passes on only what this user's programs open; others' connections are reset at once. It
// accepts from now on. Where the system does not tell whose a connection is, it is l itself.
func Own(l net.Listener) net.Listener { return own(l, newHolders) }

func own(l net.Listener, tell func(net.Addr) holders) net.Listener {
	find := tell(l.Addr())
	if find == nil {
		return l
	}
	o := &listener{
		Listener: l, waiting: make(chan net.Conn, maxWaiting), ours: make(chan net.Conn), closed: make(chan struct{}),
	}
	o.close = sync.OnceValue(func() error {
		close(o.closed)
		return l.Close()
	})
	go o.accept()
	go o.sort(find)
	return o
}

func (l *listener) Accept() (net.Conn, error) {
	select {
	case c := <-l.ours:
		return c, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l *listener) Close() error { return l.close() }

// accept empties the kernel's queue as fast as it fills.
func (l *listener) accept() {
	defer close(l.waiting)
	for {
		c, err := l.Listener.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			select {
			case <-time.After(retryTime):
				continue
			case <-l.closed:
				return
			}
		}
		select {
		case l.waiting <- c:
		default:
			reset(c)
		}
	}
}

// sort refuses what is not ours. All that have come meanwhile are asked for together, so that one reading of a table
// answers for many.
func (l *listener) sort(find holders) {
	for first := range l.waiting {
		batch := []net.Conn{first}
		for len(l.waiting) > 0 && len(batch) < maxWaiting {
			batch = append(batch, <-l.waiting)
		}
		asked := make([]ends, len(batch))
		for i, c := range batch {
			asked[i] = ends{addrPort(c.RemoteAddr()), addrPort(c.LocalAddr())}
		}
		for i, ours := range find(asked) {
			if !ours {
				reset(batch[i])
				continue
			}
			select {
			case l.ours <- batch[i]:
			case <-l.closed:
				batch[i].Close()
			}
		}
	}
}

func addrPort(a net.Addr) netip.AddrPort {
	tcp, ok := a.(*net.TCPAddr)
	if !ok {
		return netip.AddrPort{}
	}
	at := tcp.AddrPort()
	return netip.AddrPortFrom(at.Addr().Unmap().WithZone(""), at.Port())
}

// reset ends a connection by RST: no state stays in the kernel (TIME_WAIT), at neither end. A flood that left its
// connections there would take up the ports from which the person's own can begin.
func reset(c net.Conn) {
	if tcp, ok := c.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	c.Close()
}
