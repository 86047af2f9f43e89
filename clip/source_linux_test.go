package clip

import (
	"encoding/binary"
	"io"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"kapu/internal/wait"
	"kapu/internal/wayland"
)

// Who asks at the moment in which the text is cleared asks the source of before. Their file is not given to whoever
// asks next, who would wait for ever.
func TestAskedForWhatWasReplaced(t *testing.T) {
	const before, now = 10, 11
	path := filepath.Join(t.TempDir(), "wayland")
	l, err := net.Listen("unix", path)
	must(t, err)
	defer l.Close()
	compositor := make(chan *net.UnixConn, 1)
	go func() {
		c, err := l.Accept()
		if err == nil {
			const ready = 3
			_, _ = c.Write(event(ready, []byte{0, 0, 0, 0}))
			compositor <- c.(*net.UnixConn)
		}
	}()
	c, err := wayland.Dial(path, time.Minute)
	must(t, err)
	defer c.Close()
	server := wait.For(t, "the compositor", compositor)
	defer server.Close()

	o := &source{device: &device{Conn: c}, id: now, before: before, text: []byte("új")}
	var asked []*os.File
	for _, id := range []uint32{before, now} {
		r, w, err := os.Pipe()
		must(t, err)
		defer r.Close()
		asked = append(asked, r)
		_, _, err = server.WriteMsgUnix(event(id, []byte("\x05\x00\x00\x00TEXT\x00\x00\x00\x00")), unix.UnixRights(int(w.Fd())), nil)
		must(t, err)
		w.Close()
		e, err := o.next()
		must(t, err)
		o.handle(e)
	}
	for i, r := range asked {
		given := make(chan string, 1)
		go func() {
			text, _ := io.ReadAll(r)
			given <- string(text)
		}()
		if got := wait.For(t, "the text", given); got != "új" {
			t.Errorf("%d: %q", i, got)
		}
	}
}

// event is a message of a compositor, whose opcode is 0.
func event(object uint32, args []byte) []byte {
	m := binary.NativeEndian.AppendUint32(nil, object)
	m = binary.NativeEndian.AppendUint32(m, uint32(8+len(args))<<16)
	return append(m, args...)
}
