package keeper

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"kapu/agent"
	"kapu/clip"
	"kapu/config"
	"kapu/internal/process"
	"kapu/lang"
)

// SweeperCommand is the hidden command of the program that runs the sweeper.
const SweeperCommand = "sweep"

// sweeper is the agent's end of a process without keys that outlives it, and clears the clipboard when the agent has
// ended, however that comes about. It is started with the first copy, because at the end nothing is to be waited for,
// and who was killed cannot start anything.
type sweeper struct {
	mu     sync.Mutex
	doomed chan clip.Doomed // the newest; nil until something was copied
	ended  bool
	swept  chan bool // whether the process has done it, once it has or is gone
	start  func() (in io.WriteCloser, out io.Reader, err error)
}

// sweepTime is how long the agent waits for the process at its own end. It takes some milliseconds; a program that
// offers the clipboard's text and is frozen holds it up.
const sweepTime = time.Second

// sweptBoard is a clipboard with a sweeper.
type sweptBoard struct {
	*clip.Clipboard
	sweeper *sweeper
}

func newSweptBoard(c *clip.Clipboard) sweptBoard {
	return sweptBoard{c, &sweeper{swept: make(chan bool, 1), start: startSweeper}}
}

// Copy tells the sweeper beside: that is nothing that a person waits for.
func (b sweptBoard) Copy(secret string) error {
	s := b.sweeper
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ended {
		return lang.E("agent-gone").Kind(agent.ErrLocked)
	}
	if err := b.Clipboard.Copy(secret); err != nil {
		return err
	}
	if s.doomed == nil {
		s.doomed = make(chan clip.Doomed, 1)
		go s.run(s.doomed)
	}
	s.tell(b.Doomed())
	return nil
}

// tell tells the process what there is now, in the place of what it has not been told yet. s.mu is held.
func (s *sweeper) tell(d clip.Doomed) {
	select {
	case <-s.doomed:
	default:
	}
	s.doomed <- d
}

// bequeath lets the sweeper do its work, and says whether it has.
func (b sweptBoard) bequeath() bool {
	s := b.sweeper
	s.mu.Lock()
	s.ended = true
	begun := s.doomed != nil
	if begun {
		s.tell(b.Doomed()) // what was cleared before may be the person's own by now
		close(s.doomed)
	}
	s.mu.Unlock()
	if !begun {
		return false
	}
	timer := time.NewTimer(sweepTime)
	defer timer.Stop()
	select {
	case done := <-s.swept:
		return done
	case <-timer.C:
		return false
	}
}

// run starts the process and tells it what to clear, until the agent's end. One that could not be started, or that was
// killed, says nothing: nobody but the agent clears then.
func (s *sweeper) run(doomed <-chan clip.Doomed) {
	in, out, err := s.start()
	for d := range doomed {
		if err == nil {
			err = json.NewEncoder(in).Encode(d)
		}
	}
	answered := 0
	if err == nil {
		in.Close()
		answered, _ = out.Read(make([]byte, 1))
	}
	s.swept <- answered == 1
}

func startSweeper() (in io.WriteCloser, out io.Reader, err error) {
	program, err := os.Executable()
	if err != nil {
		return nil, nil, err
	}
	cmd := exec.Command(program, SweeperCommand)
	cmd.SysProcAttr = process.Detached()
	if in, err = cmd.StdinPipe(); err != nil {
		return nil, nil, err
	}
	if out, err = cmd.StdoutPipe(); err != nil {
		return nil, nil, err
	}
	if err = cmd.Start(); err == nil {
		go func() { _, _ = cmd.Process.Wait() }() // not cmd.Wait, which closes the pipe of its answer
	}
	return in, out, err
}

// sweepLimit is how long the clipboard is kept empty at most: a day's work. By then no code is worth anything.
const sweepLimit = 12 * time.Hour

// RunSweeper is the sweeper's whole life: it waits for the end of the agent that started it, which tells it meanwhile
// what to clear.
func RunSweeper(ctx context.Context, paths config.Paths, in io.Reader, out io.Writer) error {
	signal.Ignore(syscall.SIGPIPE) // an agent that was killed does not read what it is told
	path := agent.LocatorPath(paths)
	mine := locatorSum(path)
	told := make(chan clip.Doomed, 1)
	go func() {
		var d clip.Doomed
		for lines := json.NewDecoder(in); ; {
			var next clip.Doomed
			if lines.Decode(&next) != nil {
				break
			}
			d = next
		}
		told <- d
	}()
	var d clip.Doomed
	select {
	case d = <-told:
	case <-ctx.Done():
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, sweepLimit)
	defer cancel()
	superseded := func() bool {
		now := locatorSum(path)
		return now != nil && !bytes.Equal(now, mine)
	}
	return clip.Sweep(ctx, d, superseded, func() { fmt.Fprintln(out) })
}

// locatorSum tells one agent's locator from another's, without keeping its token; nil if there is none.
func locatorSum(locator string) []byte {
	data, err := os.ReadFile(locator)
	if err != nil {
		return nil
	}
	sum := sha256.Sum256(data)
	return sum[:]
}
