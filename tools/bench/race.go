//go:build linux

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"kapu/internal/desktop"
	"kapu/internal/examples"
)

// racer is a program that prints a code.
type racer struct {
	what   string // for the table
	goal   string
	how    string
	args   []string
	env    []string
	input  string // a file for standard input
	digits func(output string) string
	slow   bool // runs in every tenth round only

	took times
}

// race runs programs that print a code one after the other, again and again, so that a busy moment of the machine
// meets all of them.
func (b *bench) race(d *desktop.Desktop) error {
	o := &person{d, b, filepath.Join(d.Home(), "thousand"), examples.Clients(someAccounts, manyFolders)}
	defer o.close()
	if err := o.takeIn(); err != nil {
		return err
	}
	wanted := o.clients[len(o.clients)/2]
	field, err := b.racers(o, wanted)
	defer field.close()
	if err != nil {
		return err
	}
	n := b.rounds(300, 40)
	for i := range n {
		for j := range field.racers {
			r := field.racers[(i+j)%len(field.racers)]
			if r.slow && i%10 != 0 {
				continue
			}
			if err := waitForLife(b.ctx); err != nil { // a code that changes under a program would look wrong
				return err
			}
			if err := r.run(wanted.Key); err != nil {
				return fmt.Errorf("%s: %w", r.what, err)
			}
		}
	}
	for _, r := range field.racers {
		b.table.add(row{
			r.what, fmt.Sprintf("p50 %s, p90 %s", ms(r.took.median()), ms(r.took.at(90))), r.goal,
			fmt.Sprintf("%s; %d rounds, in turn with the others", r.how, len(r.took)),
		})
	}
	for _, s := range field.missing {
		b.table.skip(s.what, "", s.why)
	}
	return nil
}

// run measures from before the process is made to after its end, and checks what it printed.
func (r *racer) run(key string) error {
	input, err := os.Open(r.input)
	if err != nil {
		return err
	}
	defer input.Close()
	reader, writer, err := os.Pipe()
	if err != nil {
		return err
	}
	defer reader.Close()
	env := (&exec.Cmd{Env: r.env}).Environ() // what is set twice counts as set last
	// Not exec.Command: its goroutines and its look through PATH are not the program's.
	start := time.Now()
	p, err := os.StartProcess(r.args[0], r.args, &os.ProcAttr{Env: env, Files: []*os.File{input, writer, writer}})
	writer.Close()
	if err != nil {
		return err
	}
	state, err := p.Wait()
	took := time.Since(start)
	if err != nil {
		return err
	}
	output := make([]byte, 4096) // less than a pipe holds, so that nobody had to read meanwhile
	n, _ := reader.Read(output)
	text := string(output[:n])
	if !state.Success() {
		return fmt.Errorf("%s: %s", state, text)
	}
	if r.digits != nil {
		code, err := codeOf(key)
		if err != nil {
			return err
		}
		if got := r.digits(text); got != code {
			return fmt.Errorf("the code is %s, it says %q", code, text)
		}
	}
	r.took = append(r.took, took)
	return nil
}

// field is who takes part, and who does not and why.
type field struct {
	racers  []*racer
	missing []absent
	end     []func()
}

type absent struct {
	what string
	why  error
}

func (f *field) close() {
	for _, end := range f.end {
		end()
	}
}

// lastLine is what most programs print their code on.
func lastLine(output string) string {
	lines := strings.Split(strings.TrimSpace(output), "\n")
	return strings.TrimSpace(lines[len(lines)-1])
}

// lastWord is for programs that put words in front of the code.
func lastWord(output string) string {
	words := strings.Fields(output)
	if len(words) == 0 {
		return ""
	}
	return words[len(words)-1]
}

func (b *bench) racers(o *person, wanted examples.Client) (*field, error) {
	f := &field{}
	kapu := o.command("code", wanted.Name)
	f.racers = append(f.racers, &racer{
		what: "kapu code X, 1,000 accounts", goal: "≤ 2.5 × a Go program's least", how: "kapu code NAME beside an unlocked agent, whole process",
		args: kapu.Args, env: kapu.Env, input: os.DevNull, digits: lastLine,
	})
	for _, rival := range rivals {
		r, end, err := b.rival(o, rival, wanted)
		if end != nil {
			f.end = append(f.end, end)
		}
		if err != nil {
			f.missing = append(f.missing, absent{rival.what, err})
			continue
		}
		// Whoever cannot give the right code once is not in the race.
		if err := r.run(wanted.Key); err != nil {
			f.missing = append(f.missing, absent{rival.what, err})
			continue
		}
		r.took = nil
		f.racers = append(f.racers, r)
	}
	return f, waitForLife(b.ctx)
}

func (b *bench) rival(o *person, rival rival, wanted examples.Client) (*racer, func(), error) {
	path, err := exec.LookPath(rival.program)
	if err != nil {
		return nil, nil, fmt.Errorf("%s is not installed", rival.program)
	}
	dir := filepath.Join(b.dir, rival.program)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, nil, err
	}
	if err := waitForLife(b.ctx); err != nil {
		return nil, nil, err
	}
	r := &racer{what: rival.what, how: rival.how, args: []string{path}, env: o.Env(), input: os.DevNull, digits: lastLine, slow: rival.slow}
	end, err := rival.prepare(o, r, dir, wanted)
	return r, end, err
}
