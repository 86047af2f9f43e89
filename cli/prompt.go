package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"golang.org/x/term"

	"kapu/agent"
	"kapu/lang"
)

// patience is how long a question stands on a terminal, as long as one on the desktop. Whoever has not answered by
// then is not there, and what they began to type must not be left to the next who comes by.
const patience = 2 * time.Minute

// askSecret reads a secret: from a hidden prompt on a terminal, else the next line of standard input. The values are
// those of the question.
func (a *app) askSecret(id string, values ...any) (string, error) {
	if isTerminal(a.in) {
		fmt.Fprint(a.err, a.texts.T(id, values...)+" ")
		defer fmt.Fprintln(a.err)
		return a.typed(func() (string, error) {
			text, err := term.ReadPassword(int(a.in.Fd()))
			return string(text), err
		})
	}
	if a.lines == nil {
		a.lines = bufio.NewReader(a.in)
	}
	line, err := a.lines.ReadString('\n')
	if line == "" && errors.Is(err, io.EOF) {
		return "", usageError{lang.E("input-missing", "What", lang.E(id, values...))}
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return "", err
	}
	return strings.TrimRight(line, "\r\n"), nil
}

// typed waits for what is typed on the terminal until the person's patience or Ctrl-C ends it, and leaves the terminal
// as it was. A read that has begun cannot be taken back; it goes with the process.
func (a *app) typed(read func() (string, error)) (string, error) {
	before, err := term.GetState(int(a.in.Fd()))
	if err != nil {
		return "", err
	}
	type line struct {
		text string
		err  error
	}
	lines := make(chan line, 1)
	go func() {
		text, err := read()
		lines <- line{text, err}
	}()
	select {
	case l := <-lines:
		return l.text, l.err
	case <-time.After(a.patience):
		err = lang.E("prompt-late", "Minutes", int(a.patience.Minutes())).Kind(agent.ErrCancelled)
	case <-a.interrupted:
		err = context.Canceled
	}
	_ = term.Restore(int(a.in.Fd()), before)
	time.Sleep(silencing)
	_ = term.Restore(int(a.in.Fd()), before) // a read that was only just beginning has silenced it again
	return "", err
}

// silencing is what a read takes at most from its beginning until the terminal shows no more what is typed.
const silencing = 20 * time.Millisecond

// confirm asks a yes-or-no question on the terminal; anything but yes is no.
func (a *app) confirm(id string, values ...any) bool {
	fmt.Fprint(a.err, a.texts.T(id, values...)+" ")
	read := func() (answer string, err error) {
		_, err = fmt.Fscanln(a.in, &answer)
		return answer, err
	}
	if isTerminal(a.in) {
		typed := read
		read = func() (string, error) { return a.typed(typed) }
	}
	answer, _ := read()
	return strings.EqualFold(answer, a.texts.T("answer-yes"))
}

func isTerminal(f any) bool {
	file, ok := f.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}
