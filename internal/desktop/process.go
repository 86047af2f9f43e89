//go:build linux

package desktop

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// grace is how long a process may take to end after it was asked to.
const grace = 10 * time.Second

// Process is a program running on the desktop. It is ended by Stop of the desktop at the latest.
type Process struct {
	name string
	cmd  *exec.Cmd
	log  string // file with its output, "" when the caller took the output
	done chan struct{}
	err  error // valid once done is closed
}

// Command prepares a command that sees this desktop and no other.
func (d *Desktop) Command(ctx context.Context, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Env = d.Env()
	cmd.WaitDelay = time.Second
	return cmd
}

// Launch starts a command, usually one from Command, and lets it run. Stop of the desktop ends it,
// and so does the death of this process. Do not call cmd.Wait: use the Process.
func (d *Desktop) Launch(cmd *exec.Cmd) (*Process, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.stopped {
		return nil, errors.New("desktop: it has been stopped")
	}
	d.counter++
	p := &Process{name: filepath.Base(cmd.Path), cmd: cmd, done: make(chan struct{})}
	if cmd.Stdout == nil {
		p.log = filepath.Join(d.logDir(), fmt.Sprintf("%02d-%s.log", d.counter, p.name))
		file, err := os.Create(p.log)
		if err != nil {
			return nil, fmt.Errorf("desktop: starting %s: %w", p.name, err)
		}
		defer file.Close()
		cmd.Stdout = file
		if cmd.Stderr == nil {
			cmd.Stderr = file
		}
	}
	// A group of its own keeps Ctrl+C in a terminal from ending the parts before their order comes. The signal of the
	// parent's death comes when the thread ends that started it; Go ends one only with a goroutine that locked it and did
	// not unlock it, which nothing here does.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("desktop: starting %s: %w", p.name, err)
	}
	go func() {
		p.err = cmd.Wait()
		close(p.done)
	}()
	d.processes = append(d.processes, p)
	return p, nil
}

// Pid is the process's number.
func (p *Process) Pid() int { return p.cmd.Process.Pid }

// Done is closed when the process has ended.
func (p *Process) Done() <-chan struct{} { return p.done }

// Wait waits for the process to end and returns what exec.Cmd.Wait would.
func (p *Process) Wait(ctx context.Context) error {
	select {
	case <-p.done:
		return p.err
	case <-ctx.Done():
		return fmt.Errorf("desktop: waiting for %s to end: %w", p.name, ctx.Err())
	}
}

// Signal sends a signal to the process.
func (p *Process) Signal(sig os.Signal) error { return p.cmd.Process.Signal(sig) }

// Stop asks the process to end, ends it when it does not, and waits until it is gone.
func (p *Process) Stop() {
	// An error means that it has ended already.
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-p.done:
	case <-time.After(grace):
		_ = p.cmd.Process.Kill()
		<-p.done
	}
}

// Output is what the process has printed so far, unless its command was given an output of its own.
func (p *Process) Output() string {
	if p.log == "" {
		return ""
	}
	text, err := os.ReadFile(p.log)
	if err != nil {
		return ""
	}
	return string(text)
}

// tail is the end of the output, short enough for an error message.
func (p *Process) tail() string {
	lines := strings.Split(strings.TrimSpace(p.Output()), "\n")
	if len(lines) > 15 {
		lines = lines[len(lines)-15:]
	}
	return strings.Join(lines, "\n")
}
