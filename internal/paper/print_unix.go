//go:build !windows

package paper

import (
	"bytes"
	"context"
	"errors"
	"os/exec"
	"strings"

	"kapu/lang"
)

// CanPrint says whether there is something to print with.
func CanPrint() bool {
	_, err := exec.LookPath(spooler)
	return err == nil
}

// spooler is the command of CUPS, which Linux and macOS share.
const spooler = "lp"

// Print sends a PDF to the person's usual printer. It goes through a pipe: no file is made. The folder is for systems
// that need one.
func Print(ctx context.Context, _ string, pdf []byte) error {
	cmd := exec.CommandContext(ctx, spooler, "-s", "-t", "Kapu") // others see the title in the queue
	cmd.Stdin = bytes.NewReader(pdf)
	var said bytes.Buffer
	cmd.Stderr = &said
	err := cmd.Run()
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if text := strings.TrimSpace(said.String()); err != nil && text != "" {
		err = errors.New(text)
		if strings.Contains(text, "no default destination") {
			err = lang.Cause("cause-no-printer")
		}
	}
	if err != nil {
		return lang.E("paper-not-printed", "Reason", err)
	}
	return nil
}
