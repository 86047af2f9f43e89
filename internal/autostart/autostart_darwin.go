package autostart

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/adrg/xdg"
)

func where() string { return filepath.Join(xdg.Home, "Library", "LaunchAgents", label+".plist") }

// on does not tell launchd, which would start a second Kapu at once; it reads the folder at the next sign-in.
func on(p program) error { return write(where(), launchAgent(p)) }

func off() error { return remove(where()) }

func now(p program) (State, error) {
	agent, err := os.ReadFile(where())
	if errors.Is(err, fs.ErrNotExist) {
		return State{Where: where()}, nil
	}
	return State{On: err == nil, Other: err == nil && !bytes.Equal(agent, launchAgent(p)), Where: where()}, err
}
