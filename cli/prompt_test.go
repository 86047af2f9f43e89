//go:build linux

package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"testing"
	"time"

	"golang.org/x/sys/unix"
	"golang.org/x/term"

	"kapu/agent"
	"kapu/internal/desktop/desktoptest"
	"kapu/lang"
)

// terminal opens a terminal: the keyboard's end and the program's.
func terminal(t *testing.T) (keyboard, program *os.File) {
	t.Helper()
	keyboard, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { keyboard.Close() })
	if err := unix.IoctlSetPointerInt(int(keyboard.Fd()), unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	number, err := unix.IoctlGetInt(int(keyboard.Fd()), unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	program, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	return keyboard, program // the program's end stays open: a read that was given up still holds it
}

// A question on a terminal is answered, or ends by itself or by Ctrl-C; the terminal then shows again what is typed.
func TestQuestionOnATerminalEnds(t *testing.T) {
	const soon = 200 * time.Millisecond // the terminal has been silenced by then
	for _, tt := range []struct {
		name     string
		typed    string
		patience time.Duration
		pressed  bool // Ctrl-C
		want     string
		err      error
	}{
		{"answered", "2580\n", desktoptest.Limit, false, "2580", nil},
		{"nobody is there", "", soon, false, "", agent.ErrCancelled},
		{"left in the middle", "258", soon, false, "", agent.ErrCancelled},
		{"Ctrl-C", "", desktoptest.Limit, true, "", context.Canceled},
	} {
		t.Run(tt.name, func(t *testing.T) {
			keyboard, program := terminal(t)
			var said bytes.Buffer
			pressed := make(chan struct{})
			if tt.pressed {
				time.AfterFunc(soon, func() { close(pressed) })
			}
			a := &app{in: program, err: &said, texts: lang.In(lang.English), patience: tt.patience, interrupted: pressed}
			before, err := term.GetState(int(program.Fd()))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := keyboard.WriteString(tt.typed); err != nil {
				t.Fatal(err)
			}
			got, err := a.askSecret("ask-pin")
			if got != tt.want || !errors.Is(err, tt.err) {
				t.Errorf("got %q, %v", got, err)
			}
			if after, err := term.GetState(int(program.Fd())); err != nil || *after != *before {
				t.Errorf("the terminal is not as it was: %+v, %v", after, err)
			}
			if said.String() != "PIN: \n" {
				t.Errorf("said %q", said.String())
			}
			if tt.err != nil && a.confirm("ask-remove") {
				t.Error("no answer is a yes")
			}
		})
	}
}
