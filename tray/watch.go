package tray

import (
	"context"
	"path/filepath"
	"time"

	"github.com/fsnotify/fsnotify"

	"kapu/internal/disk"
)

// settleTime is how long an editor may take to finish writing a file it has begun to write.
const settleTime = 200 * time.Millisecond

// watchFile sends when a file has changed. The folder is watched, because editors put a new file into the old
// one's place. If that is not possible the file is simply not followed.
func watchFile(ctx context.Context, path string) <-chan struct{} {
	dir := filepath.Dir(path)
	w, err := fsnotify.NewWatcher()
	if err != nil {
		return nil
	}
	if err = disk.Folder(dir); err == nil {
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
