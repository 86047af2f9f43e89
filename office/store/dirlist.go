package store

import (
	"context"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// List implements Store.
func (d *dir) List(ctx context.Context, prefix, after string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		l := listing{d, ctx, prefix, after, yield}
		l.folder(prefix[:strings.LastIndexByte(prefix, '/')+1])
	}
}

type listing struct {
	*dir
	ctx           context.Context
	prefix, after string
	yield         func(string, error) bool
}

// folder gives the names in a folder, which is "" or ends with a slash, and says whether to go on.
func (l listing) folder(name string) bool {
	entries, err := os.ReadDir(filepath.Join(l.root, filepath.FromSlash(name)))
	if err == nil {
		err = l.ctx.Err()
	} else if isGone(err) {
		err = l.connected()
	} else {
		err = l.unreadable(err)
	}
	if err == nil && name == "" {
		err = l.connected()
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

// inOrder sorts what a folder holds by the whole names it stands for: "a-b" comes before "a/b". What is not ours is
// left out.
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
