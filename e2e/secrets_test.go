//go:build linux

package e2e

import (
	"bytes"
	"encoding/base32"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"golang.org/x/sys/unix"

	"kapu/internal/examples"
	"kapu/internal/pagetest"
	"kapu/internal/wait"
)

// Only the agent ever holds keys and the codes that it copies: the tray and the sweeper never do, and after a lock
// nobody does. Root reads the memory. (The tray's may still hold names, and so does the browser's that showed the
// page.)
func TestNoSecretOutsideTheAgent(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("reading another process's memory needs root")
	}
	p := at(t, full)
	clients := examples.Clients(40, 2)
	p.imports(clients)
	p.kapu("lock")
	_, tray := p.tray()
	p.must(tray.ClickPath(p.ctx, "Feloldás…"))
	p.must(tray.ClickPath(p.ctx, p.pathOf(tray, clients[9])...))
	p.clipboardIs(clients[9].Key)

	secrets := map[string][]byte{"the root secret": []byte("AGE-SECRET-KEY-PQ-1")}
	for _, c := range clients[8:12] {
		raw, _ := base32.StdEncoding.DecodeString(c.Key)
		secrets[c.Name+" (raw)"] = raw
		secrets[c.Name] = []byte(c.Key)
	}
	code, err := p.Clipboard(p.ctx)
	p.must(err)
	text, err := os.ReadFile(program)
	p.must(err)
	if !bytes.Contains(text, []byte(code)) { // a table of digits may have it by chance
		secrets["the code"] = []byte(code)
	}
	agent := p.agentPID()
	if found := search(t, agent, secrets); len(found) == 0 {
		t.Error("the unlocked agent holds no secret: the search cannot be right")
	}
	wait.Until(t, "the sweeper", func() bool { return p.sweeperPID() != 0 })
	check := func(when string) {
		t.Helper()
		for _, pid := range kapuProcesses(p.home()) {
			if pid == agent {
				continue
			}
			for _, name := range search(t, pid, secrets) {
				t.Errorf("%s, process %d holds %s", when, pid, name)
			}
		}
	}
	check("while unlocked")
	p.must(tray.ClickPath(p.ctx, "Zárolás"))
	p.waitLocked(tray)
	waitGone(p.t, agent)
	if p.sweeperPID() == 0 {
		t.Error("there is no sweeper to search")
	}
	check("after locking")
}

// The page's browser never has a key or a code that the person did not ask to see: what is copied goes through the
// agent. A key that was shown may stay in its memory, as names may, which is why only the others are looked for.
func TestNoSecretInTheBrowser(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("reading another process's memory needs root")
	}
	p := at(t, full)
	clients := examples.Clients(40, 0)
	p.imports(clients)
	w := p.shown(strings.TrimSpace(p.kapu("open", "--link")))
	w.until(`document.querySelector(".body [role=row] .name") !== null`)
	w.do(chromedp.KeyEvent(kb.ArrowDown), chromedp.KeyEvent(kb.Enter))
	var copied examples.Client
	var code string
	wait.Until(t, "a code on the clipboard", func() bool {
		code, _ = p.Clipboard(p.ctx)
		for _, c := range clients {
			if code != "" && slices.Contains(codes(t, c.Key), code) {
				copied = c
			}
		}
		return copied.Key != ""
	})
	w.do(chromedp.KeyEvent("i"))
	w.until(`document.querySelector("[data-secret=key] button") !== null`)
	w.do(pagetest.Press("[data-secret=key] button"))
	w.until(`document.querySelector("#offer-pin-dialog .main") !== null`)
	w.do(pagetest.Press("#offer-pin-dialog .main"))
	w.until(fmt.Sprintf(`document.body.innerText.replaceAll(/\s/g, "").includes(%q)`, copied.Key))

	secrets, names := map[string][]byte{"the root secret": []byte("AGE-SECRET-KEY-PQ-1")}, map[string][]byte{}
	for _, c := range clients[:6] {
		names[c.Name] = []byte(c.Name)
		if c.Key != copied.Key {
			raw, _ := base32.StdEncoding.DecodeString(c.Key)
			secrets[c.Name], secrets[c.Name+" (raw)"] = []byte(c.Key), raw
		}
	}
	browser := chromedp.FromContext(w.ctx).Browser.Process().Pid
	found := func(what map[string][]byte) (list []string) {
		for _, pid := range family(browser) {
			list = append(list, search(t, pid, what)...)
		}
		return list
	}
	if len(found(names)) == 0 || len(found(map[string][]byte{"": []byte(copied.Key)})) == 0 {
		t.Error("the browser has neither the names nor the key that it shows: the search cannot be right")
	}
	if list := found(secrets); len(list) > 0 {
		t.Errorf("while unlocked, the browser has %q", list)
	}
	p.kapu("lock")
	w.shows("Zárolva")
	if list := found(secrets); len(list) > 0 {
		t.Errorf("after locking, the browser has %q", list)
	}
	t.Logf("after locking the browser has %d of %d names, and the key that was shown in %d processes",
		len(slices.Compact(slices.Sorted(slices.Values(found(names))))), len(names), len(found(map[string][]byte{"": []byte(copied.Key)})))
}

// family are a process and all that it has started.
func family(pid int) []int {
	list := []int{pid}
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for grown := true; grown; {
		grown = false
		for _, path := range stats {
			stat, _ := os.ReadFile(path)
			_, rest, _ := bytes.Cut(stat, []byte(") "))
			child, _ := strconv.Atoi(filepath.Base(filepath.Dir(path)))
			if fields := strings.Fields(string(rest)); len(fields) > 1 && !slices.Contains(list, child) {
				if parent, _ := strconv.Atoi(fields[1]); slices.Contains(list, parent) {
					list, grown = append(list, child), true
				}
			}
		}
	}
	return list
}

// What is left of a command when it has ended is nothing: each is a process of its own. Those that go on without an
// agent hold no client's name either, but the tray, whose memory is not wiped.
func TestNoNameInTheSweeper(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("reading another process's memory needs root")
	}
	p := at(t, full)
	clients := examples.Clients(3, 0)
	p.imports(clients)
	p.kapu("copy", clients[0].Name)
	wait.Until(t, "the sweeper", func() bool { return p.sweeperPID() != 0 })
	names := map[string][]byte{}
	for _, c := range clients {
		names[c.Name] = []byte(c.Name)
	}
	agent := p.agentPID()
	if len(search(t, agent, names)) != len(names) {
		t.Error("the unlocked agent does not hold every name: the search cannot be right")
	}
	p.kapu("lock")
	waitGone(t, agent)
	left := kapuProcesses(p.home())
	if len(left) != 1 || left[0] != p.sweeperPID() {
		t.Errorf("after locking there are processes %v; the sweeper is %d", left, p.sweeperPID())
	}
	for _, pid := range left {
		if found := search(t, pid, names); len(found) > 0 {
			t.Errorf("process %d holds %q", pid, found)
		}
	}
}

// The constant "AGE-SECRET-KEY-PQ-1" is in the program's own text; a secret has more behind it.
func isProgramText(data []byte, at int, what []byte) bool {
	end := at + len(what)
	if !bytes.HasPrefix(what, []byte("AGE-SECRET-KEY-PQ-1")) || end+20 > len(data) {
		return false
	}
	for _, c := range data[end : end+20] {
		if !strings.ContainsRune("QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L", rune(c)) {
			return true
		}
	}
	return false
}

// search returns the names of the secrets that a process has in its memory.
func search(t *testing.T, pid int, secrets map[string][]byte) []string {
	t.Helper()
	maps, err := os.ReadFile(fmt.Sprintf("/proc/%d/maps", pid))
	if err != nil {
		return nil // it has ended
	}
	mem, err := os.Open(fmt.Sprintf("/proc/%d/mem", pid))
	if err != nil {
		t.Fatal(err)
	}
	defer mem.Close()
	found := map[string]bool{}
	for line := range strings.Lines(string(maps)) {
		fields := strings.Fields(line)
		file := fields[4] != "0" // of which a process has what it cannot write as it is on the disk
		if !strings.HasPrefix(fields[1], "r") || file && fields[1][1] != 'w' || strings.HasPrefix(fields[len(fields)-1], "[v") {
			continue
		}
		from, to, _ := strings.Cut(fields[0], "-")
		start, _ := strconv.ParseInt(from, 16, 64)
		end, _ := strconv.ParseUint(to, 16, 64)
		data, _ := io.ReadAll(io.NewSectionReader(mem, start, int64(end)-start))
		for name, secret := range secrets {
			for i := 0; ; {
				j := bytes.Index(data[i:], secret)
				if j < 0 {
					break
				}
				if !isProgramText(data, i+j, secret) {
					found[name] = true
					break
				}
				i += j + 1
			}
		}
	}
	var names []string
	for name := range found {
		names = append(names, name)
	}
	return names
}

const tracerVictim = "KAPU_TEST_TRACE"

// tracerMain is the other program of the same user: it tries to get at a process's memory and prints how far it
// got.
func tracerMain() {
	pid, _ := strconv.Atoi(os.Getenv(tracerVictim))
	_, memErr := os.Open(fmt.Sprintf("/proc/%d/mem", pid))
	_, envErr := os.ReadFile(fmt.Sprintf("/proc/%d/environ", pid))
	fmt.Println(unix.PtraceSeize(pid) == nil, memErr == nil, envErr == nil)
	os.Exit(0)
}

// Another program of the same user cannot trace a process of ours or read its memory, and there is no core dump.
func TestSameUserCannotTrace(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("becoming an ordinary user needs root")
	}
	nobody := &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	home := t.TempDir()
	for _, dir := range []string{filepath.Dir(home), home, strings.TrimSuffix(program, "/kapu")} {
		if err := os.Chmod(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	// `kapu add` waits for a key on standard input: a process of ours as long as we like.
	victim := exec.Command(program, "add", "Alfa")
	victim.Env = []string{"KAPU_HOME=" + home}
	victim.SysProcAttr = nobody
	theirs, stdin, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	victim.Stdin = theirs
	if err := victim.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { stdin.Close(); _ = victim.Wait() }()
	if _, err := stdin.WriteString("J"); err != nil {
		t.Fatal(err)
	}
	wait.Until(t, "the program to read the beginning of a key", func() bool {
		unread, err := unix.IoctlGetInt(int(theirs.Fd()), unix.TIOCINQ)
		return err == nil && unread == 0
	})
	sleeper := exec.Command("sleep", "60")
	sleeper.SysProcAttr = nobody
	if err := sleeper.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = sleeper.Process.Kill(); _ = sleeper.Wait() }()

	self, err := os.ReadFile("/proc/self/exe")
	if err != nil {
		t.Fatal(err)
	}
	tracer := strings.TrimSuffix(program, "kapu") + "tracer"
	if err := os.WriteFile(tracer, self, 0o755); err != nil {
		t.Fatal(err)
	}
	try := func(pid int) string {
		cmd := exec.Command(tracer)
		cmd.Env = []string{fmt.Sprintf("%s=%d", tracerVictim, pid)}
		cmd.SysProcAttr = nobody
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		return strings.TrimSpace(string(out))
	}
	if got := try(sleeper.Process.Pid); got != "true true true" {
		t.Skipf("here even an ordinary process of the same user cannot be traced (%s), so nothing can be shown", got)
	}
	if got := try(victim.Process.Pid); got != "false false false" {
		t.Errorf("trace, memory, environment: %s", got)
	}
	limits, _ := os.ReadFile(fmt.Sprintf("/proc/%d/limits", victim.Process.Pid))
	for line := range strings.Lines(string(limits)) {
		if strings.HasPrefix(line, "Max core file size") && strings.Fields(line)[4] != "0" {
			t.Errorf("cores: %s", line)
		}
	}
}
