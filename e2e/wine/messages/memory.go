//go:build windows

package main

import (
	"fmt"
	"os"
	"strings"
	"unsafe"

	"golang.org/x/sys/windows"
)

// memory tries to open the memory of each process of a program, and prints for each whether it may.
func memory(program string) {
	list, err := windows.CreateToolhelp32Snapshot(windows.TH32CS_SNAPPROCESS, 0)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	p := windows.ProcessEntry32{Size: uint32(unsafe.Sizeof(windows.ProcessEntry32{}))}
	for err = windows.Process32First(list, &p); err == nil; err = windows.Process32Next(list, &p) {
		if !strings.EqualFold(windows.UTF16ToString(p.ExeFile[:]), program) {
			continue
		}
		h, err := windows.OpenProcess(windows.PROCESS_VM_READ, false, p.ProcessID)
		if err == nil {
			_ = windows.CloseHandle(h)
			fmt.Println("open")
			continue
		}
		fmt.Println("refused")
	}
}
