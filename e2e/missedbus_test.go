//go:build linux

package e2e

import (
	"io"
	"net"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"kapu/internal/desktop"
)

// The bus turns the first two connections away, the command's and the agent's, as a busy one has been seen to. The
// keychain's library asks but once; a process that begins anew asks again.
func TestABusThatIsBusyAtFirst(t *testing.T) {
	p := at(t, desktop.Options{Keyring: true})
	real, ok := strings.CutPrefix(strings.Split(p.BusAddress(), ",")[0], "unix:path=")
	if !ok {
		t.Fatalf("the bus is at %s", p.BusAddress())
	}
	busy := filepath.Join(t.TempDir(), "bus")
	l, err := net.Listen("unix", busy)
	p.must(err)
	defer l.Close()
	var turned atomic.Int32
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			if turned.Add(1) <= 2 {
				c.Close()
				continue
			}
			bus, err := net.Dial("unix", real)
			if err != nil {
				c.Close()
				continue
			}
			go func() { _, _ = io.Copy(bus, c); bus.Close() }()
			go func() { _, _ = io.Copy(c, bus); c.Close() }()
		}
	}()
	p.env = append(p.env, "DBUS_SESSION_BUS_ADDRESS=unix:path="+busy)
	if out := p.kapu("unlock"); out != "" {
		t.Logf("it says %q", out)
	}
	if turned.Load() < 3 {
		t.Fatal("the bus was not asked")
	}
	p.kapu("list")
}
