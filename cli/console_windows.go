package cli

import (
	"io"
	"os"
	"strings"

	"golang.org/x/sys/windows"
)

// showColours lets an old console window understand what all other terminals do. Where it cannot, the code is shown
// with the marks between its lines.
func showColours() {
	out := windows.Handle(windows.Stdout)
	var mode uint32
	if windows.GetConsoleMode(out, &mode) == nil {
		_ = windows.SetConsoleMode(out, mode|windows.ENABLE_VIRTUAL_TERMINAL_PROCESSING)
	}
}

func stayInFront() (end func()) { return func() {} }

// errorOutput is where sentences about errors go: a box on the screen if the program was started by a click, when
// nobody would see what it prints.
func errorOutput() io.Writer {
	if h, err := windows.GetStdHandle(windows.STD_ERROR_HANDLE); err == nil && h != 0 {
		return os.Stderr
	}
	return box{}
}

type box struct{}

func (box) Write(text []byte) (int, error) {
	said, err := windows.UTF16PtrFromString(strings.TrimSpace(string(text)))
	if err != nil {
		return 0, err
	}
	title, _ := windows.UTF16PtrFromString("Kapu")
	_, err = windows.MessageBox(0, said, title, windows.MB_OK|windows.MB_ICONWARNING|windows.MB_SETFOREGROUND)
	return len(text), err
}
