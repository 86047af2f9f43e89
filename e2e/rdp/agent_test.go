//go:build linux

package rdp

import (
	"bytes"
	"encoding/json"
	"net/http"
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

// askAgent asks for a code as the tray does.
func (o *office) askAgent(method, client string) (copied agent.Copied) {
	o.t.Helper()
	e := o.endpoint()
	body, err := json.Marshal(map[string]string{"query": client})
	o.must(err)
	r, err := http.NewRequestWithContext(o.ctx, "POST", "http://"+e.Address+"/v1/"+method, bytes.NewReader(body))
	o.must(err)
	r.Header.Set("Authorization", "Bearer "+e.Token)
	answer, err := http.DefaultClient.Do(r)
	o.must(err)
	defer answer.Body.Close()
	o.must(json.NewDecoder(answer.Body).Decode(&copied))
	return copied
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
