// Package autostart lets Kapu start when a person signs in, or not, by the means that the system has for it: a desktop
// entry (Linux), the person's Run key (Windows), a launch agent (macOS).
//
// Its promise: it touches only what is this person's and only what is Kapu's, needs no rights of an administrator,
// and says what is so also where another program has changed it, such as Windows' Task Manager.
package autostart

import (
	"os"
	"path/filepath"

	"kapu/lang"
)

// State is what happens when the person signs in.
type State struct {
	On bool `json:"on"`
	// Other says that what starts is not this program in this place: another copy, or written by hand.
	Other bool `json:"other_program"`
	// Where it is written, for the person to look at.
	Where string `json:"where"`
}

// program is what to start.
type program struct {
	exe  string
	home string // KAPU_HOME; "" is none
}

// this finds the program for the desktop that is beside the one that runs.
func this() (program, error) {
	exe, err := os.Executable()
	if err != nil {
		return program{}, err
	}
	home := os.Getenv("KAPU_HOME")
	if home != "" {
		if home, err = filepath.Abs(home); err != nil {
			return program{}, err
		}
	}
	return program{windowless(exe), home}, nil
}

// windowless is kapuw.exe for kapu.exe: of the two it opens no console window. Elsewhere there is only one.
func windowless(exe string) string {
	w := filepath.Join(filepath.Dir(exe), "kapuw.exe")
	if filepath.Ext(exe) == ".exe" {
		if _, err := os.Stat(w); err == nil {
			return w
		}
	}
	return exe
}

// On makes Kapu start at sign-in from now on.
func On() error {
	p, err := this()
	if err == nil {
		err = on(p)
	}
	return failed(err)
}

// Off makes it not start any more. Where it does not, nothing changes.
func Off() error { return failed(off()) }

// Now says what is so.
func Now() (State, error) {
	p, err := this()
	if err != nil {
		return State{}, failed(err)
	}
	s, err := now(p)
	return s, failed(err)
}

func failed(err error) error {
	if err == nil {
		return nil
	}
	return lang.E("autostart-failed", "Where", where(), "Reason", err)
}
