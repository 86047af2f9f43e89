package process

import (
	"bufio"
	"errors"
	"os"
	"os/exec"
	"testing"

	"golang.org/x/sys/windows"
)

// Another program of the same user gets at nothing of a process that has hardened itself, and cannot change that; what
// the desktop and the installer need it may do.
func TestHarden(t *testing.T) {
	if os.Getenv("KAPU_HARDEN_TEST") != "" {
		if os.Getenv("KAPU_HARDEN_TEST") == "hardened" {
			Harden()
		}
		_, _ = os.Stdout.WriteString("ready\n")
		_, _ = os.Stdin.Read(make([]byte, 1))
		return
	}
	try := func(kind string, rights uint32) error {
		cmd := exec.Command(os.Args[0], "-test.run=^TestHarden$")
		cmd.Env = append(os.Environ(), "KAPU_HARDEN_TEST="+kind)
		in, err := cmd.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		defer func() { in.Close(); _ = cmd.Wait() }()
		if _, err := bufio.NewReader(out).ReadString('\n'); err != nil {
			t.Fatal(err)
		}
		h, err := windows.OpenProcess(rights, false, uint32(cmd.Process.Pid))
		if err == nil {
			_ = windows.CloseHandle(h)
		}
		return err
	}
	for name, rights := range map[string]uint32{
		"read its memory": windows.PROCESS_VM_READ, "write its memory": windows.PROCESS_VM_WRITE | windows.PROCESS_VM_OPERATION,
		"take its handles": windows.PROCESS_DUP_HANDLE, "start a thread in it": windows.PROCESS_CREATE_THREAD,
		"dump it": windows.PROCESS_QUERY_INFORMATION | windows.PROCESS_VM_READ, "everything": windows.PROCESS_ALL_ACCESS,
	} {
		if err := try("plain", rights); err != nil {
			t.Logf("%s: not even of an ordinary process (%v), so nothing is shown", name, err)
		}
		if err := try("hardened", rights); !errors.Is(err, windows.ERROR_ACCESS_DENIED) {
			t.Errorf("%s: %v", name, err)
		}
	}
	wine := windows.NewLazySystemDLL("ntdll.dll").NewProc("wine_get_version").Find() == nil // it knows no OWNER RIGHTS
	if err := try("hardened", windows.WRITE_DAC); !wine && !errors.Is(err, windows.ERROR_ACCESS_DENIED) {
		t.Errorf("change who may: %v", err)
	}
	if err := try("hardened", processRights); err != nil {
		t.Errorf("wait, ask its name and end it: %v", err)
	}
}
