//go:build linux

package wine

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

const (
	client = "Kis & Nagy Kft."
	key    = "JBSWY3DPEHPK3PXP"
	keys   = "otpauth://totp/Alfa%20Bt.?secret=GEZDGNBVGY3TQOJQ\notpauth://totp/Kis%20%26%20Nagy%20Kft.?secret=" + key + "\n"
)

// What a bookkeeper does from the first start on.
func (m *machine) office(t *testing.T) {
	m.kapu("import", m.keys())
	if got := m.kapu("list"); !strings.Contains(got, client) {
		t.Errorf("listed: %q", got)
	}
	if code := strings.Fields(m.kapu("code", client))[0]; !m.right(code) {
		t.Error("the code is not the one that oathtool makes")
	}
	m.kapu("lock")
	m.kapu("unlock")
	if s := m.status(); s.Locked || s.Method != "keychain" {
		t.Errorf("after unlocking: %+v", s)
	}

	tray, err := m.Launch(m.command("kapuw.exe"))
	m.must(err)
	m.second()
	m.click(2) // Alfa Bt. is the first
	m.formats()
	m.unreadable()
	m.kapu("lock")
	m.must(m.WaitClipboard(m.ctx, ""))
	m.gone("lock")
	m.clearsAfterAKill()
	for _, e := range []struct{ what, message, wParam string }{
		{"the screen is locked", "0x2B1", "7"},
		{"the remote desktop is disconnected", "0x2B1", "4"},
		{"another user takes the console", "0x2B1", "2"},
		{"the session is logged off", "0x2B1", "6"},
		{"the machine goes to sleep", "0x218", "4"},
		{"the machine has slept", "0x218", "0x12"},
		{"the session is asked to end", "0x11", "0"},
		{"the session ends", "0x16", "1"},
	} {
		m.kapu("unlock")
		m.kapu("copy", client)
		m.post("KapuSession", e.message, e.wParam, "0")
		m.gone(e.what)
		if !m.status().Locked {
			t.Errorf("%s: the vault is open", e.what)
		}
		if err := m.WaitClipboard(m.ctx, ""); err != nil {
			t.Errorf("%s: %v", e.what, err)
		}
	}
	m.post("SystrayClass", "0x10", "0", "0")
	if err := tray.Wait(m.ctx); err != nil {
		t.Errorf("the tray ended with %v\n%s", err, tray.Output())
	}
	m.credential()
}

// unreadable tries whether another program may read the memory of the agent, the tray and the sweeper.
func (m *machine) unreadable() {
	m.t.Helper()
	m.closed("kapu.exe", 2)
	m.closed("kapuw.exe", 1)
	if out, err := m.output("messages.exe", "memory", "explorer.exe"); err != nil || !strings.Contains(out, "open") {
		m.t.Errorf("an ordinary program is not open either (%q, %v), so nothing is shown", out, err)
	}
}

// closed waits until so many processes of a program run and have closed their memory, which is the first that they do.
func (m *machine) closed(program string, running int) {
	m.t.Helper()
	m.wait("the memory of "+program+" to be closed", func() bool { // one may just be starting
		out, err := m.output("messages.exe", "memory", program)
		m.must(err)
		found := strings.Fields(out)
		return len(found) == running && !slices.Contains(found, "open")
	})
}

// clearsAfterAKill kills the agent, as a program that hangs is ended: the code goes all the same.
func (m *machine) clearsAfterAKill() {
	m.t.Helper()
	m.kapu("unlock")
	m.kapu("copy", client)
	m.wait("the code", func() bool {
		code, _ := m.Clipboard(m.ctx)
		return m.right(code)
	})
	m.closed("kapu.exe", 2) // in Wine a process whose starter is killed before it runs stands still for ever
	for _, pid := range m.Processes(".exe", "agent") {
		m.must(syscall.Kill(pid, syscall.SIGKILL))
	}
	m.must(m.WaitClipboard(m.ctx, ""))
	m.gone("kill")
	m.wait("the sweeper's end", func() bool { return len(m.Processes(".exe", "sweep")) == 0 })
}

// keys is the path of a file to import, as Wine knows it.
func (m *machine) keys() string {
	m.t.Helper()
	const name = "keys.txt"
	m.must(os.WriteFile(filepath.Join(m.Dir, name), []byte(keys), 0o600))
	return name
}

// right says whether a code is that of the client, now or a moment ago.
func (m *machine) right(code string) bool {
	m.t.Helper()
	before := fmt.Sprintf("@%d", time.Now().Add(-30*time.Second).Unix())
	out, err := exec.CommandContext(m.ctx, "oathtool", "--totp", "-b", "-w", "2", "--now", before, key).Output()
	m.must(err)
	return slices.Contains(strings.Fields(string(out)), code)
}

// credential looks for the key in the Credential Manager, which Wine keeps in the registry, and for its absence in
// every other file.
func (m *machine) credential() {
	m.t.Helper()
	m.wait("the credential in the registry", func() bool { // Wine writes it now and then
		text, err := os.ReadFile(filepath.Join(m.Dir, "prefix", "user.reg"))
		m.must(err)
		return strings.Contains(string(text), "kapu:kapu:kapu C:/kapu/vault.age")
	})
	m.must(filepath.WalkDir(m.Drive("kapu"), func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		for _, secret := range []string{client, key, "AGE-SECRET"} {
			if strings.Contains(string(data), secret) {
				m.t.Errorf("%s can be read by anybody", path)
			}
		}
		return err
	}))
}

// second starts the tray again, which says that it runs already.
func (m *machine) second() {
	m.t.Helper()
	m.wait("the tray", func() bool { return m.post("SystrayClass", "0", "0", "0") == 1 })
	if _, err := m.output("kapuw.exe"); err == nil || !strings.Contains(err.Error(), "already") {
		m.t.Errorf("a second tray: %v", err)
	}
}

// click opens the menu and chooses the row of a client, until its code is on the clipboard. What goes to a menu that is
// not open yet is lost.
func (m *machine) click(row int) {
	m.t.Helper()
	const keyDown, down, enter, escape = "0x100", "0x28", "0x0D", "0x1B"
	m.wait("the code on the clipboard", func() bool {
		m.post("SystrayClass", "0x401", "0", "0x205")
		time.Sleep(300 * time.Millisecond)
		for range row + 1 { // the title is a row too
			m.post("SystrayClass", keyDown, down, "0")
		}
		m.post("SystrayClass", keyDown, enter, "0")
		for range 20 { // a code that would end at once is waited for
			if text, err := m.Clipboard(m.ctx); err == nil && m.right(text) {
				return true
			}
			time.Sleep(300 * time.Millisecond)
		}
		m.post("SystrayClass", keyDown, escape, "0")
		return false
	})
}

// formats looks for what keeps a code out of histories.
func (m *machine) formats() {
	m.t.Helper()
	out, err := m.output("messages.exe", "formats")
	m.must(err)
	for _, want := range []string{
		"ExcludeClipboardContentFromMonitorProcessing", "CanIncludeInClipboardHistory", "CanUploadToCloudClipboard",
	} {
		if !strings.Contains(out, want+"\n") {
			m.t.Errorf("%s is missing among %q", want, out)
		}
	}
}

// post posts a message to the windows of a class and says how many there were.
func (m *machine) post(class, message, wParam, lParam string) (windows int) {
	m.t.Helper()
	out, err := m.output("messages.exe", "post", class, message, wParam, lParam)
	m.must(err)
	_, err = fmt.Sscan(out, &windows)
	m.must(err)
	return windows
}

// gone waits until no process of this prefix is an agent.
func (m *machine) gone(why string) {
	m.t.Helper()
	m.wait("the agent's end ("+why+")", func() bool { return len(m.Processes(".exe", "agent")) == 0 })
}
