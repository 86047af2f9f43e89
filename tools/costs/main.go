// Command costs is a profiler of `make test`: it runs a part of it, passes its output on, and keeps what it took.
//
//	costs PART COMMAND...   runs a command; of `go test` it also keeps each package's and each test's time
//	costs                   prints the parts, and the costliest packages and tests, and forgets them
//
// Its promise: the exit code is the command's, and of `go test` a person sees what they would see without it: a line
// for each package, and everything that a failed test printed.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"time"
)

// record is one measured thing. Seconds are of the clock; CPU is the processor time of the command and of all that
// it waited for, in seconds, and known only of a whole part.
type record struct {
	Part, Package, Test string
	Seconds, CPU        float64
}

// file is the log of the records, one JSON object a line. Parts that run at the same time append to it.
var file = filepath.Join(".tools", "costs.jsonl")

func main() {
	if len(os.Args) < 3 {
		if err := report(os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, "costs:", err)
			os.Exit(1)
		}
		return
	}
	code, records, err := run(os.Args[1], os.Args[2:])
	if err == nil {
		err = keep(records)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "costs:", err)
		code = max(code, 1)
	}
	os.Exit(code)
}

// run runs a part and returns its exit code and what it cost.
func run(part string, command []string) (code int, records []record, err error) {
	isTest := len(command) > 1 && command[0] == "go" && command[1] == "test"
	if isTest {
		command = slices.Insert(slices.Clone(command), 2, "-json")
	}
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Stdin, cmd.Stderr = os.Stdin, os.Stderr
	begun := time.Now()
	if !isTest {
		cmd.Stdout = os.Stdout
		err = cmd.Run()
	} else {
		var out io.ReadCloser
		if out, err = cmd.StdoutPipe(); err != nil {
			return 1, nil, err
		}
		if err = cmd.Start(); err != nil {
			return 1, nil, err
		}
		reader := &testReader{out: os.Stdout, verbose: slices.Contains(command, "-v"), printed: map[name]string{}}
		for lines := bufio.NewReader(out); ; {
			line, readErr := lines.ReadBytes('\n')
			reader.line(line)
			if readErr != nil {
				break
			}
		}
		records = reader.records
		err = cmd.Wait()
	}
	if cmd.ProcessState == nil {
		return 1, nil, err
	}
	cpu := cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	records = append(records, record{Seconds: time.Since(begun).Seconds(), CPU: cpu.Seconds()})
	for i := range records {
		records[i].Part = part
	}
	if code = cmd.ProcessState.ExitCode(); code < 0 {
		code = 1 // a signal ended it
	}
	return code, records, nil
}

func keep(records []record) error {
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
