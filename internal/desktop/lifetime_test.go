//go:build linux

package desktop_test

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"kapu/internal/desktop"
	"kapu/internal/desktop/desktoptest"
	"kapu/internal/wait"
)

// everything is a desktop with all its parts.
var everything = desktop.Options{Panel: desktop.Xfce, Keyring: true, Notifications: true}

// descendants lists the processes below this one that are alive, by number, with their names.
func descendants(t *testing.T, pid int) map[int]string {
	t.Helper()
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		t.Fatal(err)
	}
	parent, name := map[int]int{}, map[int]string{}
	for _, path := range stats {
		text, err := os.ReadFile(path)
		if err != nil {
			continue // it has ended
		}
		// 17 (a (name)) S 1 …
		end := strings.LastIndexByte(string(text), ')')
		start := strings.IndexByte(string(text), '(')
		fields := strings.Fields(string(text[end+1:]))
		if fields[0] == "Z" {
			continue
		}
		id, _ := strconv.Atoi(filepath.Base(filepath.Dir(path)))
		parent[id], _ = strconv.Atoi(fields[1])
		name[id] = string(text[start+1 : end])
	}
	found := map[int]string{}
	for id := range name {
		for p := parent[id]; p > 1; p = parent[p] {
			if p == pid {
				found[id] = name[id]
				break
			}
		}
	}
	return found
}

func alive(processes map[int]string) (left []string) {
	for pid, name := range processes {
		if syscall.Kill(pid, 0) == nil {
			left = append(left, fmt.Sprint(pid, " ", name))
		}
	}
	return left
}

func waitDead(t *testing.T, processes map[int]string) {
	t.Helper()
	if len(processes) < 7 {
		t.Errorf("the desktop ran only %v", processes)
	}
	wait.Until(t, "the desktop's processes to end", func() bool { return len(alive(processes)) == 0 })
}

func TestNothingIsLeftWhenTheProgramIsKilled(t *testing.T) {
	t.Parallel()
	desktoptest.Need(t, everything)
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir, err := os.MkdirTemp("/tmp", "kapu-") // short, or it would leave a second folder for its sockets
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	cmd := exec.Command(exe)
	cmd.Env = append(os.Environ(), "DESKTOP_TEST_DESKTOP="+dir)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil || line != "ready\n" {
		t.Fatalf("the desktop program said %q, %v", line, err)
	}
	processes := descendants(t, cmd.Process.Pid)
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // it was killed
	waitDead(t, processes)
}

func TestStopLeavesNothing(t *testing.T) {
	desktoptest.Need(t, everything)
	before := descendants(t, os.Getpid())
	d := desktoptest.Start(t, everything)
	startTray(t, d)
	mine := descendants(t, os.Getpid())
	for pid := range before {
		delete(mine, pid)
	}
	home := d.Home()
	d.Stop()
	waitDead(t, mine)
	if _, err := os.Stat(home); !os.IsNotExist(err) {
		t.Errorf("the home is still there: %v", err)
	}
}

func TestTwoDesktopsAtOnce(t *testing.T) {
	t.Parallel()
	one := desktoptest.Start(t, desktop.Options{Panel: desktop.Xfce})
	two := desktoptest.Start(t, desktop.Options{Display: true})
	if one.Display() == two.Display() || one.BusAddress() == two.BusAddress() {
		t.Errorf("they share %s, %s", one.Display(), one.BusAddress())
	}
	p, _ := startTray(t, one)
	if _, err := two.Tray(p.Pid()); err == nil {
		t.Error("the second desktop sees the tray icon of the first")
	}
}

func TestTheMachinesServicesAreNotStarted(t *testing.T) {
	t.Parallel()
	d := desktoptest.Start(t, desktop.Options{})
	conn, err := d.Connect()
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	err = conn.Object("org.freedesktop.secrets", "/org/freedesktop/secrets").Call("org.freedesktop.DBus.Peer.Ping", 0).Err
	if err == nil {
		t.Error("a keychain answered on a desktop without one")
	}
}

func TestGoWorksOnTheDesktop(t *testing.T) {
	t.Parallel()
	d := desktoptest.Start(t, desktop.Options{})
	for _, name := range []string{"GOCACHE", "GOMODCACHE", "GOPATH"} {
		want, err := exec.Command("go", "env", name).Output()
		if err != nil {
			t.Fatal(err)
		}
		got, err := d.Command(t.Context(), "go", "env", name).Output()
		if err != nil || string(got) != string(want) {
			t.Errorf("%s is %q, %v; want %q", name, got, err, want)
		}
	}
}
