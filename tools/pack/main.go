// Pack makes everything that a release consists of: archives, packages, installers, lists of parts, checksums.
//
//	go run ./tools/pack -out dist [-only windows_amd64] [-draft]
//
// The same commit gives the same files, byte for byte, on any machine with the same Go: times are the commit's (or
// SOURCE_DATE_EPOCH), orders are fixed, and no path of this machine gets into a file. It needs git, and makensis,
// wixl and msibuild for Windows' installers. Where KAPU_SIGN names a program, it is called with each file for Windows
// that is to be signed, and signs it in place.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	out := flag.String("out", "dist", "write to this `folder`, in the place of an earlier run's files")
	only := flag.String("only", "", "for this `system` alone, such as windows_amd64")
	draft := flag.Bool("draft", false, "make an installer that is larger, in a tenth of the time")
	flag.Parse()
	if err := pack(*out, *only, *draft); err != nil {
		fmt.Fprintln(os.Stderr, "pack:", err)
		os.Exit(1)
	}
}

func pack(out, only string, draft bool) error {
	if err := emptied(out); err != nil {
		return err
	}
	r, err := newRelease(out)
	if err != nil {
		return err
	}
	defer os.RemoveAll(r.work)
	r.draft = draft
	for _, t := range targets {
		if only != "" && only != t.String() {
			continue
		}
		if err := r.pack(t); err != nil {
			return fmt.Errorf("%s: %w", t, err)
		}
	}
	return writeSums(out)
}

// emptied makes a folder without an earlier run's files, and leaves others alone.
func emptied(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	old, err := filepath.Glob(filepath.Join(dir, "kapu_*"))
	for _, path := range append(old, filepath.Join(dir, sumsName)) {
		if e := os.Remove(path); err == nil && !os.IsNotExist(e) {
			err = e
		}
	}
	return err
}

func (r *release) pack(t target) error {
	programs, err := r.build(t)
	if err != nil {
		return err
	}
	if err := r.writeParts(t, programs[0]); err != nil {
		return err
	}
	files, err := r.files(t, programs)
	if err != nil {
		return err
	}
	if t.os == "windows" {
		if err := r.writeZip(t, files); err != nil {
			return err
		}
		if err := r.writeInstaller(t, files); err != nil {
			return err
		}
		return r.writeMSI(t, files)
	}
	if err := r.writeTar(t, files); err != nil {
		return err
	}
	return r.writePackages(t, files)
}
