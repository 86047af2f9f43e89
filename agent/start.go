package agent

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"syscall"
	"time"

	"kapu/config"
	"kapu/internal/process"
	"kapu/lang"
	"kapu/vault"
)

// StartOptions say what kind of agent is wanted.
type StartOptions struct {
	// Create makes an empty vault if there is none.
	Create bool
	// Lifeline ends the agent when this process ends or closes the Conn, however that comes about. Without
	// it the agent stays until it is locked.
	Lifeline bool
	// Method is that of a vault to be made or recovered; "" is the keychain.
	Method string
	// Secret is the PIN or password, asked of the person already. Without it the agent asks by a dialog.
	Secret string
	// New is the PIN or password that the machine's policy wants in place of the vault's method. Without it the agent
	// asks by a dialog.
	New string
	// RecoveryKey opens the vault in place of its method, and Method with Secret becomes the new one.
	RecoveryKey string
	// Restore is the name of a backup to be put in the vault's place, which may be damaged or gone.
	Restore string
	// Archive is a backup of everything from which the vault is made, with Method and Secret; Passphrase opens it. With
	// RecoveryKey it is a copy of the vault's own file, which that opens.
	Archive    []byte
	Passphrase string
	// List only asks for the good backups; ListBackups sets it.
	List bool
	// Handover says that Secret, New, RecoveryKey, Archive and Passphrase come on standard input, where no other program
	// can see them.
	Handover bool
}

// Command is the hidden command of the program that runs the agent; its flags are those of StartOptions.
const (
	Command      = "agent"
	FlagCreate   = "create"
	FlagLifeline = "lifeline"
	FlagMethod   = "method"
	FlagRestore  = "restore"
	FlagList     = "list"
	FlagHandover = "handover"
)

// handover is the line on the agent's standard input with what must not stand in its arguments.
type handover struct {
	Secret      string `json:"secret"`
	New         string `json:"new"`
	RecoveryKey string `json:"recovery_key"`
	Archive     []byte `json:"archive"`
	Passphrase  string `json:"passphrase"`
}

// ReadHandover completes the options of an agent from its standard input.
func (o *StartOptions) ReadHandover(in *bufio.Reader) error {
	line, err := in.ReadBytes('\n')
	var h handover
	if err == nil {
		err = json.Unmarshal(line, &h)
	}
	o.Secret, o.New, o.RecoveryKey, o.Archive, o.Passphrase = h.Secret, h.New, h.RecoveryKey, h.Archive, h.Passphrase
	return err
}

func (o StartOptions) args() []string {
	args := []string{Command}
	for flag, on := range map[string]bool{
		FlagCreate: o.Create, FlagLifeline: o.Lifeline, FlagList: o.List, FlagHandover: o.Handover,
	} {
		if on {
			args = append(args, "--"+flag)
		}
	}
	for flag, value := range map[string]string{FlagMethod: o.Method, FlagRestore: o.Restore} {
		if value != "" {
			args = append(args, "--"+flag+"="+value)
		}
	}
	return args
}

// Start unlocks the vault: it runs an agent in a process of its own and connects to it. If one is running already, it
// connects to that; one that is just ending is waited for.
func Start(ctx context.Context, paths config.Paths, opts StartOptions) (*Conn, error) {
	for try := 1; ; try++ {
		c, err := DialOpen(ctx, paths)
		if !errors.Is(err, ErrLocked) {
			return c, err
		}
		if err := paths.Trusted(); err != nil {
			return nil, err
		}
		r, lifeline, err := startProcess(ctx, opts)
		if err != nil {
			return nil, err
		}
		c, err = DialOpen(ctx, paths)
		if err == nil {
			c.lifeline = lifeline
			return c, nil
		}
		if lifeline != nil {
			lifeline.Close()
		}
		switch {
		case !errors.Is(err, ErrLocked):
			return nil, err
		case !r.Other || try == startTries:
			return nil, lang.E("locked-at-once").Kind(ErrLocked)
		}
	}
}

// startTries is how often an agent may be found that serves and ends before it can be asked.
const startTries = 5

// ListBackups returns the good backups of a vault that is locked, damaged or gone.
func ListBackups(ctx context.Context, opts StartOptions) ([]vault.Backup, error) {
	opts.List, opts.Lifeline = true, false
	r, _, err := startProcess(ctx, opts)
	return r.Backups, err
}

// startProcess runs an agent until it has said how the unlocking went.
func startProcess(ctx context.Context, opts StartOptions) (Report, io.Closer, error) {
	program, err := os.Executable()
	if err != nil {
		return Report{}, nil, err
	}
	opts.Handover = opts.Secret != "" || opts.New != "" || opts.RecoveryKey != "" || opts.Archive != nil
	cmd := exec.Command(program, opts.args()...)
	cmd.SysProcAttr = process.Detached()
	var in io.WriteCloser
	if opts.Lifeline || opts.Handover {
		if in, err = cmd.StdinPipe(); err != nil {
			return Report{}, nil, err
		}
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return Report{}, nil, err
	}
	if err := cmd.Start(); err != nil {
		return Report{}, nil, lang.E("agent-start", "Reason", err)
	}
	if opts.Handover {
		// An agent that died already has said why, or that is what is said below.
		_ = json.NewEncoder(in).Encode(handover{opts.Secret, opts.New, opts.RecoveryKey, opts.Archive, opts.Passphrase})
	}
	if in != nil && !opts.Lifeline {
		in.Close()
		in = nil
	}
	// The agent's first line says that it is ready or why it is not. A keychain or a dialog may be asking the
	// person meanwhile; giving up (Ctrl-C, a closed window) must not leave a vault that opens later.
	ready := make(chan Report, 1)
	ended := make(chan struct{})
	go func() {
		r := Report{Failure: Failure{Sentence: lang.E("agent-died")}}
		_ = json.NewDecoder(out).Decode(&r)
		ready <- r
		_ = cmd.Wait()
		close(ended)
	}()
	var r Report
	select {
	case r = <-ready:
	case <-ctx.Done():
		end(cmd.Process, ended)
		return Report{}, nil, ctx.Err()
	}
	if r.Sentence != nil {
		if in != nil {
			in.Close()
		}
		return Report{}, nil, r.error()
	}
	if in == nil {
		return r, nil, nil
	}
	return r, in, nil
}

// endTime is what an agent may take to close its question before it is ended by force.
const endTime = 2 * time.Second

func end(p *os.Process, ended <-chan struct{}) {
	if p.Signal(syscall.SIGTERM) == nil {
		select {
		case <-ended:
			return
		case <-time.After(endTime):
		}
	}
	_ = p.Kill()
}

// Report is the agent's first line: how the unlocking went. No sentence means that it serves.
type Report struct {
	Failure
	Backups []vault.Backup `json:"backups,omitempty"`
	Other   bool           `json:"other,omitempty"` // it is another agent that serves, and this one ends
}

// Send writes the report to standard output, where Start reads it, then lets go of the output.
func (r Report) Send() {
	_ = json.NewEncoder(os.Stdout).Encode(r)
	_ = os.Stdout.Close()
}
