//go:build linux

package panel_test

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/chromedp/chromedp"

	"kapu/internal/stranger"
	"kapu/internal/wait"
)

// theirs is on the page of another user who has taken the port.
const theirs = "Adja meg a PIN-kódot!"

// An agent that is killed has an heir too: another user who waits for the port never gets it, and the window, loaded
// anew as well, leads back into Kapu.
func TestKilledAgentHasAnHeir(t *testing.T) {
	program := stranger.Program(t)
	o := newOffice(t, "", client("Titok Kft."))
	w := o.open("deadlines")
	w.until(`Boolean(document.querySelector("#due")?.textContent)`)
	port := w.port()
	squatter := stranger.Squat(t, program, port, theirs)
	o.send(syscall.SIGKILL, "agent")
	w.until(`document.querySelector("#unlock button") !== null`)
	w.do(chromedp.Reload())
	w.until(`document.querySelector("#unlock button") !== null`)
	if squatter.Came() {
		t.Error("another user has got the port")
	}
	o.kapu(password+"\n", "unlock")
	o.dial()
	w.until(`Boolean(document.querySelector("#due")?.textContent) && location.pathname === "/deadlines"`)
}

// Where the heir was ended, another one is appointed; where agent and heir were killed together, nobody is left who
// could hold the port. Then the window leaves the address: loaded anew, it shows nothing of whoever has it.
func TestNoHeir(t *testing.T) {
	program := stranger.Program(t)
	for name, taken := range map[string]bool{"taken": true, "free": false} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t, "", client("Titok Kft."))
			w := o.open("deadlines")
			w.until(`Boolean(document.querySelector("#due")?.textContent)`)
			o.send(syscall.SIGKILL, "lobby")
			w.do(chromedp.Reload())
			w.until(`Boolean(document.querySelector("#due")?.textContent)`)
			port := w.port()
			var squatter *stranger.Running
			if taken { // whose answers are no events, if the window gets one of them
				w.forgive.Store(new("EventSource's response"))
				squatter = stranger.Squat(t, program, port, theirs)
			}
			wait.Until(t, "another heir", func() bool { return len(o.processes("lobby")) == 1 })
			o.send(syscall.SIGSTOP, "agent") // it would appoint another one
			o.send(syscall.SIGKILL, "lobby")
			wait.Until(t, "the heir's end", func() bool { return len(o.processes("lobby")) == 0 })
			o.send(syscall.SIGKILL, "agent")
			if taken {
				if got := squatter.Line(t); got != "taken" {
					t.Fatal(got)
				}
			}
			w.until(`location.protocol === "blob:" && document.body?.innerText.includes("Zárolva") === true`)
			if got := w.text(); strings.Contains(got, "Titok") || strings.Contains(got, theirs) {
				t.Errorf("the window shows %q", got)
			}
			w.shot("left")
			_ = chromedp.Do(w.ctx, chromedp.Reload()) // ends with an error of the browser's own
			if got := w.text(); strings.Contains(got, theirs) {
				t.Errorf("loaded anew, the window shows %q", got)
			}
			w.shot("left-reloaded")
		})
	}
}

// port is that of the page.
func (w *window) port() int {
	w.t.Helper()
	_, port, err := net.SplitHostPort(eval[string](w, `location.host`))
	n, _ := strconv.Atoi(port)
	if err != nil || n == 0 {
		w.t.Fatalf("no port: %v", err)
	}
	return n
}

// processes are those of this person that run a command of the program.
func (o *office) processes(command string) (pids []int) {
	entries, _ := os.ReadDir("/proc")
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil {
			continue
		}
		line, _ := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
		environment, _ := os.ReadFile(fmt.Sprintf("/proc/%d/environ", pid))
		if bytes.HasPrefix(line, []byte(program+"\x00"+command+"\x00")) &&
			bytes.Contains(environment, []byte("KAPU_HOME="+o.home+"\x00")) {
			pids = append(pids, pid)
		}
	}
	return pids
}

// send sends a signal to the processes that run a command.
func (o *office) send(signal syscall.Signal, command string) {
	o.t.Helper()
	var pids []int
	wait.Until(o.t, "kapu "+command, func() bool {
		pids = o.processes(command)
		return len(pids) > 0
	})
	for _, pid := range pids {
		if err := syscall.Kill(pid, signal); err != nil {
			o.t.Fatal(err)
		}
	}
}
