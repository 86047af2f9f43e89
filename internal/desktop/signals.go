//go:build linux

package desktop

import (
	"fmt"
	"maps"
	"sync"

	"github.com/godbus/dbus/v5"
)

// SignalCounter counts the signals that one connection sends on the session bus: the price, for every
// panel and extension that listens, of what a program changes in its menu.
type SignalCounter struct {
	conn   *dbus.Conn
	sender string

	mu     sync.Mutex
	counts map[string]int
}

// CountSignals counts from now on what the owner of the bus name sends.
func (d *Desktop) CountSignals(name string) (*SignalCounter, error) {
	unique, err := owner(d.bus, name)
	if err != nil {
		return nil, fmt.Errorf("desktop: counting the signals of %s: %w", name, err)
	}
	c := &SignalCounter{sender: unique, counts: map[string]int{}}
	c.conn, err = dbus.Connect(d.BusAddress(), dbus.WithSignalHandler(c))
	if err != nil {
		return nil, fmt.Errorf("desktop: counting the signals of %s: %w", name, err)
	}
	if err := c.conn.AddMatchSignal(dbus.WithMatchSender(unique)); err != nil {
		c.conn.Close()
		return nil, fmt.Errorf("desktop: counting the signals of %s: %w", name, err)
	}
	return c, nil
}

// CountSignals counts from now on what the icon's program sends.
func (t *Tray) CountSignals() (*SignalCounter, error) { return t.d.CountSignals(t.name) }

// DeliverSignal is called by the connection's reading loop for each signal. It counts right there, not
// behind a channel, so that a reply read later finds everything before it counted.
func (c *SignalCounter) DeliverSignal(_, _ string, signal *dbus.Signal) {
	if signal.Sender != c.sender {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.counts[signal.Name]++
}

// ByName is the count of each signal, by its full name, of all that the program sent before this call.
func (c *SignalCounter) ByName() (map[string]int, error) {
	// The bus keeps the order of what one program sends, and this program answers after its signals.
	if err := c.conn.Object(c.sender, "/").Call("org.freedesktop.DBus.Peer.Ping", 0).Err; err != nil {
		return nil, fmt.Errorf("desktop: counting signals: %w", err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return maps.Clone(c.counts), nil
}

// Total is how many signals the program sent before this call.
func (c *SignalCounter) Total() (int, error) {
	counts, err := c.ByName()
	total := 0
	for _, n := range counts {
		total += n
	}
	return total, err
}

// Reset begins again at zero, once what was sent before this call is counted.
func (c *SignalCounter) Reset() error {
	if _, err := c.ByName(); err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	clear(c.counts)
	return nil
}

// Stop stops counting.
func (c *SignalCounter) Stop() { c.conn.Close() }
