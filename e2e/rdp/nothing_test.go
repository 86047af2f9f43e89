//go:build linux

package rdp

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// strangerGetsNothing lets another user of the machine try, while the vault is open and a code is on the clipboard.
func (o *office) strangerGetsNothing() {
	o.t.Helper()
	e := o.endpoint()
	link := strings.TrimSpace(o.kapu("open", "--link"))
	l := o.stranger(link)
	secrets := []string{"AGE-SECRET-KEY", e.Token, o.person.password, link}
	for _, c := range o.clients {
		secrets = append(secrets, c.Key, c.Name)
	}
	leaks := func(where, text string) {
		for _, s := range secrets {
			if strings.Contains(text, s) {
				o.t.Errorf("the stranger finds %q in %s", s, where)
			}
		}
	}
	folders := o.folders()
	for _, path := range append(l.Files, l.Folders...) {
		for _, f := range folders {
			if strings.HasPrefix(path+"/", f+"/") {
				o.t.Errorf("the stranger can open %s", path)
			}
		}
	}
	for _, path := range l.Files {
		text, _ := os.ReadFile(path)
		leaks(path, string(text))
	}
	leaks("the arguments", l.Args)
	leaks("the other one's clipboard", l.Clip)
	leaks("kapu list", l.List)
	if l.Clip != "" {
		o.t.Errorf("the stranger reads %d bytes from the clipboard", len(l.Clip))
	}
	for _, path := range l.Memory {
		o.t.Errorf("the stranger can read %s", path)
	}
	for _, path := range l.Written {
		if strings.HasPrefix(path, o.person.home) {
			o.t.Errorf("the stranger can change %s", path)
		}
	}
	var doors []string
	for _, d := range l.Doors {
		doors = append(doors, d.Name)
		if !d.refuses() {
			o.t.Errorf("the stranger is let in at %s: %+v", d.Name, d)
		}
	}

	knocked := map[int]int{}
	for _, a := range l.Answers {
		knocked[a.Port]++
		leaks(fmt.Sprintf("the answer of port %d %s", a.Port, a.Asked), a.Content)
		// The agent and the page hang up on strangers before they read anything.
		if a.Status != 0 {
			o.t.Errorf("port %d, asked %s: %d %q", a.Port, a.Asked, a.Status, a.Content)
		}
	}
	// The stranger found the agent and the page, saw the processes, and the doors that must be there; and the link was
	// good.
	if len(knocked) < 2 || knocked[e.port()] == 0 || l.UID == 0 || l.UID == int(o.person.uid) || !strings.Contains(l.Args, " agent") ||
		len(l.Files) == 0 || !hasDoor(doors, "/tmp/.X11-unix/X") || !hasDoor(doors, "@/tmp/.X11-unix/X") || !hasDoor(doors, "dbus") {
		o.t.Errorf("the stranger did not really try: %+v", l)
	}
	page, err := output(o.inside("curl", "--silent", "--output", "/dev/null", "--write-out", "%{http_code}", link))
	if err != nil || page[0] != '2' && page[0] != '3' {
		o.t.Errorf("the link that the stranger had is good for nobody: %s, %v", page, err)
	}
	o.t.Logf("the stranger opened %d files and %d folders of the other user (none of Kapu's), tried %d sockets (%v), and asked %d ports",
		len(l.Files), len(l.Folders), len(doors), doors, len(knocked))
	if o.seen != (len(l.Shared) > 0) {
		o.t.Errorf("that the screen can be seen by everybody is %v, says the doctor; the stranger reads %v bytes", o.seen, l.Shared)
	}
	if len(l.Shared) > 0 { // docs/security.md tells of it; nothing of Kapu's can close it
		o.t.Logf("xorgxrdp before 0.10 lets the stranger see the session's screen: %v bytes of shared memory that are not black", l.Shared)
	}
}

func hasDoor(doors []string, part string) bool {
	return slices.ContainsFunc(doors, func(d string) bool { return strings.Contains(d, part) })
}

// stranger runs this test's program as a second throw-away user.
func (o *office) stranger(link string) loot {
	o.t.Helper()
	self, err := os.ReadFile("/proc/self/exe")
	o.must(err)
	path := filepath.Join(tools, "stranger")
	o.must(os.WriteFile(path, self, 0o755))
	text, err := json.Marshal(task{o.person.uid, o.person.home, o.env("DISPLAY"), o.person.processes(), link})
	o.must(err)
	other := newUser(o.t)
	cmd := exec.CommandContext(o.ctx, path)
	cmd.Env = []string{strangerTask + "=" + string(text), "PATH=" + os.Getenv("PATH"), "HOME=" + other.home}
	cmd.Dir, cmd.SysProcAttr, cmd.WaitDelay = other.home, other.credential(), time.Second
	out, err := output(cmd)
	o.must(err)
	var l loot
	o.must(json.Unmarshal([]byte(out), &l))
	return l
}

// folders are where Kapu keeps things, as the test knows them from docs/formats.md.
func (o *office) folders() []string {
	o.t.Helper()
	var found []string
	for _, pattern := range []string{".config/kapu", ".local/share/kapu", ".local/state/kapu", ".cache/kapu"} {
		path := filepath.Join(o.person.home, pattern)
		if _, err := os.Stat(path); err == nil {
			found = append(found, path)
		}
	}
	if len(found) < 3 {
		o.t.Fatalf("where are the vault, the settings and the agent's file? Only found: %v", found)
	}
	return found
}
