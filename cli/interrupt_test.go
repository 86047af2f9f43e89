//go:build linux

package cli

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"kapu/internal/wait"
)

// Ctrl-C and a polite kill end an import at any moment, without a word and with the code of Ctrl-C: while a key is
// made, in steps of ours or by a library, and while the file does not come to its end.
func TestImportIsInterrupted(t *testing.T) {
	dir := t.TempDir()
	put := func(name string, data []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	replaced := func(name string, from, to []byte) []byte {
		data, err := os.ReadFile(filepath.Join("..", "exchange", "testdata", name))
		if err != nil || !bytes.Contains(data, from) {
			t.Fatal(err)
		}
		return bytes.Replace(data, from, to, 1)
	}
	number := binary.LittleEndian.AppendUint64
	rounds := func(n uint64) []byte { return number([]byte("\x06\x08\x00"), n) }
	sealed, err := os.ReadFile(filepath.Join("..", "exchange", "testdata", "ente-encrypted.json"))
	if err != nil {
		t.Fatal(err)
	}
	argon := strings.NewReplacer(`"memLimit": 1048576`, `"memLimit": 134217728`, `"opsLimit": 2`, `"opsLimit": 140`).Replace(string(sealed))
	if !strings.Contains(argon, `"memLimit": 134217728`) || !strings.Contains(argon, `"opsLimit": 140`) {
		t.Fatal("there is nothing to change")
	}
	if err := syscall.Mkfifo(filepath.Join(dir, "fifo"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		path string
		with os.Signal
		busy bool // it computes, and does not wait
	}{
		"AES":     {put("a.kdbx", replaced("keepass3.kdbx", rounds(6000), rounds(590_000_000))), os.Interrupt, true},
		"Argon2":  {put("b.json", []byte(argon)), os.Interrupt, true},
		"SIGTERM": {filepath.Join(dir, "b.json"), syscall.SIGTERM, true},
		"a pipe":  {filepath.Join(dir, "fifo"), os.Interrupt, false},
	} {
		t.Run(name, func(t *testing.T) {
			cmd := exec.Command("kapu", "import", "--dry-run", tt.path)
			cmd.Env = append(os.Environ(), "KAPU_HOME="+t.TempDir(), "LANG=en_GB.UTF-8")
			cmd.Stdin = strings.NewReader("a password\n")
			var said bytes.Buffer
			cmd.Stdout, cmd.Stderr = &said, &said
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			ended := make(chan error, 1)
			go func() { ended <- cmd.Wait() }()
			if tt.busy {
				wait.Until(t, "the import to be under way", func() bool { return computes(cmd.Process.Pid) })
			} else { // until it reads; and nothing comes
				pipe, err := os.OpenFile(tt.path, os.O_WRONLY, 0)
				if err != nil {
					t.Fatal(err)
				}
				defer pipe.Close()
			}
			if err := cmd.Process.Signal(tt.with); err != nil {
				t.Fatal(err)
			}
			wait.For(t, "its end", ended)
			if code := cmd.ProcessState.ExitCode(); code != exitFailed || said.Len() > 0 {
				t.Errorf("exit %d: %s", code, said.String())
			}
		})
	}
}

// computes says whether a process has computed for half a second.
func computes(pid int) bool {
	data, _ := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	_, rest, _ := strings.Cut(string(data), ") ")
	fields := strings.Fields(rest)
	if len(fields) < 13 {
		return false
	}
	var ticks int
	_, _ = fmt.Sscan(fields[11], &ticks)
	return ticks > 50
}
