package cli

import (
	"context"
	"errors"
	"io"
	"strconv"
	"strings"
	"time"

	"golang.org/x/term"
)

// errLeft means that the person has left a dialogue by Esc, Ctrl-C or Ctrl-D.
var errLeft = errors.New("left")

// dialogue asks several questions on a terminal, one after the other. Each can be left by Esc: the terminal is raw
// while one stands, and as it was between them.
type dialogue struct {
	*app
	terminal *term.Terminal
}

func newDialogue(a *app) *dialogue {
	t := term.NewTerminal(struct {
		io.Reader
		io.Writer
	}{escapable{a.in}, a.err}, "")
	if width, height, err := term.GetSize(int(a.in.Fd())); err == nil && width > 0 {
		_ = t.SetSize(width, height)
	}
	return &dialogue{a, t}
}

// escapable is a keyboard on which Esc alone ends the reading. What arrows and their like send begins with Esc too,
// but comes in one piece.
type escapable struct{ io.Reader }

func (e escapable) Read(p []byte) (int, error) {
	n, err := e.Reader.Read(p)
	if n == 1 && p[0] == '\x1b' {
		return 0, errLeft
	}
	return n, err
}

// raw runs a question while the terminal is raw.
func (d *dialogue) raw(ask func() (string, error)) (string, error) {
	text, err := d.typed(func() (string, error) {
		before, err := term.MakeRaw(int(d.in.Fd()))
		if err != nil {
			return "", err
		}
		text, err := ask()
		_ = term.Restore(int(d.in.Fd()), before)
		return text, err
	})
	if err != nil {
		io.WriteString(d.err, "\n")
	}
	if errors.Is(err, io.EOF) || errors.Is(err, context.Canceled) {
		err = errLeft
	}
	return strings.TrimSpace(text), err
}

// line asks for a line.
func (d *dialogue) line(id string, values ...any) (string, error) {
	return d.raw(func() (string, error) {
		d.terminal.SetPrompt(d.texts.T(id, values...) + " ")
		return d.terminal.ReadLine()
	})
}

// good asks for a line until check has nothing against it.
func (d *dialogue) good(check func(string) error, id string, values ...any) (string, error) {
	for {
		text, err := d.line(id, values...)
		if err != nil {
			return "", err
		}
		if err = check(text); err == nil {
			return text, nil
		}
		d.complain(err)
	}
}

// hidden asks for a line that is not shown.
func (d *dialogue) hidden(id string) (string, error) {
	return d.raw(func() (string, error) { return d.terminal.ReadPassword(d.texts.T(id) + " ") })
}

// choose asks for one of several numbered answers and returns its index.
func (d *dialogue) choose(question string, answers ...string) (int, error) {
	d.tell(question)
	for i, id := range answers {
		io.WriteString(d.err, "  "+strconv.Itoa(i+1)+"  "+d.texts.T(id)+"\n")
	}
	for {
		text, err := d.line("assistant-number", "N", len(answers))
		if err != nil {
			return 0, err
		}
		if n, err := strconv.Atoi(text); err == nil && n >= 1 && n <= len(answers) {
			return n - 1, nil
		}
	}
}

// yes asks until the answer is yes or no. The question may change while it stands: it is asked for anew each second.
func (d *dialogue) yes(question func() string) (bool, error) {
	for {
		text, err := d.raw(func() (string, error) {
			done := make(chan struct{})
			defer close(done)
			d.terminal.SetPrompt(question())
			go d.keepAsking(question, done)
			return d.terminal.ReadLine()
		})
		switch {
		case err != nil:
			return false, err
		case strings.EqualFold(text, d.texts.T("answer-yes")):
			return true, nil
		case strings.EqualFold(text, d.texts.T("answer-no")):
			return false, nil
		}
	}
}

// keepAsking redraws the prompt each second while its text changes, until done is closed.
func (d *dialogue) keepAsking(question func() string, done <-chan struct{}) {
	second := time.NewTicker(time.Second)
	defer second.Stop()
	said := question()
	for {
		select {
		case <-done:
			return
		case <-second.C:
		}
		if now := question(); now != said {
			said = now
			d.terminal.SetPrompt(now)
			_, _ = d.terminal.Write(nil) // draws it again, and what has been typed
		}
	}
}

// tell says something that is no result: those go to standard output.
func (d *dialogue) tell(id string, values ...any) {
	io.WriteString(d.err, d.texts.T(id, values...)+"\n")
}

func (d *dialogue) complain(err error) { io.WriteString(d.err, d.texts.Error(err)+"\n") }
