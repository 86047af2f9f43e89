package paper

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sys/windows"

	"kapu/config"
	"kapu/internal/disk"
	"kapu/lang"
)

// CanPrint says whether there is something to print with.
func CanPrint() bool { return true }

// Print hands a PDF to the program that prints PDFs here. Some (Edge) can only show it; the person then prints it from
// there. These programs take no pipe: the file is in the person's own folder, and goes after loadTime.
func Print(ctx context.Context, dir string, pdf []byte) error {
	if err := disk.TrustedFolder(dir); err != nil {
		return lang.E("output-failed", "Path", dir, "Reason", err)
	}
	path := filepath.Join(dir, "print.pdf")
	remove(path) // of a process that was ended by force
	if err := config.WriteNew(path, pdf); err != nil {
		return err
	}
	defer remove(path)
	if hand("print", path) != nil {
		if err := hand("open", path); err != nil {
			return lang.E("paper-not-printed", "Reason", err)
		}
	}
	select {
	case <-ctx.Done():
	case <-time.After(loadTime):
	}
	return nil
}

// loadTime is what the other program may take to read the file.
const loadTime = time.Minute

func hand(verb, path string) error {
	v, err := windows.UTF16PtrFromString(verb)
	if err != nil {
		return err
	}
	file, err := windows.UTF16PtrFromString(path)
	if err != nil {
		return err
	}
	return windows.ShellExecute(0, v, file, nil, nil, windows.SW_SHOWNORMAL)
}

// remove takes the file away, when the program that still reads it lets go.
func remove(path string) {
	for range 50 {
		if err := os.Remove(path); err == nil || errors.Is(err, os.ErrNotExist) {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
}
