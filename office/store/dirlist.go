package store

import (
	"context"
	"errors"
	"io/fs"
	"iter"
	"os"
	"slices"
	"strings"

	"kapu/internal/disk"
)

// List implements Store.
func (d *dir) List(ctx context.Context, prefix, after string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		if ctx.Err() != nil {
			yield("", ctx.Err())
			return
		}
		t, err := within(ctx, d, func(context.Context) (*disk.Tree, error) { return d.open() })
		if err != nil {
			yield("", err)
			return
		}
		defer t.Close()
		l := listing{d, t, ctx, prefix, after, yield}
		l.folder(prefix[:strings.LastIndexByte(prefix, '/')+1])
	}
}

// listing is one depth-first walk of the folders below a prefix, in the order of whole names.
type listing struct {
	*dir
	tree          *disk.Tree
	ctx           context.Context
	prefix, after string
	yield         func(string, error) bool
}

// folder walks a folder, whose name is "" or ends with a slash, and returns false to stop.
func (l listing) folder(name string) bool {
	entries, err := within(l.ctx, l.dir, func(context.Context) ([]os.DirEntry, error) { return l.read(name) })
	if closed, ok := errors.AsType[*closedFolder](err); ok && len(name) > len(l.prefix) {
		return l.yield(name, closed.error) // the others can be read
	} else if ok {
		err = closed.error
	}
	if err != nil {
		l.yield("", err)
		return false
	}
	for _, part := range inOrder(entries) {
		full := name + part
		switch {
		case !strings.HasPrefix(full, l.prefix) && !strings.HasPrefix(l.prefix, full):
		case part[len(part)-1] == '/':
			if (full > l.after || strings.HasPrefix(l.after, full)) && !l.folder(full) {
				return false
			}
		case strings.HasPrefix(full, l.prefix) && full > l.after && ValidName(full):
			if !l.yield(full, nil) {
				return false
			}
		}
	}
	return true
}

// closedFolder is the error of a folder that may not be read, as when it is somebody else's.
type closedFolder struct{ error }

// read reads a folder; one that is not there is empty.
func (l listing) read(name string) ([]os.DirEntry, error) {
	entries, err := l.tree.ReadDir(name)
	switch {
	case err == nil:
		err = l.ctx.Err()
	case isGone(err):
		err = l.connected(l.tree)
	case errors.Is(err, fs.ErrPermission):
		return nil, &closedFolder{said(err, l.unreadable)}
	default:
		err = said(err, l.unreadable)
	}
	if err == nil && name == "" {
		err = l.connected(l.tree)
	}
	return entries, err
}

// inOrder sorts the entries of a folder by the whole names they stand for: "a-b" comes before "a/b". Foreign files,
// such as conflict copies, are left out.
func inOrder(entries []os.DirEntry) []string {
	parts := make([]string, 0, len(entries))
	for _, e := range entries {
		switch {
		case !validPart(e.Name()):
		case e.IsDir():
			parts = append(parts, e.Name()+"/")
		case e.Type().IsRegular():
			parts = append(parts, e.Name())
		}
	}
	slices.Sort(parts)
	return parts
}
