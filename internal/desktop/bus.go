//go:build linux

package desktop

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/godbus/dbus/v5"
)

// busConfig has no service folders unless Options.Services asks for them: with them, the bus would start the machine's
// own keychain or notification service on the first call to one that this desktop was asked to lack.
const busConfig = `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <keep_umask/>
  <listen>unix:path=%s</listen>%s
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
  <limit name="max_incoming_bytes">1000000000</limit>
  <limit name="max_outgoing_bytes">1000000000</limit>
  <limit name="max_message_size">1000000000</limit>
  <limit name="max_match_rules_per_connection">50000</limit>
  <limit name="max_replies_per_connection">50000</limit>
</busconfig>
`

func (d *Desktop) startBus(ctx context.Context) error {
	// Where a real session has its bus, so that a program that looks there finds this one.
	socket := filepath.Join(d.runtime, "bus")
	config := filepath.Join(d.dir, "bus.conf")
	services := ""
	if d.opts.Services {
		services = "<standard_session_servicedirs/>"
	}
	if err := os.WriteFile(config, fmt.Appendf(nil, busConfig, socket, services), 0o600); err != nil {
		return fmt.Errorf("desktop: starting the session bus: %w", err)
	}
	ready, writer, err := os.Pipe()
	if err != nil {
		return fmt.Errorf("desktop: starting the session bus: %w", err)
	}
	defer ready.Close()
	cmd := d.Command(context.Background(), "dbus-daemon", "--config-file="+config, "--nofork", "--print-address=3")
	cmd.ExtraFiles = []*os.File{writer}
	p, err := d.Launch(cmd)
	writer.Close()
	if err != nil {
		return err
	}
	address, err := firstLine(ctx, ready)
	if err != nil {
		return fmt.Errorf("desktop: starting the session bus: %w\n%s", err, p.tail())
	}
	d.mu.Lock()
	d.address = address
	d.mu.Unlock()
	d.bus, err = d.Connect()
	return err
}

// firstLine reads one line from a pipe that a starting program answers on.
func firstLine(ctx context.Context, pipe *os.File) (string, error) {
	if deadline, ok := ctx.Deadline(); ok {
		if err := pipe.SetReadDeadline(deadline); err != nil {
			return "", err
		}
	}
	stop := context.AfterFunc(ctx, func() { pipe.SetReadDeadline(time.Now()) })
	defer stop()
	line, err := bufio.NewReader(pipe).ReadString('\n')
	return strings.TrimSpace(line), err
}

// HasName tells whether some program on the bus owns the name.
func (d *Desktop) HasName(name string) (bool, error) {
	return hasName(d.bus, name)
}

func hasName(conn *dbus.Conn, name string) (owned bool, err error) {
	err = conn.BusObject().Call("org.freedesktop.DBus.NameHasOwner", 0, name).Store(&owned)
	return owned, err
}

// owner is the unique name of the connection that owns the name.
func owner(conn *dbus.Conn, name string) (unique string, err error) {
	err = conn.BusObject().Call("org.freedesktop.DBus.GetNameOwner", 0, name).Store(&unique)
	return unique, err
}

// claim opens a connection that owns the name, which nobody else may own. From export on, the connection
// is in use: calls can arrive.
func (d *Desktop) claim(name string, export func(*dbus.Conn) error) error {
	conn, err := d.Connect()
	if err != nil {
		return err
	}
	err = export(conn)
	if err == nil {
		var reply dbus.RequestNameReply
		reply, err = conn.RequestName(name, dbus.NameFlagDoNotQueue)
		if err == nil && reply != dbus.RequestNameReplyPrimaryOwner {
			err = errors.New("the name is taken")
		}
	}
	if err != nil {
		conn.Close()
		return fmt.Errorf("desktop: serving %s: %w", name, err)
	}
	return nil
}

// unclaim gives the name back before it closes the connection, so that another can claim it at once.
func unclaim(conn *dbus.Conn, name string) {
	_, _ = conn.ReleaseName(name) // an error means that the bus is gone
	conn.Close()
}
