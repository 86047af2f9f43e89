package exchange

import (
	"errors"
	"io"
	"io/fs"
	"os"

	"kapu/lang"
)

// maxFile is the largest file read: a hundred thousand clients are a fifth of it.
const maxFile = 64 << 20

// ReadFile reads a file and its format. Errors are sentences that name the file.
func ReadFile(path string, ask Ask) (format string, entries []Entry, err error) {
	f, err := os.Open(path)
	if err != nil {
		return "", nil, unreadable(path, err)
	}
	defer f.Close()
	return ReadFrom(path, f, ask)
}

// ReadFrom is ReadFile of what is open already, such as standard input.
func ReadFrom(path string, r io.Reader, ask Ask) (format string, entries []Entry, err error) {
	data, err := io.ReadAll(io.LimitReader(r, maxFile+1))
	if err != nil {
		return "", nil, unreadable(path, err)
	}
	if len(data) > maxFile {
		return "", nil, lang.E("import-big", "Path", path, "Most", maxFile>>20)
	}
	if format, entries, err = Read(data, ask); err != nil {
		return "", nil, lang.E("import-failed", "Path", path, "Reason", err)
	}
	return format, entries, nil
}

// unreadable gives the system's reason without the path, which the sentence has already.
func unreadable(path string, err error) error {
	if p, ok := errors.AsType[*fs.PathError](err); ok {
		err = p.Err
	}
	return lang.E("import-unreadable", "Path", path, "Reason", err)
}
