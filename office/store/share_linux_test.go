package store_test

import (
	"cmp"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"kapu/internal/need"
	"kapu/internal/servers"
	"kapu/internal/wait"
	"kapu/office/store"
	"kapu/office/store/storetest"
)

// share is one folder of a server that two machines have mounted.
type share struct {
	one, other string
	server     string // the folder itself, which no mount stands between
}

// SFTP as sshfs mounts it, with a server of the test's own. Such a server has one word for whatever fails, and sshfs
// remembers for 20 s what a folder holds.
func TestSSHFS(t *testing.T) {
	needMounts(t)
	need.Program(t, "sshfs", "sshfs")
	need.Program(t, "/usr/sbin/sshd", "openssh-server")
	servers.InNetwork(t, "TestOnSSHFS", syscall.CLONE_NEWPID)
}

func TestOnSSHFS(t *testing.T) {
	s := sshfs(t, privateMachine(t), "")
	onOneMount(t, s)
	onTwoMounts(t, s)
	raceOnShare(t, s, 100)
}

// needMounts skips the test where nothing can be mounted.
func needMounts(t *testing.T) {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("only root can mount a share of its own, so this is not tried")
	}
	if _, err := os.Stat("/dev/fuse"); err != nil {
		t.Skipf("here no share can be mounted, so this is not tried: %v", err)
	}
	need.Program(t, "fusermount3", "fuse3")
}

// privateMachine makes this process, which has a network and mounts of its own, a machine that servers can run on. It
// returns a folder.
func privateMachine(t *testing.T) string {
	t.Helper()
	dir := servers.Folder(t)
	check(t, unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""))
	check(t, unix.Mount("kapu-test", "/run", "tmpfs", 0, "mode=755"))
	check(t, unix.Mount("proc", "/proc", "proc", 0, "")) // of the processes that there are now
	socket := must(unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0))
	defer unix.Close(socket)
	up := struct {
		name  [unix.IFNAMSIZ]byte
		flags uint16
		_     [22]byte
	}{flags: unix.IFF_UP}
	copy(up.name[:], "lo")
	_, _, failed := unix.Syscall(unix.SYS_IOCTL, uintptr(socket), unix.SIOCSIFFLAGS, uintptr(unsafe.Pointer(&up)))
	if failed != 0 {
		t.Fatal(failed)
	}
	return dir
}

// sshfs mounts a folder twice from an sshd of its own, whose address may be another's that passes it on.
func sshfs(t *testing.T, dir, address string) share {
	t.Helper()
	s := share{one: dir + "/one", other: dir + "/other", server: dir + "/server"}
	for _, folder := range []string{s.one, s.other, s.server, "/run/sshd"} {
		check(t, os.MkdirAll(folder, 0o755))
	}
	run(t, "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", dir+"/host")
	run(t, "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", dir+"/person")
	const own = "127.0.0.1:22022"
	host, port, _ := net.SplitHostPort(own)
	check(t, os.WriteFile(dir+"/sshd_config", []byte(strings.Join([]string{
		"Port " + port, "ListenAddress " + host, "HostKey " + dir + "/host", "PidFile none", "StrictModes no", "UsePAM no",
		"AuthorizedKeysFile " + dir + "/person.pub", "PermitRootLogin yes", "PasswordAuthentication no",
		"Subsystem sftp internal-sftp",
	}, "\n")), 0o600))
	start(t, dir, "/usr/sbin/sshd", "-D", "-e", "-f", dir+"/sshd_config")
	awaitServer(t, own)
	_, port, _ = net.SplitHostPort(cmp.Or(address, own))
	for _, mount := range []string{s.one, s.other} {
		run(t, "sshfs", "-p", port, "-o", "StrictHostKeyChecking=no,UserKnownHostsFile=/dev/null,IdentityFile="+dir+"/person",
			"root@"+host+":"+s.server, mount)
		unmountLater(t, mount)
	}
	return s
}

func run(t *testing.T, name string, arguments ...string) {
	t.Helper()
	if out, err := exec.Command(name, arguments...).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
}

// start starts a server that ends with the test.
func start(t *testing.T, dir string, name string, arguments ...string) {
	t.Helper()
	log := must(os.CreateTemp(dir, "log"))
	log.Close()
	cmd := exec.Command(name, arguments...)
	cmd.Env = append(os.Environ(), "HOME="+dir)
	servers.Start(t, cmd, log.Name())
}

func awaitServer(t *testing.T, address string) {
	t.Helper()
	wait.Until(t, "a server at "+address, func() bool {
		conn, err := net.Dial("tcp", address)
		if err == nil {
			conn.Close()
		}
		return err == nil
	})
}

// unmountLater unmounts by the system alone: a helper such as davfs2's waits for a process that nobody here reaps.
func unmountLater(t *testing.T, mount string) {
	t.Cleanup(func() {
		if err := unix.Unmount(mount, 0); err != nil {
			_ = unix.Unmount(mount, unix.MNT_DETACH)
		}
	})
}

// offices numbers the folders of a share, one for each office.
var offices int

// office makes a folder on a share and prepares it. The other machine sees it when it looks for the first time.
func (s share) office(t *testing.T) (one, other store.Store, name string) {
	t.Helper()
	offices++
	name = fmt.Sprint("office", offices)
	check(t, os.Mkdir(filepath.Join(s.one, name), 0o777))
	one = must(store.Open(filepath.Join(s.one, name), nil))
	check(t, store.Prepare(t.Context(), one))
	wait.Until(t, "the folder on the other machine", func() bool {
		_, err := os.Stat(filepath.Join(s.other, name, "KAPU.txt"))
		return err == nil
	})
	return one, must(store.Open(filepath.Join(s.other, name), nil)), name
}

func onOneMount(t *testing.T, s share) {
	t.Run("one mount", func(t *testing.T) {
		storetest.Run(t, func(t *testing.T) store.Store { one, _, _ := s.office(t); return one })
	})
}

func onTwoMounts(t *testing.T, s share) {
	t.Run("two mounts", func(t *testing.T) {
		storetest.Run(t, func(t *testing.T) store.Store { one, other, _ := s.office(t); return &both{one, other} })
		one, other, _ := s.office(t)
		for n := range 5 {
			storetest.Race(t, fmt.Sprint("roster/", n), one, other)
		}
	})
}

// raceOnShare has two machines want a name at once. One is told yes, the other that it is taken, and what the server
// has in the end is what was confirmed.
func raceOnShare(t *testing.T, s share, rounds int) {
	t.Run("races", func(t *testing.T) {
		one, other, office := s.office(t)
		raceStores(t, s, office, rounds, one, other)
	})
}

func raceStores(t *testing.T, s share, office string, rounds int, stores ...store.Store) {
	t.Helper()
	outcomes, winners := map[string]int{}, map[string]string{}
	for n := range rounds {
		name := fmt.Sprint("roster/", n)
		errs := race(t, name, n, stores...)
		outcomes[fmt.Sprintf("%v, %v", errs[0], errs[1])]++
		winner := 0
		if errs[0] != nil {
			winner = 1
		}
		winners[name] = fmt.Sprintf("%d wants %s", winner, name)
		if errs[winner] != nil || !errors.Is(errs[1-winner], store.ErrExists) {
			t.Errorf("%s: %v, %v", name, errs[0], errs[1])
		}
	}
	t.Log(outcomes)
	for name, want := range winners {
		path := filepath.Join(s.server, office, name)
		wait.Until(t, path, func() bool { // some mounts write seconds later
			file, err := os.ReadFile(path)
			return err == nil && len(file) > 0
		})
		if file := must(os.ReadFile(path)); !strings.HasSuffix(string(file), want) {
			t.Errorf("%s: the server has %q, not %q", name, file, want)
		}
	}
}

// race has two stores put different bytes at once. The round says which is how much later than the other: what takes
// long can meet in many ways.
func race(t *testing.T, name string, round int, stores ...store.Store) (errs [2]error) {
	t.Helper()
	var all sync.WaitGroup
	begin := make(chan struct{})
	for i, s := range stores {
		all.Go(func() {
			<-begin
			if i == round%2 {
				time.Sleep(time.Duration(round/2%20) * 100 * time.Microsecond)
			}
			errs[i] = s.Put(t.Context(), name, fmt.Appendf(nil, "%d wants %s", i, name))
		})
	}
	close(begin)
	all.Wait()
	return errs
}
