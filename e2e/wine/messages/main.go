//go:build windows

// Command messages does on Windows what tests and measurements cannot do from the outside: it posts window messages,
// reads what the clipboard and windows hold, and sees an icon come.
//
//	messages post CLASS MESSAGE WPARAM LPARAM   to every window of the class; prints how many there were
//	messages formats                            the names of the formats on the clipboard
//	messages texts TITLE                        what stands in a window, a line for each part
//	messages memory PROGRAM                     for each of its processes, whether its memory may be read
//	messages start PROGRAM                      after how many microseconds its icon is in the taskbar; it goes on
package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"

	"kapu/internal/wait"
)

var (
	user32     = windows.NewLazySystemDLL("user32.dll")
	findWindow = user32.NewProc("FindWindowExW")
)

func main() {
	switch args := os.Args[1:]; {
	case len(args) == 5 && args[0] == "post":
		fmt.Println(post(args[1], number(args[2]), number(args[3]), number(args[4])))
	case len(args) == 1 && args[0] == "formats":
		formats()
	case len(args) == 2 && args[0] == "texts":
		texts(args[1])
	case len(args) == 2 && args[0] == "memory":
		memory(args[1])
	case len(args) == 2 && args[0] == "start":
		start(args[1])
	default:
		fmt.Fprintln(os.Stderr, "messages post CLASS MESSAGE WPARAM LPARAM | formats | texts TITLE | memory PROGRAM | start PROGRAM")
		os.Exit(2)
	}
}

func number(text string) uintptr {
	n, err := strconv.ParseUint(text, 0, 64)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	return uintptr(n)
}

func post(class string, message, wParam, lParam uintptr) (posted int) {
	name, err := windows.UTF16PtrFromString(class)
	if err != nil {
		return 0
	}
	send := user32.NewProc("PostMessageW")
	for window := uintptr(0); ; posted++ {
		window, _, _ = findWindow.Call(0, window, uintptr(unsafe.Pointer(name)), 0)
		if window == 0 {
			return posted
		}
		_, _, _ = send.Call(window, message, wParam, lParam)
	}
}

func formats() {
	runtime.LockOSThread() // the clipboard is opened for a thread
	var names []string
	var err error
	wait.Poll(func() bool {
		names, err = formatNames()
		return err == nil
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	for _, name := range names {
		fmt.Println(name)
	}
}

// formatNames fails while another program has the clipboard open. In Wine two that name no window have it, and the
// second takes it away from the first.
func formatNames() ([]string, error) {
	if ok, _, err := user32.NewProc("OpenClipboard").Call(0); ok == 0 {
		return nil, err
	}
	defer user32.NewProc("CloseClipboard").Call()
	next, named := user32.NewProc("EnumClipboardFormats"), user32.NewProc("GetClipboardFormatNameW")
	var names []string
	for format := uintptr(0); ; {
		var err error
		if format, _, err = next.Call(format); format == 0 {
			if errors.Is(err, windows.ERROR_SUCCESS) {
				err = nil
			}
			return names, err
		}
		var name [256]uint16
		n, _, _ := named.Call(format, uintptr(unsafe.Pointer(&name[0])), uintptr(len(name)))
		names = append(names, windows.UTF16ToString(name[:n]))
	}
}

func texts(title string) {
	name, err := windows.UTF16PtrFromString(title)
	if err != nil {
		return
	}
	const getText = 0x000D // which another process answers too
	ask := user32.NewProc("SendMessageW")
	window, _, _ := findWindow.Call(0, 0, 0, uintptr(unsafe.Pointer(name)))
	for part := uintptr(0); window != 0; {
		if part, _, _ = findWindow.Call(window, part, 0, 0); part == 0 {
			return
		}
		var text [256]uint16
		n, _, _ := ask.Call(part, getText, uintptr(len(text)), uintptr(unsafe.Pointer(&text[0])))
		fmt.Println(windows.UTF16ToString(text[:n]))
	}
}

// start asks the taskbar again and again for a change of the icon, which it grants as soon as there is one.
func start(program string) {
	name, _ := windows.UTF16PtrFromString("SystrayClass")
	change := windows.NewLazySystemDLL("shell32.dll").NewProc("Shell_NotifyIconW")
	const modify = 1
	icon := struct { // NOTIFYICONDATAW in its shortest form
		size               uint32
		window             uintptr
		id, flags, message uint32
		icon               uintptr
		tip                [64]uint16
	}{id: 100}
	icon.size = uint32(unsafe.Sizeof(icon))
	began := time.Now()
	if err := exec.Command(program).Start(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	for time.Since(began) < time.Minute {
		if icon.window, _, _ = findWindow.Call(0, 0, uintptr(unsafe.Pointer(name)), 0); icon.window != 0 {
			if there, _, _ := change.Call(modify, uintptr(unsafe.Pointer(&icon))); there != 0 {
				fmt.Println(time.Since(began).Microseconds())
				return
			}
		}
		time.Sleep(time.Millisecond)
	}
	fmt.Fprintln(os.Stderr, "no icon came")
	os.Exit(1)
}
