//go:build linux

package e2e

import (
	"bytes"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"kapu/internal/desktop/desktoptest"
	"kapu/internal/servers"
)

// The same office on an S3 cluster of four machines, one of which dies in the middle. `make test-cluster` runs it.
func TestOfficeOnACluster(t *testing.T) {
	servers.Program(t, "minio")
	desktoptest.Need(t, full)
	servers.InNetwork(t, "TestOfficeInItsNetwork", 0)
}

func TestOfficeInItsNetwork(t *testing.T) {
	cluster := servers.StartCluster(t, servers.Folder(t))
	live(t, site{
		address:  "s3://office/kis?endpoint=" + servers.Endpoint,
		keys:     servers.Access + "\n" + servers.Secret + "\n",
		env:      []string{"SSL_CERT_FILE=" + cluster.Certificate, "GODEBUG=netdns=go"},
		away:     func() { cluster.Leave(t) },
		back:     func() { cluster.Return(t) },
		accident: func() { cluster.Kill(t, 2) },
	})
}

// What `make bench` measures on a folder, measured on the cluster. `make bench-cluster` runs it.
func TestSpeedOnACluster(t *testing.T) {
	if os.Getenv("KAPU_CLUSTER_BENCH") == "" {
		t.Skip("it measures, and says nothing of right or wrong: make bench-cluster")
	}
	servers.Program(t, "minio")
	servers.InNetwork(t, "TestSpeedInItsNetwork", 0)
}

func TestSpeedInItsNetwork(t *testing.T) {
	cluster := servers.StartCluster(t, servers.Folder(t))
	for _, args := range [][]string{
		{"run", "kapu/tools/bench", "-only", "office"},
		{"test", "kapu/office", "-run", "^$", "-bench", "Office", "-benchtime", "1x"},
	} {
		cmd := exec.CommandContext(t.Context(), "go", args...)
		cmd.Env = append(os.Environ(), "KAPU_OFFICE_STORE=s3://office/PREFIX?endpoint="+servers.Endpoint,
			"AWS_ACCESS_KEY_ID="+servers.Access, "AWS_SECRET_ACCESS_KEY="+servers.Secret,
			"SSL_CERT_FILE="+cluster.Certificate, "GODEBUG=netdns=go")
		cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
		if err := cmd.Run(); err != nil {
			t.Fatal(err)
		}
	}
}

// changesStoreKeys gives other keys to the same store: wrong ones change nothing.
func (m *member) changesStoreKeys(s site) {
	m.t.Helper()
	change := []string{"office", "store", s.address, "--keys"}
	cmd := m.command(change...)
	cmd.Stdin = strings.NewReader("nobody\nnothing\n")
	if out, err := cmd.CombinedOutput(); err == nil || !bytes.Contains(out, []byte("nem ismeri ezeket a kulcsokat")) {
		m.t.Errorf("with wrong keys: %v\n%s", err, out)
	}
	m.kapu("office", "sync")
	m.says(s.keys, change...)
	m.kapu("office", "sync")
}

// keptStoreKeys looks where the secret of the store is: in the keychain and the agent's memory, and nowhere else.
func (m *member) keptStoreKeys(keys string) {
	m.t.Helper()
	_, secret, _ := strings.Cut(strings.TrimSpace(keys), "\n")
	for _, who := range inArguments(secret) {
		if !strings.Contains(who, "MINIO_") { // that is the servers'
			m.t.Errorf("the store's secret can be read in %s", who)
		}
	}
	everything := filepath.Dir(m.Home()) // its files, and what its programs have printed
	err := filepath.WalkDir(everything, func(path string, e fs.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() { // gone meanwhile, or a socket
			return nil
		}
		if data, _ := os.ReadFile(path); bytes.Contains(data, []byte(secret)) {
			m.t.Errorf("the store's secret lies in %s", path)
		}
		if e.Name() == "store-keys.age" {
			m.t.Errorf("the store's keys are in %s, not in the keychain", path)
		}
		return nil
	})
	m.must(err)
	if os.Geteuid() == 0 {
		agent := m.agentPID()
		for _, pid := range kapuProcesses(m.home()) {
			if found := search(m.t, pid, map[string][]byte{"the secret": []byte(secret)}); len(found) > 0 != (pid == agent) {
				m.t.Errorf("process %d, the agent being %d: %v", pid, agent, found)
			}
		}
	}
}
