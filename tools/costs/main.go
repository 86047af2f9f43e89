// Command costs is a profiler of `make test`: it runs a part of it, passes its output on, and keeps what it took.
//
//	costs part NAME COMMAND...   runs a part and keeps what it cost as a whole
//	costs tests go test ...      runs tests and keeps what each package and each test took
//	costs report                 prints the parts, the costliest packages and tests, and once more what failed tests
//	                             printed, since parts that ran meanwhile have pushed it far up; then forgets them
//
// Its promise: the exit code is the command's, and of `go test` a person sees what they would see without it: a line
// for each package, and everything that a failed test printed.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"time"
)

// record is one measured thing: a part, or a package, or a test of a package. Seconds are of the clock; CPU is the
// processor time of a part and of all that it started, in seconds. Failure is what a failed test printed.
type record struct {
	Part, Package, Test string
	Seconds, CPU        float64
	Failure             string `json:",omitempty"`
}

// file is the log of the records, one JSON object a line. Parts that run at the same time append to it.
var file = filepath.Join(".tools", "costs.jsonl")

func main() {
	var code int
	var err error
	switch args := os.Args[1:]; {
	case len(args) > 2 && args[0] == "part":
		code, err = part(args[1], args[2:])
	case len(args) > 3 && args[0] == "tests" && args[1] == "go" && args[2] == "test":
		code, err = tests(args[3:])
	case len(args) == 1 && args[0] == "report":
		err = report(os.Stdout)
	default:
		err = errors.New("part NAME COMMAND... | tests go test ARGS... | report")
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "costs:", err)
		code = max(code, 1)
	}
	os.Exit(code)
}

// part runs a command and returns its exit code.
func part(name string, command []string) (code int, err error) {
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	begun := time.Now()
	code, cpu, err := run(cmd)
	if err != nil {
		return code, err
	}
	return code, keep(record{Part: name, Seconds: time.Since(begun).Seconds(), CPU: cpu.Seconds()})
}

// tests runs `go test` and returns its exit code.
func tests(args []string) (code int, err error) {
	cmd := exec.Command("go", append([]string{"test", "-json"}, args...)...)
	cmd.Stdin, cmd.Stderr = os.Stdin, os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return 1, err
	}
	if err := cmd.Start(); err != nil {
		return 1, err
	}
	reader := &testReader{out: os.Stdout, verbose: slices.Contains(args, "-v"), printed: map[name]string{}}
	for lines := bufio.NewReader(out); ; {
		line, err := lines.ReadBytes('\n')
		reader.line(line)
		if err != nil {
			break
		}
	}
	if code, err = exitCode(cmd, cmd.Wait()); err != nil {
		return code, err
	}
	return code, keep(reader.records...)
}

// exitCode is that of a command that has ended; one that a signal has ended has 1. An error says that it never began.
func exitCode(cmd *exec.Cmd, err error) (int, error) {
	if cmd.ProcessState == nil {
		return 1, err
	}
	if code := cmd.ProcessState.ExitCode(); code >= 0 {
		return code, nil
	}
	return 1, nil
}

func keep(records ...record) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	f, err := os.OpenFile(file, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	defer f.Close()
	for _, r := range records {
		line, _ := json.Marshal(r)
		if _, err := f.Write(append(line, '\n')); err != nil {
			return err
		}
	}
	return f.Close()
}
