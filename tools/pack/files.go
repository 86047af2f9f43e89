package main

import (
	"bytes"
	"compress/gzip"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"kapu/cli"
)

// file is one that is installed: on Linux below /usr, on Windows in the program's folder.
type file struct {
	name string // with slashes
	mode fs.FileMode
	data []byte
}

// files are all that a target installs, in order of their names.
func (r *release) files(t target, programs []string) ([]file, error) {
	l := &list{root: r.root}
	docs := ""
	if t.os == "linux" {
		docs = "share/doc/kapu/"
		r.addLinux(l)
	} else {
		for _, name := range []string{"kapu.admx", "hu-HU/kapu.adml", "en-US/kapu.adml"} { // group policies
			l.copy("admx/"+name, "tools/pack/windows/admx/"+name)
		}
	}
	for _, p := range programs {
		name := filepath.Base(p)
		if t.os == "linux" {
			name = "bin/" + name
		}
		l.read(name, 0o755, p)
	}
	licences, err := r.licences(t)
	if err != nil {
		return nil, err
	}
	l.add(docs+"THIRD-PARTY.txt", licences)
	l.copy(docs+map[string]string{"linux": "copyright", "windows": "LICENSE.txt"}[t.os], "LICENSE")
	for _, name := range []string{"README.md", "README.hu.md"} {
		l.copy(docs+name, name)
	}
	for _, pattern := range []string{"docs/*.md", "docs/*.csv", "docs/guide/*.md", "docs/pictures/*.png", "docs/pictures/*/*.png"} {
		found, _ := filepath.Glob(filepath.Join(r.root, pattern))
		for _, p := range found {
			name, _ := filepath.Rel(r.root, p)
			l.read(docs+filepath.ToSlash(name), 0o644, p)
		}
	}
	slices.SortFunc(l.files, func(a, b file) int { return strings.Compare(a.name, b.name) })
	return l.files, l.err
}

// addLinux adds what a Linux desktop wants to know of a program.
func (r *release) addLinux(l *list) {
	l.copy("share/applications/kapu.desktop", "tools/pack/linux/kapu.desktop")
	l.copy("share/icons/hicolor/scalable/apps/kapu.svg", "icons/kapu.svg")
	l.copy("share/icons/hicolor/256x256/apps/kapu.png", "icons/kapu.png")
	l.pressed("share/man/man1/kapu.1.gz", l.must(r.manual("en")))
	l.pressed("share/man/hu/man1/kapu.1.gz", l.must(r.manual("hu")))
	changes, err := os.ReadFile(filepath.Join(r.root, "CHANGELOG.md"))
	l.pressed("share/doc/kapu/changelog.gz", l.must(changes, err))

	root := cli.Commands("en")
	var bash, zsh, fish bytes.Buffer
	for _, err := range []error{root.GenBashCompletionV2(&bash, true), root.GenZshCompletion(&zsh), root.GenFishCompletion(&fish, true)} {
		l.must(nil, err)
	}
	l.add("share/bash-completion/completions/kapu", bash.Bytes())
	l.add("share/zsh/site-functions/_kapu", zsh.Bytes())
	l.add("share/fish/vendor_completions.d/kapu.fish", fish.Bytes())
}

// list collects files, and the first thing that went wrong.
type list struct {
	root  string
	files []file
	err   error
}

func (l *list) must(data []byte, err error) []byte {
	if l.err == nil {
		l.err = err
	}
	return data
}

func (l *list) add(name string, data []byte) {
	l.files = append(l.files, file{name, 0o644, data})
}

func (l *list) read(name string, mode fs.FileMode, from string) {
	data, err := os.ReadFile(from)
	l.files = append(l.files, file{name, mode, l.must(data, err)})
}

// copy adds a file of the repository.
func (l *list) copy(name, from string) {
	l.read(name, 0o644, filepath.Join(l.root, filepath.FromSlash(from)))
}

// pressed adds a file as Debian wants manuals: with the best compression, and without a name or a time in it.
func (l *list) pressed(name string, data []byte) {
	var b bytes.Buffer
	w, _ := gzip.NewWriterLevel(&b, gzip.BestCompression)
	_, err := w.Write(data)
	l.must(nil, err)
	l.must(nil, w.Close())
	l.add(name, b.Bytes())
}

// stage writes files below a folder, for tools that want them there.
func stage(dir string, files []file) error {
	for _, f := range files {
		to := filepath.Join(dir, filepath.FromSlash(f.name))
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(to, f.data, f.mode); err != nil {
			return err
		}
	}
	return nil
}

// folders are those that files lie in, the outer ones first.
func folders(files []file) []string {
	var all []string
	for _, f := range files {
		for d := path.Dir(f.name); d != "."; d = path.Dir(d) {
			all = append(all, d)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}
