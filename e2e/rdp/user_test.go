//go:build linux

package rdp

import (
	"crypto/rand"
	mathrand "math/rand/v2"
	"os"
	"os/exec"
	osuser "os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"kapu/internal/wait"
)

// user is somebody of the machine, for the time of the test.
type user struct {
	name, password, home string
	uid, gid             uint32
}

const userStart = "kapu-rdp-"

// newUser makes a user with a password that nobody else ever sees.
func newUser(t *testing.T) *user {
	t.Helper()
	u := &user{name: userStart + strings.ToLower(rand.Text()[:8]), password: rand.Text()}
	t.Cleanup(func() { u.remove(t) }) // also of half a user
	run := func(stdin string, name string, args ...string) {
		t.Helper()
		cmd := exec.Command(name, args...)
		cmd.Stdin = strings.NewReader(stdin)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v: %s", name, err, out)
		}
	}
	// A number that nothing else has used: what belongs to it in shared folders is the test's, and is removed.
	number := 30000 + mathrand.IntN(20000)
	run("", "useradd", "--uid", strconv.Itoa(number), "--create-home", "--shell", "/bin/sh", u.name)
	run(u.name+":"+u.password+"\n", "chpasswd")
	if err := u.find(); err != nil {
		t.Fatal(err)
	}
	// Homes that the others can look into are usual; what holds here must hold by Kapu's own doing.
	if err := os.Chmod(u.home, 0o755); err != nil {
		t.Fatal(err)
	}
	return u
}

// find learns what the system made of the name.
func (u *user) find() error {
	known, err := osuser.Lookup(u.name)
	if err != nil {
		return err
	}
	uid, _ := strconv.ParseUint(known.Uid, 10, 32)
	gid, _ := strconv.ParseUint(known.Gid, 10, 32)
	u.uid, u.gid, u.home = uint32(uid), uint32(gid), known.HomeDir
	return nil
}

// removeLeftovers removes the users of a test that was killed.
func removeLeftovers(t *testing.T) {
	t.Helper()
	text, err := os.ReadFile("/etc/passwd")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		name, _, _ := strings.Cut(line, ":")
		u := &user{name: name}
		if strings.HasPrefix(name, userStart) && u.find() == nil {
			t.Logf("removing %s, of a test that was killed", name)
			u.remove(t)
		}
	}
}

func (u *user) credential() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{
		Credential: &syscall.Credential{Uid: u.uid, Gid: u.gid}, Setpgid: true, Pdeathsig: syscall.SIGKILL,
	}
}

// write puts a file into the user's home.
func (u *user) write(t *testing.T, name, text string, mode os.FileMode) string {
	t.Helper()
	path := filepath.Join(u.home, name)
	err := os.WriteFile(path, []byte(text), mode)
	if err == nil {
		err = os.Chown(path, int(u.uid), int(u.gid))
	}
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// processes are all that run as the user. Every one of them is the test's: the user is.
func (u *user) processes() []int {
	var pids []int
	entries, _ := os.ReadDir("/proc")
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil {
			continue
		}
		status, _ := os.ReadFile(filepath.Join("/proc", e.Name(), "status"))
		_, after, _ := strings.Cut(string(status), "\nUid:")
		if ids := strings.Fields(after); len(ids) > 0 && ids[0] == strconv.Itoa(int(u.uid)) && alive(pid) {
			pids = append(pids, pid)
		}
	}
	return pids
}

// remove ends what still runs as the user, and removes the user and what their programs left in shared folders.
func (u *user) remove(t *testing.T) {
	how := syscall.SIGTERM // an X server that is asked takes its socket with it
	for start := time.Now(); u.uid != 0 && time.Since(start) < wait.Hang; time.Sleep(20 * time.Millisecond) {
		left := u.processes()
		if len(left) == 0 {
			break
		}
		if time.Since(start) > 10*time.Second {
			how = syscall.SIGKILL
		}
		for _, pid := range left {
			_ = syscall.Kill(pid, how)
		}
	}
	for _, pattern := range []string{"/tmp/dbus-*", "/tmp/ssh-*", "/tmp/.X*-lock", "/tmp/.X11-unix/*", socketFolder + "/*"} {
		paths, _ := filepath.Glob(pattern)
		for _, path := range paths {
			if info, err := os.Lstat(path); err == nil && u.uid != 0 && info.Sys().(*syscall.Stat_t).Uid == u.uid {
				os.RemoveAll(path)
			}
		}
	}
	_ = unix.Unmount(filepath.Join(u.home, "thinclient_drives"), unix.MNT_DETACH) // xrdp's, where it can mount
	if out, err := exec.Command("userdel", "--remove", u.name).CombinedOutput(); err != nil {
		if _, gone := osuser.Lookup(u.name); gone == nil {
			t.Errorf("the user %s could not be removed: %v: %s", u.name, err, out)
		}
	}
}

// alive says whether a process still has memory. One that has ended and whose end nobody has asked for has none.
func alive(pid int) bool {
	stat, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "stat"))
	if pid == 0 || err != nil {
		return false
	}
	_, after, _ := strings.Cut(string(stat), ") ")
	return !strings.HasPrefix(after, "Z") && !strings.HasPrefix(after, "X")
}
