package exchange

import (
	"bytes"
	"errors"
	"io"
	"os"
	"slices"
	"unicode/utf8"

	"kapu/lang"
)

// maxFile is the largest file read: a hundred thousand clients are a fifth of it.
const maxFile = 64 << 20

// ReadFile reads a file and its format. Errors are sentences that name the file.
func ReadFile(path string, o ReadOptions) (format string, entries []Entry, err error) {
	defer o.begin()()
	f, err := os.Open(path)
	if err != nil {
		return "", nil, unreadable(path, err)
	}
	defer f.Close()
	data, err := readAll(path, f, o.Budget)
	if err != nil {
		return "", nil, err
	}
	format, entries, err = Read(data, o)
	return format, entries, Failed(path, err)
}

// ReadPatiently is ReadFile for somebody who may mistype: a wrong password is said, and asked for again.
func ReadPatiently(path string, o ReadOptions, wrong func(error)) (format string, entries []Entry, err error) {
	for tries := 1; ; tries++ {
		format, entries, err = ReadFile(path, o)
		if !errors.Is(err, ErrPassword) || tries == maxTries {
			return format, entries, err
		}
		wrong(err)
		if o.Budget != nil {
			o.Budget.again()
		}
	}
}

// maxTries is how often a person is asked; nothing is guarded here that more tries would harm.
const maxTries = 3

// ReadInput is ReadFile of standard input, which path names. Nobody can be asked there: the line before an encrypted
// file is its password. Whether there is such a line shows when the first line does not belong to the file.
func ReadInput(path string, r io.Reader, o ReadOptions) (format string, entries []Entry, err error) {
	defer o.begin()()
	data, err := readAll(path, r, o.Budget)
	if err != nil {
		return "", nil, err
	}
	o.Ask = nil
	format, entries, err = Read(data, o)
	if line, rest, _ := bytes.Cut(data, []byte("\n")); err != nil && utf8.Valid(line) {
		asked := false
		o.Ask = func(string) (string, error) {
			asked = true
			return string(bytes.TrimRight(line, "\r")), nil
		}
		f, e, again := Read(rest, o)
		if asked {
			format, entries, err = f, e, again
		}
	}
	return format, entries, Failed(path, err)
}

func readAll(path string, r io.Reader, b *Budget) ([]byte, error) {
	var data []byte
	var err error
	if f, ok := r.(*os.File); ok {
		if info, _ := f.Stat(); info != nil && info.Mode().IsRegular() { // in one piece, of the right size
			data = make([]byte, 0, min(info.Size(), maxFile)+1)
		}
	}
	for rest := io.LimitReader(r, maxFile+1); err == nil; {
		if err = b.err(); err != nil {
			return nil, err
		}
		if len(data) == cap(data) {
			data = slices.Grow(data, max(len(data)/4, 1<<16))
		}
		var n int
		n, err = rest.Read(data[len(data):cap(data)])
		data = data[:len(data)+n]
	}
	if err == io.EOF {
		err = nil
	}
	if err != nil {
		return nil, unreadable(path, err)
	}
	if len(data) > maxFile {
		return nil, lang.E("import-big", "Path", path, "Most", maxFile>>20)
	}
	return data, nil
}

func unreadable(path string, err error) error {
	return lang.E("import-unreadable", "Path", path, "Reason", err)
}

// Failed names the file that could not be imported.
func Failed(path string, err error) error {
	if err == nil {
		return nil
	}
	return lang.E("import-failed", "Path", path, "Reason", err)
}
