package session

import (
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// remote is a folder like xrdp's, with real sockets in it.
type remote struct {
	t           *testing.T
	dir         string
	environment environment
	accepted    <-chan net.Conn
	conn        net.Conn // the client's
}

func startRemote(t *testing.T) *remote {
	dir := socketDir(t)
	r := &remote{t: t, dir: dir, environment: env("DISPLAY", ":9047.0", "XRDP_SESSION", "1")}
	r.environment.xrdp = []string{dir}
	r.accepted = server(t, filepath.Join(dir, "xrdp_chansrv_socket_9047"))
	return r
}

func (r *remote) connect() {
	r.t.Helper()
	conn, err := net.Dial("unix", filepath.Join(r.dir, "xrdp_chansrv_socket_9047"))
	if err != nil {
		r.t.Fatal(err)
	}
	r.conn = <-r.accepted
	conn.Close() // of the two ends, the accepting one is in the kernel's list with its name
	r.t.Cleanup(func() { r.conn.Close() })
}

func (r *remote) sound(number string) (remove func()) {
	r.t.Helper()
	path := filepath.Join(r.dir, "xrdp_chansrv_audio_out_socket_"+number)
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		r.t.Fatal(err)
	}
	return func() {
		if err := os.Remove(path); err != nil {
			r.t.Fatal(err)
		}
	}
}

func TestRemoteDisconnect(t *testing.T) {
	r := startRemote(t)
	r.connect()
	silence, others := r.sound("9047"), r.sound("9048")
	w := r.environment.start(t, Options{}, "xrdp").is(Working, "")
	if d := w.Sources()[0].Detail; d != "" {
		t.Errorf("polls: %s", d)
	}
	others()
	w.nothing()
	silence() // the sign comes before the fact
	time.Sleep(calm / 2)
	r.conn.Close()
	w.next(Disconnected)

	// The client comes back, and goes again. Who polled would find it out pollEvery after the coming back, each time; who
	// hears the event is slow only where the machine is.
	for try := 1; ; try++ {
		silence = r.sound("9047")
		r.connect()
		w.nothing()
		r.conn.Close()
		silence()
		gone := time.Now()
		w.next(Disconnected)
		took := time.Since(gone)
		if took <= pollEvery/2 {
			break
		}
		if try == 10 {
			t.Fatalf("took %s: there was an event", took)
		}
	}
}

// Without sound there is no event.
func TestRemoteDisconnectWithoutSound(t *testing.T) {
	if testing.Short() {
		t.Skip("takes 5 s")
	}
	r := startRemote(t)
	r.connect()
	w := r.environment.start(t, Options{}, "xrdp").is(Working, "")
	w.nothing()
	r.conn.Close()
	w.next(Disconnected)
}

func TestRemoteDisconnectedBefore(t *testing.T) {
	r := startRemote(t)
	r.environment.start(t, Options{}, "xrdp").is(Working, "").next(Disconnected)
}

func TestNotRemote(t *testing.T) {
	env("DISPLAY", ":9047").start(t, Options{}, "xrdp").is(Unavailable, NotRemote)
	env("XRDP_SESSION", "1").start(t, Options{}, "xrdp").is(Unavailable, NotRemote)

	// A socket of that name outside xrdp's folders was made by somebody else.
	r := startRemote(t)
	r.connect()
	r.environment.xrdp = []string{"/run/xrdp/sockdir"}
	r.environment.start(t, Options{}, "xrdp").is(Unavailable, NoSockets)
	r.environment.sockets = "/nowhere"
	r.environment.start(t, Options{}, "xrdp").is(Unavailable, Failed)
}
