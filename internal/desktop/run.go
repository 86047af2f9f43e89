//go:build linux

package desktop

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"syscall"
	"time"
)

// toolLimit bounds one call of a small tool such as xdotool.
const toolLimit = time.Minute

// run runs a tool to its end and returns what it printed.
func (d *Desktop) run(ctx context.Context, name string, args ...string) (string, error) {
	out, err := d.runBytes(ctx, name, args...)
	return string(out), err
}

func (d *Desktop) runBytes(ctx context.Context, name string, args ...string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, toolLimit)
	defer cancel()
	cmd := d.Command(ctx, name, args...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	out, err := cmd.Output()
	if err != nil {
		if ctx.Err() != nil {
			err = ctx.Err()
		}
		if exit := (*exec.ExitError)(nil); errors.As(err, &exit) && len(exit.Stderr) > 0 {
			err = fmt.Errorf("%w: %s", err, strings.TrimSpace(string(exit.Stderr)))
		}
		return out, fmt.Errorf("desktop: %s %s: %w", name, strings.Join(args, " "), err)
	}
	return out, nil
}

// Screenshot writes a picture of the whole screen; the file's ending says which kind.
func (d *Desktop) Screenshot(ctx context.Context, path string) error {
	_, err := d.run(ctx, "import", "-window", "root", path)
	return err
}
