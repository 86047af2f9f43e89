package store

import (
	"context"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"
)

// pollTime is the interval of polling for changes that the system does not notify of, because they are made on other
// machines.
const pollTime = 2 * time.Second

// Watch implements Watcher: by the system's notifications on one's own disk, and elsewhere by polling the modification
// times of the folders.
func (d *dir) Watch(ctx context.Context, prefix string) <-chan struct{} {
	w := &watch{dir: d, top: prefix[:strings.LastIndexByte(prefix, '/')+1], changed: map[string]time.Time{}}
	w.events, _ = fsnotify.NewWatcher() // without it there is polling
	w.scan()
	news := make(chan struct{}, 1)
	go w.run(ctx, news)
	return news
}

// watch is one running Watch.
type watch struct {
	*dir
	top     string // the folder, "" or with a slash at its end
	events  *fsnotify.Watcher
	changed map[string]time.Time // folder → modification time at the last scan
}

func (w *watch) run(ctx context.Context, news chan<- struct{}) {
	defer close(news)
	var events <-chan fsnotify.Event
	var failures <-chan error
	if w.events != nil {
		defer w.events.Close()
		events, failures = w.events.Events, w.events.Errors
	}
	tick := time.NewTicker(pollTime)
	defer tick.Stop()
	for {
		isNew := false
		select {
		case <-ctx.Done():
			return
		case <-failures: // what was missed, polling finds
		case e := <-events:
			isNew = validPart(filepath.Base(e.Name)) && !e.Has(fsnotify.Chmod)
			if isNew && e.Has(fsnotify.Create) {
				w.scan()
			}
		case <-tick.C:
			isNew = w.scan()
		}
		if isNew {
			select {
			case news <- struct{}{}:
			default:
			}
		}
	}
}

// scan compares the folders' modification times with those of the last scan, and says whether one has changed. Only
// those that have are searched for new folders.
func (w *watch) scan() bool {
	found := false
	todo := slices.Collect(maps.Keys(w.changed))
	if len(todo) == 0 {
		todo = []string{w.top}
	}
	for len(todo) > 0 {
		name := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		path := filepath.Join(w.root, filepath.FromSlash(name))
		info, err := os.Lstat(path)
		if name == "" {
			info, err = os.Stat(path) // the store's own path may be a link
		}
		last, known := w.changed[name]
		if err != nil || !info.IsDir() {
			found = found || known
			delete(w.changed, name)
			continue
		}
		if known && info.ModTime().Equal(last) {
			continue
		}
		found = true
		if !known && w.events != nil {
			_ = w.events.Add(path)
		}
		w.changed[name] = info.ModTime()
		entries, _ := os.ReadDir(path)
		for _, e := range entries {
			if below := name + e.Name() + "/"; e.IsDir() && validPart(e.Name()) {
				if _, known := w.changed[below]; !known {
					todo = append(todo, below)
				}
			}
		}
	}
	return found
}
