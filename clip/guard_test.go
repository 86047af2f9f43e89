package clip

import (
	"bytes"
	"context"
	"errors"
	"os"
	"testing"
	"time"

	"kapu/internal/wait"
)

// silent is a system on which nobody answers before all who ask have been told to end.
type silent struct{ asked, told chan struct{} }

func (s silent) copy(string) (content, error) { return nil, errors.New("never") }

func (s silent) displace(ctx context.Context, _ selection, _ func([]byte) bool) (content, error) {
	s.asked <- struct{}{}
	<-ctx.Done()
	s.told <- struct{}{}
	for len(s.told) < cap(s.told) {
		time.Sleep(time.Millisecond)
	}
	return nil, ctx.Err()
}

// Two guards that wait for programs that do not answer are waited for together, and not one after the other.
func TestEndOfGuards(t *testing.T) {
	s := silent{make(chan struct{}), make(chan struct{}, 2)}
	never := func([]byte) bool { return false }
	var guards []*guard
	for _, at := range []selection{clipboardSelection, primarySelection} {
		guards = append(guards, keepEmpty(s, at, nil, never, never))
		wait.For(t, "the question", s.asked)
	}
	ended := make(chan struct{})
	go func() {
		endAll(guards)
		close(ended)
	}()
	wait.For(t, "the end", ended)
}

// manager is a system on which a program brings a doomed text back. Its answers come one after the other.
type manager struct{ answers chan answered }

// answered is what a question meets: an emptiness, or who does not answer, or a text that is offered.
type answered struct {
	empty content
	err   error
	text  []byte
}

func (m manager) copy(string) (content, error) { return nil, errors.New("never") }

func (m manager) displace(_ context.Context, _ selection, doomed func([]byte) bool) (content, error) {
	a := <-m.answers
	if a.err == nil && !doomed(a.text) {
		return nil, nil
	}
	return a.empty, a.err
}

// emptiness is one that can be lost.
type emptiness chan struct{}

func (e emptiness) clear() bool             { return true }
func (e emptiness) crosses() bool           { return true }
func (e emptiness) lost() <-chan struct{}   { return e }
func (e emptiness) pasted() <-chan struct{} { return nil }

// A program that brings a text back is overruled also when it did not answer in time, and when it has let go of the
// selection and is about to take it again. What else is offered ends the guard.
func TestGuardInsists(t *testing.T) {
	secret := []byte("123456")
	doomed := func(text []byte) bool { return bytes.Equal(text, secret) }
	for name, answers := range map[string][]answered{
		"silent at first": {{err: os.ErrDeadlineExceeded}, {err: os.ErrDeadlineExceeded}, {text: secret}},
		"silent later":    {{text: secret}, {err: os.ErrDeadlineExceeded}, {text: secret}},
		"nobody's":        {{text: secret}, {}, {text: secret}},
	} {
		m := manager{make(chan answered)}
		g := keepEmpty(m, clipboardSelection, nil, doomed, doomed)
		for i, a := range answers {
			if a.err == nil {
				a.empty = make(emptiness)
			}
			select {
			case m.answers <- a:
			case <-g.done:
				t.Fatalf("%s: the guard has ended before question %d", name, i+1)
			}
			if a.err == nil {
				close(a.empty.(emptiness))
			}
		}
		select {
		case m.answers <- answered{text: []byte("mine")}:
		case <-g.done:
			t.Fatalf("%s: the guard has ended", name)
		}
		wait.For(t, "the end", g.done)
	}
}
