package process

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"

	"kapu/internal/disk"
)

// Alone makes this process a singleton by an advisory lock on a file, which the system releases when the process ends,
// however that comes about; first says whether it is the first. One that is not waits for the other's end, at most
// patience, and not any longer once there says that the other is established.
func Alone(path string, patience time.Duration, there func() bool) (lock io.Closer, first bool, err error) {
	if err := disk.TrustedFolder(filepath.Dir(path)); err != nil {
		return nil, false, err
	}
	l := flock.New(path, flock.SetPermissions(0o600))
	for deadline := time.Now().Add(patience); ; time.Sleep(retryTime) {
		first, err := l.TryLock()
		if first || err != nil || time.Now().After(deadline) || there() {
			return l, first, err
		}
	}
}

// Taken says whether a process is alone by this file, without waiting. What cannot be found out is taken. It looks by a
// shared lock, which keeps who is just about to be alone for a moment longer than retryTime at most.
func Taken(path string) bool {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return false
	}
	l := flock.New(path, flock.SetPermissions(0o600))
	defer l.Close()
	free, err := l.TryRLock()
	return err != nil || !free
}

const retryTime = 10 * time.Millisecond
