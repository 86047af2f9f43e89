//go:build windows

// Command messages does on Windows what the tests cannot do from the outside: it posts window messages and reads what
// the clipboard holds.
//
//	messages post CLASS MESSAGE WPARAM LPARAM   to every window of the class; prints how many there were
//	messages formats                            the names of the formats on the clipboard
//	messages texts TITLE                        what stands in a window, a line for each part
package main

import (
	"fmt"
	"os"
	"strconv"
	"unsafe"

	"golang.org/x/sys/windows"
)

var user32 = windows.NewLazySystemDLL("user32.dll")

func main() {
	switch args := os.Args[1:]; {
	case len(args) == 5 && args[0] == "post":
		fmt.Println(post(args[1], number(args[2]), number(args[3]), number(args[4])))
	case len(args) == 1 && args[0] == "formats":
		formats()
	case len(args) == 2 && args[0] == "texts":
		texts(args[1])
	default:
		fmt.Fprintln(os.Stderr, "messages post CLASS MESSAGE WPARAM LPARAM | messages formats | messages texts TITLE")
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
	find, send := user32.NewProc("FindWindowExW"), user32.NewProc("PostMessageW")
	for window := uintptr(0); ; posted++ {
		window, _, _ = find.Call(0, window, uintptr(unsafe.Pointer(name)), 0)
		if window == 0 {
			return posted
		}
		_, _, _ = send.Call(window, message, wParam, lParam)
	}
}

func formats() {
	open, next, named := user32.NewProc("OpenClipboard"), user32.NewProc("EnumClipboardFormats"), user32.NewProc("GetClipboardFormatNameW")
	if ok, _, err := open.Call(0); ok == 0 {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	for format := uintptr(0); ; {
		if format, _, _ = next.Call(format); format == 0 {
			return
		}
		var name [256]uint16
		n, _, _ := named.Call(format, uintptr(unsafe.Pointer(&name[0])), uintptr(len(name)))
		fmt.Println(windows.UTF16ToString(name[:n]))
	}
}

func texts(title string) {
	name, err := windows.UTF16PtrFromString(title)
	if err != nil {
		return
	}
	const getText = 0x000D // which another process answers too
	find, ask := user32.NewProc("FindWindowExW"), user32.NewProc("SendMessageW")
	window, _, _ := find.Call(0, 0, 0, uintptr(unsafe.Pointer(name)))
	for part := uintptr(0); window != 0; {
		if part, _, _ = find.Call(window, part, 0, 0); part == 0 {
			return
		}
		var text [256]uint16
		n, _, _ := ask.Call(part, getText, uintptr(len(text)), uintptr(unsafe.Pointer(&text[0])))
		fmt.Println(windows.UTF16ToString(text[:n]))
	}
}
