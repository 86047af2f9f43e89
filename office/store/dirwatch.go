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

// pollTime is how often a folder is looked at whose changes are not announced, because they are made on other machines.
const pollTime = 2 * time.Second

// Watch implements Watcher. On one's own disk the system tells; elsewhere the time at which a folder changed does.
func (d *dir) Watch(ctx context.Context, prefix string) <-chan struct{} {
	w := &watch{dir: d, top: prefix[:strings.LastIndexByte(prefix, '/')+1], changed: map[string]time.Time{}}
	w.told, _ = fsnotify.NewWatcher() // without it there is the clock
	w.look()
	news := make(chan struct{}, 1)
	go w.run(ctx, news)
	return news
}

type watch struct {
	*dir
	top     string // the folder, "" or with a slash at its end
	told    *fsnotify.Watcher
	changed map[string]time.Time // the folders, and when they were changed
}

func (w *watch) run(ctx context.Context, news chan<- struct{}) {
	defer close(news)
	var events <-chan fsnotify.Event
	var failures <-chan error
	if w.told != nil {
		defer w.told.Close()
		events, failures = w.told.Events, w.told.Errors
	}
	tick := time.NewTicker(pollTime)
	defer tick.Stop()
	for {
		isNew := false
		select {
		case <-ctx.Done():
			return
		case <-failures: // what was missed, the clock finds
		case e := <-events:
			isNew = validPart(filepath.Base(e.Name)) && !e.Has(fsnotify.Chmod)
			if isNew && e.Has(fsnotify.Create) {
				w.look()
			}
		case <-tick.C:
			isNew = w.look()
		}
		if isNew {
			select {
			case news <- struct{}{}:
			default:
			}
		}
	}
}

// look compares the folders' times with those of the last look, and says whether one has changed. A folder that has
// may have new ones in it.
func (w *watch) look() bool {
	found := false
	todo := slices.Collect(maps.Keys(w.changed))
	if len(todo) == 0 {
		todo = []string{w.top}
	}
	for len(todo) > 0 {
		name := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		path := w.path(name)
		info, err := os.Stat(path)
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
		if !known && w.told != nil {
			_ = w.told.Add(path)
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
