package servers

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"golang.org/x/sys/unix"
)

// folder marks the process in which a test has a network of its own, and says where it may keep things.
const folder = "KAPU_TEST_CLUSTER"

// InNetwork runs a test of the same package in a process that has a network and mounts of its own, and what else the
// flags say. Only root can do that; who is not is told so. The test asks Folder where it is.
func InNetwork(t *testing.T, test string, flags uintptr) {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("only root can make networks, so this is not tried")
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+test+"$", "-test.v")
	cmd.Env = append(os.Environ(), folder+"="+t.TempDir(), "GODEBUG=netdns=go")
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNS | syscall.CLONE_NEWNET | flags, Pdeathsig: syscall.SIGKILL}
	out, err := cmd.CombinedOutput()
	switch {
	case errors.Is(err, syscall.EPERM):
		t.Skipf("here no network can be made, so this is not tried: %v", err)
	case err != nil || !strings.Contains(string(out), "--- PASS: "+test+" "):
		t.Errorf("%v\n%s", err, out)
	default:
		t.Logf("%s", out)
	}
}

// Folder is where a test in its own network may keep things. A test that is not in one is skipped: another runs it.
func Folder(t *testing.T) string {
	t.Helper()
	dir := os.Getenv(folder)
	if dir == "" {
		t.Skip("another test runs this")
	}
	return dir
}

// Endpoint is where a client finds the cluster: each machine has its own address and all have one name, as in an
// office's DNS.
const Endpoint = "https://cluster.test:9000"

// here is this machine's address in the cluster's network.
const here = "10.99.0.254/24"

// Cluster is four machines that keep every object in four pieces, of which any three will do for writing. It has a
// bucket "office".
type Cluster struct {
	// Certificate is the file that says whom to trust. The process that started the cluster does.
	Certificate string
	nodes       []*os.Process
}

// Kill ends a machine, the first being 1, and waits until nobody answers there.
func (c *Cluster) Kill(t testing.TB, n int) {
	t.Helper()
	check(t, c.nodes[n-1].Kill())
	address := fmt.Sprintf("10.99.0.%d:9000", n)
	Await(t, "the end of "+address, func() bool { _, err := net.Dial("tcp", address); return err != nil })
}

// Leave takes this machine out of the cluster's network, and Return brings it back.
func (c *Cluster) Leave(t testing.TB)  { ip(t, "addr del "+here+" dev br0") }
func (c *Cluster) Return(t testing.TB) { ip(t, "addr add "+here+" dev br0") }

func ip(t testing.TB, line string) {
	t.Helper()
	if out, err := exec.Command("ip", strings.Fields(line)...).CombinedOutput(); err != nil {
		t.Fatalf("ip %s: %v\n%s", line, err, out)
	}
}

// StartCluster starts one in the network of InNetwork. It ends with the test.
func StartCluster(t *testing.T, dir string) *Cluster {
	t.Helper()
	check(t, unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""))
	check(t, os.MkdirAll("/run/netns", 0o755))
	check(t, unix.Mount("kapu-test", "/run/netns", "tmpfs", 0, ""))
	c := &Cluster{}
	ip(t, "link set lo up")
	ip(t, "link add br0 type bridge")
	ip(t, "addr add "+here+" dev br0")
	ip(t, "link set br0 up")
	var hosts, places strings.Builder
	certs := filepath.Join(dir, "certs")
	for n := 1; n <= 4; n++ {
		ip(t, fmt.Sprintf("netns add n%d", n))
		ip(t, fmt.Sprintf("link add v%d type veth peer name eth0 netns n%d", n, n))
		ip(t, fmt.Sprintf("link set v%d master br0 up", n))
		ip(t, fmt.Sprintf("-n n%d addr add 10.99.0.%d/24 dev eth0", n, n))
		ip(t, fmt.Sprintf("-n n%d link set eth0 up", n))
		ip(t, fmt.Sprintf("-n n%d link set lo up", n))
		fmt.Fprintf(&hosts, "10.99.0.%d cluster.test\n", n)
		fmt.Fprintf(&places, " https://10.99.0.%d:9000%s/%d", n, dir, n)
		check(t, os.Mkdir(filepath.Join(dir, fmt.Sprint(n)), 0o700))
	}
	writeCertificate(t, certs)
	c.Certificate = filepath.Join(certs, "public.crt")
	t.Setenv("SSL_CERT_FILE", c.Certificate)
	check(t, os.WriteFile(filepath.Join(dir, "hosts"), []byte(hosts.String()), 0o644))
	check(t, unix.Mount(filepath.Join(dir, "hosts"), "/etc/hosts", "", unix.MS_BIND, ""))
	for n := 1; n <= 4; n++ {
		arguments := fmt.Sprintf("netns exec n%d %s server --certs-dir %s --address 10.99.0.%d:9000%s", n, Program(t, "minio"), certs, n, places.String())
		cmd := exec.Command("ip", strings.Fields(arguments)...)
		cmd.Env = append(os.Environ(), "MINIO_ROOT_USER="+Access, "MINIO_ROOT_PASSWORD="+Secret, "MINIO_CI_CD=1", "MINIO_BROWSER=off", "MINIO_UPDATE=off")
		c.nodes = append(c.nodes, Start(t, cmd, filepath.Join(dir, fmt.Sprintf("%d.log", n))))
	}
	Await(t, "the cluster", func() bool { return makeBucket(t) == nil })
	return c
}

// makeBucket makes the bucket "office".
func makeBucket(t *testing.T) error {
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPut, Endpoint+"/office", nil)
	check(t, err)
	nothing := fmt.Sprintf("%x", sha256.Sum256(nil))
	request.Header.Set("X-Amz-Content-Sha256", nothing)
	credentials := aws.Credentials{AccessKeyID: Access, SecretAccessKey: Secret}
	check(t, v4.NewSigner().SignHTTP(t.Context(), credentials, request, nothing, "s3", "us-east-1", time.Now()))
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return errors.New(answer.Status)
	}
	return nil
}

// writeCertificate makes the certificate of all the machines, which they and the client trust.
func writeCertificate(t *testing.T, dir string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	check(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), DNSNames: []string{"cluster.test"},
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
	}
	for n := byte(1); n <= 4; n++ {
		template.IPAddresses = append(template.IPAddresses, net.IPv4(10, 99, 0, n))
	}
	signed, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	check(t, err)
	private, err := x509.MarshalPKCS8PrivateKey(key)
	check(t, err)
	public := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: signed})
	check(t, os.MkdirAll(filepath.Join(dir, "CAs"), 0o700))
	check(t, os.WriteFile(filepath.Join(dir, "public.crt"), public, 0o600))
	check(t, os.WriteFile(filepath.Join(dir, "CAs", "public.crt"), public, 0o600))
	check(t, os.WriteFile(filepath.Join(dir, "private.key"),
		pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}), 0o600))
}
