//go:build !windows

package paper

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What is printed travels through a pipe: in no argument, and in no file of ours.
func TestPrint(t *testing.T) {
	bin, dir, got := t.TempDir(), t.TempDir(), t.TempDir()
	t.Setenv("PATH", bin+":"+os.Getenv("PATH"))
	t.Setenv("GOT", got)
	printer := func(script string) {
		if err := os.WriteFile(filepath.Join(bin, spooler), []byte("#!/bin/sh\n"+script), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	printer(`echo "$*" > $GOT/args; cat > $GOT/page`)
	if !CanPrint() {
		t.Error("no printer is seen")
	}
	if err := Print(t.Context(), dir, []byte("AGE-SECRET")); err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile(filepath.Join(got, "page"))
	args, argsErr := os.ReadFile(filepath.Join(got, "args"))
	if err != nil || argsErr != nil || string(page) != "AGE-SECRET" || strings.Contains(string(args), "AGE") {
		t.Errorf("printed %q with %q, %v %v", page, args, err, argsErr)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	printer(`cat >/dev/null; echo 'lp: Error - no default destination available.' >&2; exit 1`)
	if err := Print(t.Context(), dir, []byte("x")); err == nil || !strings.Contains(err.Error(), "no default printer") {
		t.Errorf("without a printer: %v", err)
	}
}
