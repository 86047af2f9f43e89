package cli

import "golang.org/x/sys/windows"

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
