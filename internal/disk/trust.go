package disk

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"kapu/lang"
)

// ErrForeign is the kind of a path that is not believed, because somebody else owns it or may change it. Its sentence
// names the path, who that is and what mends it.
var ErrForeign = errors.New("somebody else may have written it")

// ErrUnowned is ErrForeign where the filesystem does not keep whose a file is: a share, a memory stick. What is sealed
// may lie there all the same.
var ErrUnowned = fmt.Errorf("%w: the filesystem keeps no owners", ErrForeign)

// Trusted checks that nobody else can have put a file or folder at a path, or can change it: the path itself, and every
// folder and link on the way to it, belong to this user or to an administrator, and nobody else may write there. Of
// what does not exist yet, the folders that do are checked. ErrForeign, or what kept it from looking.
func Trusted(path string) error {
	_, err := ours().walk(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// TrustedFolder makes a folder, as Folder does, and checks that it is trusted, before and after: where others may make
// folders too, as in /tmp, one of theirs may have come first.
func TrustedFolder(dir string) error {
	if _, err := ours().walk(dir); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := Folder(dir); err != nil {
		return err
	}
	return Trusted(dir)
}

// Subfolder makes a folder, as Folder does, in one in which strangers may write: the vault's, which may be on a share.
// A link there is followed only if nobody else can have made it; what it leads to is the person's choice. On a share
// none is: whose it is there, the owner of its server says. Between this look and what is done with the folder one can
// still be put there; a Tree has no such moment.
func Subfolder(dir string) error { return subfolder(dir, served) }

func subfolder(dir string, served func(path string) bool) error {
	info, err := os.Lstat(dir)
	if err != nil || !isLink(info) {
		return Folder(dir)
	}
	r := ours()
	above, err := r.walk(filepath.Dir(dir))
	if err == nil {
		err = r.judge(filepath.Join(above, filepath.Base(dir)), info)
	}
	if errors.Is(err, ErrForeign) || err == nil && served(above) {
		return lang.E("trust-link", "Path", dir).Kind(ErrForeign)
	}
	if err != nil {
		return err
	}
	return Folder(dir)
}

// ReadTrusted reads a whole file that nobody else can have written. The rights are those of the open file.
func ReadTrusted(path string) (data []byte, err error) {
	err = patiently(func() error {
		r := ours()
		real, err := r.walk(path)
		if err != nil {
			return err
		}
		f, err := os.Open(real)
		if err != nil {
			return err
		}
		defer f.Close()
		if err := r.judgeFile(f); err != nil {
			return err
		}
		data, err = io.ReadAll(f)
		return err
	})
	return data, err
}

// maxLinks is how many links are followed on one way, as in Linux.
const maxLinks = 40

// walk checks a path from the root down and returns it without links. There is no race in it: each step was looked at
// in a folder in which, as was found before, nobody else can exchange anything.
func (r *reader) walk(path string) (string, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	at, links := top(path), 0
	info, err := os.Lstat(at)
	if err == nil {
		err = r.judge(at, info)
	}
	if err != nil {
		return "", err
	}
	closed := "" // the folder on the way that others cannot enter: what is in it need not be closed itself
	for rest := parts(path); len(rest) > 0; {
		name := rest[0]
		rest = rest[1:]
		if name == ".." {
			at = filepath.Dir(at)
			continue
		}
		next := filepath.Join(at, name)
		info, err := os.Lstat(next)
		if err != nil {
			return "", err
		}
		if !within(at, closed) {
			closed = ""
		}
		r.closed = closed != ""
		if err := r.judge(next, info); err != nil {
			return "", err
		}
		if target, err := os.Readlink(next); isLink(info) && err == nil {
			if links++; links > maxLinks {
				return "", &fs.PathError{Op: "open", Path: path, Err: syscall.ELOOP}
			}
			if filepath.IsAbs(target) {
				at = top(target)
			}
			rest = append(parts(target), rest...)
			continue
		}
		if at = next; closed == "" && !r.strict && keepsOut(info) {
			closed = at
		}
	}
	return at, nil
}

// top is the root that a path begins at.
func top(path string) string {
	return filepath.VolumeName(path) + string(filepath.Separator)
}

// parts are the names in a path.
func parts(path string) []string {
	return strings.FieldsFunc(path[len(filepath.VolumeName(path)):], func(r rune) bool { return os.IsPathSeparator(uint8(r)) })
}

// isLink is true of a symbolic link, and of what leads elsewhere on Windows (a junction).
func isLink(info fs.FileInfo) bool { return info.Mode()&(fs.ModeSymlink|fs.ModeIrregular) != 0 }

// within says whether a path is a folder or lies in it; nothing lies in "".
func within(path, folder string) bool {
	rest, ok := strings.CutPrefix(path, folder)
	return ok && folder != "" && (rest == "" || os.IsPathSeparator(rest[0]) || os.IsPathSeparator(folder[len(folder)-1]))
}
