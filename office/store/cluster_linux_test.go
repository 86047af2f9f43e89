package store_test

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"kapu/internal/servers"
	"kapu/office/store"
	"kapu/office/store/storetest"
)

// A gateway that keeps a bucket in a plain folder.
func TestVersityGateway(t *testing.T) {
	program := servers.Program(t, "versitygw")
	dir, port := t.TempDir(), servers.FreePort(t)
	check(t, os.Mkdir(filepath.Join(dir, "office"), 0o700))
	cmd := exec.Command(program, "--port", port, "posix", dir)
	cmd.Env = append(os.Environ(), "ROOT_ACCESS_KEY="+servers.Access, "ROOT_SECRET_KEY="+servers.Secret)
	servers.Start(t, cmd, filepath.Join(t.TempDir(), "log"))
	servers.Await(t, "the gateway", func() bool {
		conn, err := net.Dial("tcp", port)
		if err == nil {
			conn.Close()
		}
		return err == nil
	})
	onServer(t, "http://"+port)
}

// onServer runs the suite in the bucket "office" of a server.
func onServer(t *testing.T, endpoint string) {
	n := 0
	storetest.Run(t, func(t *testing.T) store.Store {
		n++
		s := must(store.Open(fmt.Sprintf("s3://office/suite/%d?endpoint=%s", n, endpoint), testKeys))
		check(t, store.Prepare(t.Context(), s))
		return s
	})
}

// Four machines that keep every object in four pieces, of which any three will do for writing. Each has a network of
// its own; all of them end with the process that made them. Only root can do that.
func TestCluster(t *testing.T) {
	servers.Program(t, "minio")
	servers.InNetwork(t, "TestOnACluster", syscall.CLONE_NEWPID)
}

func TestOnACluster(t *testing.T) {
	cluster := servers.StartCluster(t, servers.Folder(t))
	onServer(t, servers.Endpoint)
	open := func() store.Store { return must(store.Open("s3://office/load?endpoint="+servers.Endpoint, testKeys)) }
	underLoad(t, open, func() { cluster.Kill(t, 2) })
	s := open()
	manyAtOnce(t, s)
	// With two dead nothing can be written, which is said; what was confirmed can still be read.
	cluster.Kill(t, 3)
	says(t, s.Put(t.Context(), "too/late", nil), "store-s3-busy")
	if _, err := s.Get(t.Context(), "accounts/0000/1"); err != nil {
		t.Error(err)
	}
}
