//go:build linux

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// buildArgs are the Makefile's: what is measured is what is shipped.
var buildArgs = []string{"build", "-trimpath", "-ldflags", "-s -w"}

func (b *bench) build() error {
	if b.program != "" {
		return nil
	}
	b.program = filepath.Join(b.dir, "kapu")
	return b.compile(b.program, "kapu")
}

// compile builds a program as a release is built.
func (b *bench) compile(program, source string) error {
	cmd := exec.CommandContext(b.ctx, "go", append(buildArgs, "-o", program, source)...)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("building %s: %w: %s", source, err, out)
	}
	return nil
}

func (b *bench) size() error {
	info, err := os.Stat(b.program)
	if err != nil {
		return err
	}
	b.table.add(row{
		"stripped program", fmt.Sprintf("%.1f MB", float64(info.Size())/1e6), "≤ 17 MB",
		fmt.Sprintf("CGO_ENABLED=0 go %s; %d bytes", strings.Join(buildArgs, " "), info.Size()),
	})
	return nil
}
