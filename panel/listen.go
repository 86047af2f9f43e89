package panel

import (
	"crypto/rand"
	"io"
	"log"
	"net"
	"strconv"
	"strings"
)

// newHost makes the name by which a browser reaches the page. Browsers take every name under localhost for this
// machine without asking anybody. It is new for each agent, because cookies know no ports: under 127.0.0.1 they would
// go to whatever another user's program serves there.
func newHost(port int) string {
	return "kapu-" + strings.ToLower(rand.Text()) + ".localhost:" + strconv.Itoa(port)
}

// listen opens a port on the loopback interface. For a name under localhost a browser may try IPv6 or IPv4 first, so
// both have to be ours: what is left open another user could take.
func listen() (listeners []net.Listener, port int, err error) {
	six := func(port int) (net.Listener, error) {
		return net.Listen("tcp6", net.JoinHostPort("::1", strconv.Itoa(port)))
	}
	probe, err := six(0)
	if err == nil {
		probe.Close()
	}
	haveSix := err == nil
	for range 100 {
		four, err := net.Listen("tcp4", "127.0.0.1:0")
		if err != nil {
			return nil, 0, err
		}
		port = four.Addr().(*net.TCPAddr).Port
		if !haveSix {
			return []net.Listener{four}, port, nil
		}
		l, err := six(port)
		if err == nil {
			return []net.Listener{four, l}, port, nil
		}
		four.Close() // somebody has the other half of this port
	}
	return nil, 0, err
}

// silent keeps the server's own complaints to itself: what strangers send is no news, and nobody reads them.
var silent = log.New(io.Discard, "", 0)
