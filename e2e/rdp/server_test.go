//go:build linux

package rdp

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kapu/internal/desktop"
)

const socketFolder = "/run/xrdp/sockdir"

// server is xrdp, with settings of its own.
type server struct {
	address string
}

// startServer runs xrdp and its session manager, reachable from this machine only.
func (o *office) startServer() *server {
	o.t.Helper()
	makeSocketFolder(o.t)
	dir := o.t.TempDir()
	s := &server{address: freeAddress(o.t)}
	sesman := settings(o.t, dir, "sesman.ini", map[string]string{
		"Globals/ListenAddress": "127.0.0.1", "Sessions/Policy": "UBD", // a session for each size of the screen
		"Logging/LogFile": filepath.Join(dir, "sesman.log"), "Logging/EnableSyslog": "false",
	})
	xrdp := settings(o.t, dir, "xrdp.ini", map[string]string{
		"Globals/port": "tcp://" + s.address, "Globals/fork": "false", "Globals/security_layer": "tls",
		"Logging/LogFile": filepath.Join(dir, "xrdp.log"), "Logging/EnableSyslog": "false",
	})
	o.t.Cleanup(func() {
		if o.t.Failed() {
			for _, name := range []string{"sesman.log", "xrdp.log"} {
				text, _ := os.ReadFile(filepath.Join(dir, name))
				o.t.Logf("%s:\n%s", name, text)
			}
		}
	})
	o.launch("xrdp-sesman", "-n", "-c", sesman)
	o.wait("the session manager", sesmanListens)
	o.launch("xrdp", "-n", "-c", xrdp)
	o.wait("xrdp", func() bool { return listens(s.address) })
	return s
}

func (o *office) launch(name string, args ...string) *desktop.Process {
	o.t.Helper()
	p, err := o.Launch(o.Command(context.Background(), name, args...))
	o.must(err)
	return p
}

// settings makes a copy of the machine's own settings with some values changed ("Section/Key").
func settings(t *testing.T, dir, name string, values map[string]string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("/etc/xrdp", name))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	section := ""
	for line := range strings.Lines(string(text)) {
		if strings.HasPrefix(line, "[") {
			section = strings.Trim(strings.TrimSpace(line), "[]")
		}
		key, _, _ := strings.Cut(line, "=")
		if value, ok := values[section+"/"+key]; ok {
			line = fmt.Sprintf("%s=%s\n", key, value)
			delete(values, section+"/"+key)
		}
		b.WriteString(line)
	}
	if len(values) > 0 {
		t.Fatalf("/etc/xrdp/%s has no %v: another version of xrdp?", name, values)
	}
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// makeSocketFolder makes what the system's service would have made; what was not there before is removed.
func makeSocketFolder(t *testing.T) {
	t.Helper()
	if _, err := os.Stat("/run/xrdp"); os.IsNotExist(err) {
		t.Cleanup(func() { os.RemoveAll("/run/xrdp") })
	}
	err := os.MkdirAll(socketFolder, 0o755)
	if err == nil {
		// The session's own helpers run as its user and put their sockets there.
		err = os.Chmod(socketFolder, 0o777|os.ModeSticky)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// sesmanListens tells whether a session manager runs. Its port must stay: xrdp reads it from the machine's own
// settings, whatever settings it is given. Some versions listen on ::1 though the settings say 127.0.0.1.
func sesmanListens() bool { return listens("127.0.0.1:3350") || listens("[::1]:3350") }

func listens(address string) bool {
	conn, err := net.DialTimeout("tcp", address, time.Second)
	if err != nil {
		return false
	}
	conn.Close()
	return true
}
