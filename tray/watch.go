package tray

import (
	"context"
	"path/filepath"
	"time"

	"github.com/fsnotify/fsnotify"

	"kapu/internal/disk"
)

// settleTime is the debounce: how long an editor may take to finish writing a file it has begun to write.
const settleTime = 200 * time.Millisecond

// watchFile is a debounced file watcher: it sends settleTime after the last change. It watches the folder, because
// editors replace the file. Where that is not possible the channel is nil, and the file is not followed.
func watchFile(ctx context.Context, path string) <-chan struct{} {
	dir := filepath.Dir(path)
	w, err := fsnotify.NewWatcher()
	if err != nil {
		return nil
	}
	if err = disk.TrustedFolder(dir); err == nil {
		err = w.Add(dir)
	}
	if err != nil {
		w.Close()
		return nil
	}
	news := make(chan struct{}, 1)
	go func() {
		defer w.Close()
		settled := time.NewTimer(settleTime)
		settled.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-w.Errors:
			case e := <-w.Events:
				if filepath.Base(e.Name) == filepath.Base(path) {
					settled.Reset(settleTime)
				}
			case <-settled.C:
				select {
				case news <- struct{}{}:
				default:
				}
			}
		}
	}()
	return news
}
