//go:build linux

package rdp

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"kapu/agent"
)

// endpoint is how the agent says where it is; docs/formats.md describes the file.
type endpoint struct {
	Address, Token string
	PID            int
}

func (e endpoint) port() int {
	_, port, _ := strings.Cut(e.Address, ":")
	n, _ := strconv.Atoi(port)
	return n
}

// endpoint is that of the session's own agent.
func (o *office) endpoint() (e endpoint) {
	o.t.Helper()
	name := "agent-" + strings.ReplaceAll(o.env("DISPLAY"), ":", "_") + ".json"
	files, _ := filepath.Glob(filepath.Join(o.person.home, ".local/state/kapu/run-*", name))
	if len(files) != 1 {
		o.t.Fatalf("not one %s: %v", name, files)
	}
	text, err := os.ReadFile(files[0])
	o.must(err)
	o.must(json.Unmarshal(text, &e))
	return e
}

// askAgent asks for a code as the tray does, by a process of the person: the agent hears nobody else.
func (o *office) askAgent(method, client string) (copied agent.Copied) {
	o.t.Helper()
	e := o.endpoint()
	body, err := json.Marshal(map[string]string{"query": client})
	o.must(err)
	ask := o.inside("curl", "--silent", "--show-error", "--config", "-")
	ask.Stdin = strings.NewReader(fmt.Sprintf("url = %q\nheader = %q\ndata = %q\n",
		"http://"+e.Address+"/v1/"+method, "Authorization: Bearer "+e.Token, body))
	answer, err := output(ask)
	o.must(err)
	o.must(json.Unmarshal([]byte(answer), &copied))
	return copied
}

// sweeper is the process that keeps the clipboard empty after the agent's end.
func (o *office) sweeper() int {
	o.t.Helper()
	var found int
	o.wait("the sweeper", func() bool {
		for _, pid := range o.ours() {
			args, _ := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "cmdline"))
			if strings.HasSuffix(string(args), "\x00sweep\x00") {
				found = pid
			}
		}
		return found != 0
	})
	return found
}

// ours are the processes of the program.
func (o *office) ours() (pids []int) {
	for _, pid := range o.person.processes() {
		if exe, _ := os.Readlink(filepath.Join("/proc", strconv.Itoa(pid), "exe")); exe == program {
			pids = append(pids, pid)
		}
	}
	return pids
}

// untilGone waits for a process to end and says how long that took.
func (o *office) untilGone(pid int, since time.Time) time.Duration {
	o.t.Helper()
	o.wait("the agent to end", func() bool { return !alive(pid) })
	return time.Since(since)
}

// noAgent checks that no process is left that holds keys.
func (o *office) noAgent() {
	o.t.Helper()
	for _, pid := range o.ours() {
		args, _ := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "cmdline"))
		if strings.Contains(string(args), "\x00agent") {
			o.t.Errorf("an agent runs: %d", pid)
		}
	}
}
