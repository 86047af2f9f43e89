//go:build linux

package rdp

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// strangerGetsNothing lets another user of the machine try, while the vault is open and a code is on the clipboard.
func (o *office) strangerGetsNothing() {
	o.t.Helper()
	e := o.endpoint()
	l := o.stranger()
	secrets := []string{"AGE-SECRET-KEY", e.Token, o.person.password}
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

	knocked := 0
	for _, a := range l.Answers {
		if a.Port != e.port() {
			continue
		}
		knocked++
		leaks("the agent's answer "+a.Asked, a.Content)
		// Who has no token may ask for a proof of identity, which tells nothing.
		if a.Status != 401 && a.Status != 403 && a.Asked != "who it is" {
			o.t.Errorf("the agent, asked %s: %d %q", a.Asked, a.Status, a.Content)
		}
	}
	if knocked == 0 || l.UID == 0 || l.UID == int(o.person.uid) || !strings.Contains(l.Args, " agent") || len(l.Files) == 0 {
		o.t.Errorf("the stranger did not really try: %+v", l)
	}
	o.t.Logf("the stranger opened %d files and %d folders of the other user (none of Kapu's), %d sockets (%v), and asked the agent %d times",
		len(l.Files), len(l.Folders), len(l.Sockets), l.Sockets, knocked)
}

// stranger runs this test's program as a second throw-away user.
func (o *office) stranger() loot {
	o.t.Helper()
	self, err := os.ReadFile("/proc/self/exe")
	o.must(err)
	path := filepath.Join(tools, "stranger")
	o.must(os.WriteFile(path, self, 0o755))
	text, err := json.Marshal(task{o.person.uid, o.person.home, o.env("DISPLAY"), o.ours()})
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
