//go:build linux

package cli

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"kapu/internal/desktop"
	"kapu/internal/desktop/desktoptest"
)

// Where there is no terminal, the agent asks for the PIN on the desktop. Whatever ends the question leaves
// neither it nor an open vault behind.
func TestPINDialog(t *testing.T) {
	d := desktoptest.Start(t, desktop.Options{Keyring: true, Display: true})
	ctx := desktoptest.Context(t)
	home := t.TempDir()
	run := func(in string, args ...string) (string, int) {
		cmd := kapu(t, d, home, d.Display(), args...)
		cmd.Stdin = strings.NewReader(in)
		out, _ := cmd.CombinedOutput()
		return string(out), cmd.ProcessState.ExitCode()
	}
	for _, step := range [][]string{{"JBSWY3DPEHPK3PXP\n", "add", "Alfa Kft."}, {"2580\n", "protect", "pin"}, {"", "lock"}} {
		if out, code := run(step[0], step[1:]...); code != 0 {
			t.Fatalf("%v: %s", step[1:], out)
		}
	}
	t.Cleanup(func() { run("", "lock") })
	const title = "^Kapu$"
	typed := func(pin string) error { return d.Answer(ctx, title, pin) }
	for _, tt := range []struct {
		name  string
		do    func(cmd *exec.Cmd) error
		code  int
		want  string
		again bool // another question follows
	}{
		{"closed", func(*exec.Cmd) error { return d.Key(ctx, "Escape") }, exitFailed, "No PIN or password was given", false},
		{"given up", func(cmd *exec.Cmd) error { return cmd.Process.Signal(os.Interrupt) }, exitFailed, "", false},
		{"locked meanwhile", func(*exec.Cmd) error { return endAgent(t, home) }, exitLocked, "stayed locked", false},
		{"wrong, then right", func(*exec.Cmd) error { return typed("0000") }, exitDone, "Unlocked: 1 client", true},
	} {
		cmd := kapu(t, d, home, d.Display(), "unlock")
		var out bytes.Buffer
		cmd.Stdout, cmd.Stderr = &out, &out
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		if err := d.FocusWindow(ctx, title); err != nil {
			_ = cmd.Process.Kill()
			t.Fatalf("%s: no question: %v %s", tt.name, err, out.String())
		}
		if err := tt.do(cmd); err != nil {
			t.Fatal(err)
		}
		if tt.again {
			if err := typed("2580"); err != nil {
				t.Fatal(err)
			}
		}
		_ = cmd.Wait()
		if code := cmd.ProcessState.ExitCode(); code != tt.code || !strings.Contains(out.String(), tt.want) {
			t.Errorf("%s: exit code %d, want %d: %s", tt.name, code, tt.code, out.String())
		}
		if err := d.WaitNoWindow(ctx, title); err != nil {
			t.Errorf("%s: the question is still there", tt.name)
		}
		if _, code := run("", "list"); code != map[bool]int{true: exitDone, false: exitLocked}[tt.code == exitDone] {
			t.Errorf("%s: afterwards `kapu list` ends with %d", tt.name, code)
		}
	}
}

// endAgent does to the agent what a locked screen does: it begins its end.
func endAgent(t *testing.T, home string) error {
	t.Helper()
	procs, _ := filepath.Glob("/proc/[0-9]*/environ")
	for _, p := range procs {
		env, _ := os.ReadFile(p)
		line, _ := os.ReadFile(filepath.Join(filepath.Dir(p), "cmdline"))
		if bytes.Contains(env, []byte("KAPU_HOME="+home+"\x00")) && bytes.Contains(line, []byte("\x00agent\x00")) {
			pid, err := strconv.Atoi(filepath.Base(filepath.Dir(p)))
			if err != nil {
				return err
			}
			return syscall.Kill(pid, syscall.SIGTERM)
		}
	}
	return os.ErrProcessDone
}
