package exchange

import (
	"bytes"
	"errors"
	"io"
	"os"
	"unicode/utf8"

	"kapu/lang"
)

// maxFile is the largest file read: a hundred thousand clients are a fifth of it.
const maxFile = 64 << 20

// ReadFile reads a file and its format. Errors are sentences that name the file.
func ReadFile(path string, o ReadOptions) (format string, entries []Entry, err error) {
	f, err := os.Open(path)
	if err != nil {
		return "", nil, unreadable(path, err)
	}
	defer f.Close()
	data, err := readAll(path, f)
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
	}
}

// maxTries is how often a person is asked; nothing is guarded here that more tries would harm.
const maxTries = 3

// ReadInput is ReadFile of standard input, which path names. Nobody can be asked there: the line before an encrypted
// file is its password. Whether there is such a line shows when the first line does not belong to the file.
func ReadInput(path string, r io.Reader, o ReadOptions) (format string, entries []Entry, err error) {
	data, err := readAll(path, r)
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

func readAll(path string, r io.Reader) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxFile+1))
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
