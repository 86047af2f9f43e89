package store_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
	"golang.org/x/sys/unix"

	"kapu/office/store"
	"kapu/office/store/storetest"
)

// clusterFolder marks the process in which TestOnACluster runs, and says where.
const clusterFolder = "KAPU_TEST_CLUSTER"

// engine returns the path of a server that `make test-cluster` has built.
func engine(t *testing.T, name string) string {
	t.Helper()
	if os.Getenv("KAPU_CLUSTER_TESTS") != "1" {
		t.Skip("make test-cluster runs this")
	}
	return must(filepath.Abs("../../.tools/" + name))
}

// A gateway that keeps a bucket in a plain folder.
func TestVersityGateway(t *testing.T) {
	program := engine(t, "versitygw")
	dir, port := t.TempDir(), freePort(t)
	check(t, os.Mkdir(filepath.Join(dir, "office"), 0o700))
	cmd := exec.Command(program, "--port", port, "posix", dir)
	cmd.Env = append(os.Environ(), "ROOT_ACCESS_KEY=access", "ROOT_SECRET_KEY=secretsecret")
	start(t, cmd, filepath.Join(t.TempDir(), "log"))
	await(t, "the gateway", func() bool {
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
	engine(t, "minio")
	if os.Geteuid() != 0 {
		t.Skip("only root can make networks, so this is not tried")
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestOnACluster$", "-test.v")
	cmd.Env = append(os.Environ(), clusterFolder+"="+t.TempDir(), "GODEBUG=netdns=go")
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNS | syscall.CLONE_NEWNET | syscall.CLONE_NEWPID}
	out, err := cmd.CombinedOutput()
	switch {
	case errors.Is(err, syscall.EPERM):
		t.Skipf("here no network can be made, so this is not tried: %v", err)
	case err != nil || !strings.Contains(string(out), "--- PASS: TestOnACluster "):
		t.Errorf("%v\n%s", err, out)
	default:
		t.Logf("%s", out)
	}
}

func TestOnACluster(t *testing.T) {
	dir := os.Getenv(clusterFolder)
	if dir == "" {
		t.Skip("TestCluster runs this")
	}
	nodes := startCluster(t, dir)
	// Each machine has its own address and all have one name, as a client finds them in an office's DNS.
	const endpoint = "https://cluster.test:9000"
	onServer(t, endpoint)
	open := func() store.Store { return must(store.Open("s3://office/load?endpoint="+endpoint, testKeys)) }
	kill := func(n int) {
		check(t, nodes[n-1].Kill())
		address := fmt.Sprintf("10.99.0.%d:9000", n)
		await(t, "the end of "+address, func() bool { _, err := net.Dial("tcp", address); return err != nil })
	}
	underLoad(t, open, func() { kill(2) })
	s := open()
	manyAtOnce(t, s)
	// With two dead nothing can be written, which is said; what was confirmed can still be read.
	kill(3)
	says(t, s.Put(t.Context(), "too/late", nil), "store-s3-busy")
	if _, err := s.Get(t.Context(), "accounts/0000/1"); err != nil {
		t.Error(err)
	}
}

func startCluster(t *testing.T, dir string) (nodes []*os.Process) {
	t.Helper()
	check(t, unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""))
	check(t, os.MkdirAll("/run/netns", 0o755))
	check(t, unix.Mount("kapu-test", "/run/netns", "tmpfs", 0, ""))
	run := func(line string) {
		t.Helper()
		if out, err := exec.Command("ip", strings.Fields(line)...).CombinedOutput(); err != nil {
			t.Fatalf("ip %s: %v\n%s", line, err, out)
		}
	}
	run("link set lo up")
	run("link add br0 type bridge")
	run("addr add 10.99.0.254/24 dev br0")
	run("link set br0 up")
	var hosts, places strings.Builder
	certs := filepath.Join(dir, "certs")
	for n := 1; n <= 4; n++ {
		run(fmt.Sprintf("netns add n%d", n))
		run(fmt.Sprintf("link add v%d type veth peer name eth0 netns n%d", n, n))
		run(fmt.Sprintf("link set v%d master br0 up", n))
		run(fmt.Sprintf("-n n%d addr add 10.99.0.%d/24 dev eth0", n, n))
		run(fmt.Sprintf("-n n%d link set eth0 up", n))
		run(fmt.Sprintf("-n n%d link set lo up", n))
		fmt.Fprintf(&hosts, "10.99.0.%d cluster.test\n", n)
		fmt.Fprintf(&places, " https://10.99.0.%d:9000%s/%d", n, dir, n)
		check(t, os.Mkdir(filepath.Join(dir, fmt.Sprint(n)), 0o700))
	}
	writeCertificate(t, certs)
	t.Setenv("SSL_CERT_FILE", filepath.Join(certs, "public.crt"))
	check(t, os.WriteFile(filepath.Join(dir, "hosts"), []byte(hosts.String()), 0o644))
	check(t, unix.Mount(filepath.Join(dir, "hosts"), "/etc/hosts", "", unix.MS_BIND, ""))
	for n := 1; n <= 4; n++ {
		arguments := fmt.Sprintf("netns exec n%d %s server --certs-dir %s --address 10.99.0.%d:9000%s", n, engine(t, "minio"), certs, n, places.String())
		cmd := exec.Command("ip", strings.Fields(arguments)...)
		cmd.Env = append(os.Environ(), "MINIO_ROOT_USER=access", "MINIO_ROOT_PASSWORD=secretsecret", "MINIO_CI_CD=1", "MINIO_BROWSER=off", "MINIO_UPDATE=off")
		nodes = append(nodes, start(t, cmd, filepath.Join(dir, fmt.Sprintf("%d.log", n))))
	}
	client := must(minio.New("cluster.test:9000", &minio.Options{
		Creds: credentials.NewStaticV4("access", "secretsecret", ""), Secure: true,
	}))
	var err error
	await(t, "the cluster", func() bool {
		err = client.MakeBucket(t.Context(), "office", minio.MakeBucketOptions{})
		return err == nil
	})
	return nodes
}

// writeCertificate makes the certificate of all the machines, which they and the client trust.
func writeCertificate(t *testing.T, dir string) {
	t.Helper()
	key := must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), DNSNames: []string{"cluster.test"},
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
	}
	for n := byte(1); n <= 4; n++ {
		template.IPAddresses = append(template.IPAddresses, net.IPv4(10, 99, 0, n))
	}
	public := pem.EncodeToMemory(&pem.Block{
		Type: "CERTIFICATE", Bytes: must(x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)),
	})
	check(t, os.MkdirAll(filepath.Join(dir, "CAs"), 0o700))
	check(t, os.WriteFile(filepath.Join(dir, "public.crt"), public, 0o600))
	check(t, os.WriteFile(filepath.Join(dir, "CAs", "public.crt"), public, 0o600))
	check(t, os.WriteFile(filepath.Join(dir, "private.key"),
		pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: must(x509.MarshalPKCS8PrivateKey(key))}), 0o600))
}

// start starts a server that ends with the test.
func start(t *testing.T, cmd *exec.Cmd, log string) *os.Process {
	t.Helper()
	out := must(os.Create(log))
	defer out.Close()
	cmd.Stdout, cmd.Stderr = out, out
	check(t, cmd.Start())
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		if t.Failed() {
			said, _ := os.ReadFile(log)
			t.Logf("%s said:\n%s", filepath.Base(cmd.Path), said[max(0, len(said)-4000):])
		}
	})
	return cmd.Process
}

func await(t *testing.T, what string, is func() bool) {
	t.Helper()
	for begun := time.Now(); !is(); time.Sleep(50 * time.Millisecond) {
		if time.Since(begun) > time.Minute {
			t.Fatalf("%s does not come", what)
		}
	}
}

// freePort is an address on this machine where nobody listens.
func freePort(t *testing.T) string {
	t.Helper()
	l := must(net.Listen("tcp", "127.0.0.1:0"))
	defer l.Close()
	return l.Addr().String()
}
