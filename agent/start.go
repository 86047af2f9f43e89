package agent

import (
	"context"
	"encoding/json"
	"io"
	"os"
	"os/exec"

	"kapu/config"
	"kapu/lang"
)

// StartOptions say what kind of agent is wanted.
type StartOptions struct {
	// Create makes an empty vault if there is none.
	Create bool
	// Lifeline ends the agent when this process ends or closes the Conn, however that comes about. Without
	// it the agent stays until it is locked.
	Lifeline bool
}

// Command is the hidden command of the program that runs the agent; its flags are those of StartOptions.
const (
	Command      = "agent"
	FlagCreate   = "create"
	FlagLifeline = "lifeline"
)

// Start unlocks the vault: it runs an agent in a process of its own and connects to it. If one is running
// already, it connects to that.
func Start(ctx context.Context, paths config.Paths, opts StartOptions) (*Conn, error) {
	if c, err := Dial(ctx, paths); err == nil {
		return c, nil
	}
	program, err := os.Executable()
	if err != nil {
		return nil, err
	}
	args := []string{Command}
	if opts.Create {
		args = append(args, "--"+FlagCreate)
	}
	if opts.Lifeline {
		args = append(args, "--"+FlagLifeline)
	}
	cmd := exec.Command(program, args...)
	cmd.SysProcAttr = detached()
	var lifeline io.Closer
	if opts.Lifeline {
		if lifeline, err = cmd.StdinPipe(); err != nil {
			return nil, err
		}
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, lang.E("agent-start", "Reason", err)
	}
	// The agent's first line says that it is ready or why it is not. A keychain may be asking the person for a
	// password meanwhile; giving up (Ctrl-C, a closed window) must not leave a vault that opens later.
	ready := make(chan failure, 1)
	go func() {
		f := failure{Sentence: lang.E("agent-died")}
		_ = json.NewDecoder(out).Decode(&f)
		ready <- f
		_ = cmd.Wait()
	}()
	var f failure
	select {
	case f = <-ready:
	case <-ctx.Done():
		_ = cmd.Process.Kill()
		return nil, ctx.Err()
	}
	if f.Sentence != nil {
		if lifeline != nil {
			lifeline.Close()
		}
		return nil, f.error()
	}
	c, err := Dial(ctx, paths)
	if err != nil {
		return nil, err
	}
	c.lifeline = lifeline
	return c, nil
}

// ready is the agent's side of Start: it says how the unlocking went, then lets go of the output.
func ready(err error) {
	var f failure
	if err != nil {
		f, _ = newFailure(err)
	}
	_ = json.NewEncoder(os.Stdout).Encode(f)
	_ = os.Stdout.Close()
}
