package panel

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"

	"kapu/internal/process"
)

// A process inherits the sockets of another, on every system: it answers where that one has listened, and nobody else
// can listen there meanwhile.
func TestInherit(t *testing.T) {
	if os.Getenv("KAPU_INHERIT_TEST") != "" {
		_, at, err := inherit(t.Context(), os.Stdin)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Println("ready")
		c, err := at.listeners[0].Accept()
		if err == nil {
			_, err = io.WriteString(c, at.host)
			c.Close()
		}
		if err != nil {
			t.Fatal(err)
		}
		return
	}
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	waiting := make(chan error)
	go func() {
		_, err := l.Accept() // as a server does
		waiting <- err
	}()
	f, err := share(l.(*net.TCPListener))
	if !standsBy && <-waiting == nil {
		t.Error("somebody came in meanwhile")
	}
	if err != nil && runtime.GOOS == "windows" && strings.Contains(err.Error(), "Invalid function") {
		t.Skip("Wine does not let go of a socket")
	}
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(os.Args[0], "-test.run=^TestInherit$")
	cmd.Env = append(os.Environ(), "KAPU_INHERIT_TEST=1")
	cmd.SysProcAttr = process.Detached()
	will := inheritance{Host: "kapu-x.localhost:1", Windows: true}
	if will.Sockets, err = pass(cmd, []*os.File{f}); err != nil {
		t.Fatal(err)
	}
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err == nil {
		err = json.NewEncoder(in).Encode(will)
	}
	if err != nil {
		t.Fatal(err)
	}
	in.Close()
	f.Close()
	l.Close()
	if standsBy && <-waiting == nil {
		t.Error("somebody came in meanwhile")
	}
	var ready string
	if _, err := fmt.Fscan(out, &ready); err != nil || ready != "ready" {
		t.Fatalf("%q, %v", ready, err)
	}
	if thief, err := net.Listen("tcp4", l.Addr().String()); err == nil {
		thief.Close()
		t.Error("somebody else can listen there")
	}
	c, err := net.Dial("tcp4", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	if said, err := io.ReadAll(c); err != nil || string(said) != will.Host {
		t.Errorf("the heir says %q, %v", said, err)
	}
	if err := cmd.Wait(); err != nil {
		t.Error(err)
	}
}
