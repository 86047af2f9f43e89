//go:build linux

// Command bench measures what Kapu promises about speed and size and prints it as a table, beside what other
// programs take for the same. `make bench` calls it.
//
// Its promise: every number comes from the program as it is shipped, on a private desktop with a real panel and a
// real keychain; each row says how it was measured and how often; what could not be measured says why. A time is
// never an error: a loaded machine is slow, and the line above the table says how loaded it was.
package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
)

func main() {
	quick := flag.Bool("quick", false, "fewer rounds and ten idle seconds instead of a minute")
	only := flag.String("only", "", "measure these parts only, separated by commas: size, vault, import, start, unlock, idle, memory, click, signals, code, sessions, office, windows")
	before := flag.String("before", "", "an older kapu, whose figures are measured first and printed beside the new ones; twice the time")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()

	dir, err := os.MkdirTemp("", "kapu-bench-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	b := &bench{ctx: ctx, quick: *quick, only: *only, dir: dir}
	fmt.Println(machine())
	if *before != "" {
		older := &bench{ctx: ctx, quick: *quick, only: cmp.Or(*only, ofTheProgram), dir: filepath.Join(dir, "before")}
		older.program, err = filepath.Abs(*before)
		if err = errors.Join(err, os.Mkdir(older.dir, 0o700)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		older.run()
		b.table.before = older.table.rows
	}
	b.run()
	os.RemoveAll(dir)
	fmt.Println()
	b.table.print(os.Stdout)
	fmt.Printf("\nload average at the end: %s\n", loadAverage())
}

// bench is one run.
type bench struct {
	ctx     context.Context
	quick   bool
	only    string
	dir     string // for everything that is written; removed at the end
	program string // the kapu that is measured; "" is to be built
	table   table
}

// The sizes that the promises speak of.
const (
	manyClients  = 2_000
	manyFolders  = 40
	manyAccounts = 10_000
	someAccounts = 1_000
)

// ofTheProgram are the parts that measure nothing but the program itself.
const ofTheProgram = "size,start,unlock,idle,memory,click,signals,code,sessions"

func (b *bench) run() {
	if err := b.build(); err != nil {
		b.table.skip("everything", "", err)
		return
	}
	b.part("size", b.size)
	b.part("vault", b.vaultFile)
	b.part("import", b.imports)
	if b.wants("start", "unlock", "idle", "memory", "click", "signals", "code") {
		b.onDesktop()
	}
	b.part("sessions", b.sessions)
	b.part("office", b.office)
	b.part("windows", b.inWine)
}

func (b *bench) wants(parts ...string) bool {
	return b.only == "" || slices.ContainsFunc(strings.Split(b.only, ","), func(p string) bool { return slices.Contains(parts, p) })
}

// part runs one measurement. One that fails becomes a row that says why, and the others go on.
func (b *bench) part(name string, measure func() error) {
	if !b.wants(name) {
		return
	}
	fmt.Fprintf(os.Stderr, "measuring: %s\n", name)
	err := b.ctx.Err()
	if err == nil {
		err = measure()
	}
	if err != nil {
		b.table.skip(name, "", err)
	}
}

// rounds is how often something is measured.
func (b *bench) rounds(full, quick int) int {
	if b.quick {
		return quick
	}
	return full
}
