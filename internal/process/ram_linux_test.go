package process

import (
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// TestKeepInRAM tries it in processes of its own, since it holds for a process's whole life: one that may lock all, and
// one with a limit, which must go on as it was.
func TestKeepInRAM(t *testing.T) {
	if os.Getenv("KAPU_RAM_TEST") != "" {
		if os.Getenv("KAPU_RAM_TEST") == "limited" {
			runtime.LockOSThread() // what it may do is the thread's
			header := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
			var data [2]unix.CapUserData
			if err := unix.Capset(&header, &data[0]); err != nil {
				t.Fatal(err)
			}
			if err := unix.Setrlimit(unix.RLIMIT_MEMLOCK, &unix.Rlimit{Cur: 1 << 20, Max: 1 << 20}); err != nil {
				t.Fatal(err)
			}
		}
		err := KeepInRAM()
		later := make([]byte, 80<<20) // as much as a PIN takes
		for i := 0; i < len(later); i += 4096 {
			later[i] = 1
		}
		status, _ := os.ReadFile("/proc/self/status")
		t.Logf("%v %v %s", err, mayLock(), status)
		return
	}
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_MEMLOCK, &limit); err != nil {
		t.Fatal(err)
	}
	// Where the tests themselves run under a limit, both are the same case.
	for kind, allowed := range map[string]bool{"limited": false, "free": mayLock() || limit.Max == unix.RLIM_INFINITY} {
		cmd := exec.Command(os.Args[0], "-test.run=^TestKeepInRAM$", "-test.v")
		cmd.Env = append(os.Environ(), "KAPU_RAM_TEST="+kind)
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%s: %v: %s", kind, err, out)
		}
		locked := regexp.MustCompile(`VmLck:\s+(\d+) kB`).FindStringSubmatch(string(out))
		if got := len(locked) > 1 && locked[1] != "0"; got != allowed {
			t.Errorf("%s: locked %v, want %v", kind, locked, allowed)
		}
		if said := strings.Contains(string(out), "limit"); !allowed && !said {
			t.Errorf("%s: the reason is not said: %s", kind, out)
		}
	}
}
