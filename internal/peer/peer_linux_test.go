package peer

import (
	"errors"
	"io"
	"net"
	"net/netip"
	"syscall"
	"testing"
	"time"

	"kapu/internal/stranger"
	"kapu/internal/wait"
)

func listening(t *testing.T, network, address string) net.Listener {
	t.Helper()
	l, err := net.Listen(network, address)
	if err != nil {
		t.Skipf("%s: %v", network, err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}

// joined is a connection of this process to itself, with the addresses of its accepted end.
func joined(t *testing.T, l net.Listener, dial string) (them net.Conn, e ends) {
	t.Helper()
	them, err := net.Dial("tcp", dial)
	if err != nil {
		t.Fatal(err)
	}
	us, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { them.Close(); us.Close() })
	return them, ends{addrPort(us.RemoteAddr()), addrPort(us.LocalAddr())}
}

// The kernel and its table say the same: a connection of ours is ours by IPv4, by IPv6, and by a socket for IPv6 that
// holds an IPv4 connection; none is where nobody is, or nobody any more.
func TestHolders(t *testing.T) {
	four := listening(t, "tcp4", "127.0.0.1:0")
	six := listening(t, "tcp6", "[::1]:0")
	kernel := newHolders(four.Addr())
	if d, err := newDiag(); err != nil {
		t.Logf("the kernel is not asked here: %v", err)
	} else if _, err := d.ask(addrPort(four.Addr()), netip.MustParseAddrPort("0.0.0.0:0")); err != nil {
		t.Logf("the kernel does not answer here: %v", err)
	}
	_, plain := joined(t, four, four.Addr().String())
	_, sixth := joined(t, six, six.Addr().String())
	mapped := mappedConnection(t, four)
	gone, orphan := joined(t, four, four.Addr().String())
	gone.Close()
	nobody := ends{netip.MustParseAddrPort("127.0.0.1:1"), plain.us}
	listener := ends{addrPort(four.Addr()), plain.us} // there is a socket at that address, but not this connection
	asked := []ends{plain, sixth, mapped, orphan, nobody, listener}
	want := []bool{true, true, true, false, false, false}
	for name, find := range map[string]holders{"kernel": kernel, "table": byTable} {
		for i, got := range find(asked) {
			if got != want[i] {
				t.Errorf("%s: %v is ours: %v", name, asked[i], got)
			}
		}
	}
}

// mappedConnection is made by a socket for IPv6, as some programs do.
func mappedConnection(t *testing.T, l net.Listener) ends {
	t.Helper()
	s, err := syscall.Socket(syscall.AF_INET6, syscall.SOCK_STREAM, 0)
	if err != nil {
		t.Skip(err)
	}
	t.Cleanup(func() { syscall.Close(s) })
	to := &syscall.SockaddrInet6{Port: l.Addr().(*net.TCPAddr).Port, Addr: netip.MustParseAddr("::ffff:127.0.0.1").As16()}
	if err := syscall.Connect(s, to); err != nil {
		t.Fatal(err)
	}
	us, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { us.Close() })
	return ends{addrPort(us.RemoteAddr()), addrPort(us.LocalAddr())}
}

// A listener goes on when accepting fails for the moment, and ends with its Close.
func TestListener(t *testing.T) {
	inner := listening(t, "tcp4", "127.0.0.1:0").(*net.TCPListener)
	l := Own(inner)
	accept := func() {
		t.Helper()
		them, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer them.Close()
		us, err := l.Accept()
		if err != nil {
			t.Fatal(err)
		}
		us.Close()
	}
	accept()
	_ = inner.SetDeadline(time.Unix(1, 0))
	time.Sleep(3 * retryTime)
	_ = inner.SetDeadline(time.Time{})
	accept()
	l.Close()
	if _, err := l.Accept(); !errors.Is(err, net.ErrClosed) {
		t.Errorf("after its end: %v", err)
	}
	if err := l.Close(); err != nil {
		t.Errorf("closed again: %v", err)
	}
}

// Another user gets not one byte read, however many they come; whose they are is found out by the kernel and by its
// table alike.
func TestStrangers(t *testing.T) {
	program := stranger.Program(t)
	for name, find := range map[string]func(net.Addr) holders{
		"kernel": newHolders, "table": func(net.Addr) holders { return resting(byTable) },
	} {
		t.Run(name, func(t *testing.T) {
			l := own(listening(t, "tcp4", "127.0.0.1:0"), find)
			admitted := make(chan string, 1000)
			go func() {
				for {
					c, err := l.Accept()
					if err != nil {
						close(admitted)
						return
					}
					_ = c.SetReadDeadline(time.Now().Add(wait.Hang))
					said, _ := io.ReadAll(c)
					c.Close()
					admitted <- string(said)
				}
			}()
			const count, ours = 2000, 20
			flood := stranger.Flood(t, program, count, 5000, l.Addr().String())
			for range ours {
				c, err := net.Dial("tcp", l.Addr().String())
				if err != nil {
					t.Fatal(err)
				}
				_, _ = c.Write([]byte("ours"))
				_ = c.(*net.TCPConn).CloseWrite()
				if _, err := io.ReadAll(c); err != nil {
					t.Errorf("ours was refused: %v", err)
				}
				c.Close()
			}
			fate := flood.Fate(t)
			l.Close()
			heard := 0
			for said := range admitted {
				if heard++; said != "ours" {
					t.Errorf("admitted and heard: %q", said)
				}
			}
			if heard != ours {
				t.Errorf("%d of our %d were heard", heard, ours)
			}
			if fate.Opened == 0 || fate.Answered+fate.Kept > 0 {
				t.Errorf("%+v", fate)
			}
			t.Logf("%+v", fate)
		})
	}
}
