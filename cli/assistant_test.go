//go:build linux

package cli

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"kapu/internal/desktop"
	"kapu/internal/desktop/desktoptest"
)

// talk is a program on a terminal, with what it has said and nobody has looked at yet.
type talk struct {
	t        *testing.T
	keyboard *os.File
	cmd      *exec.Cmd
	mu       sync.Mutex
	said     string
	all      string // ever
}

func begin(t *testing.T, cmd *exec.Cmd) *talk {
	t.Helper()
	keyboard, program := terminal(t)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = program, program, program
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	k := &talk{t: t, keyboard: keyboard, cmd: cmd}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	go func() {
		part := make([]byte, 4096)
		for {
			n, err := keyboard.Read(part)
			if err != nil {
				return
			}
			k.mu.Lock()
			k.said += string(part[:n])
			k.all += string(part[:n])
			k.mu.Unlock()
		}
	}()
	return k
}

// hears waits until the program says something and returns what it matched.
func (k *talk) hears(pattern string) []string {
	k.t.Helper()
	p := regexp.MustCompile(pattern)
	for ctx := desktoptest.Context(k.t); ctx.Err() == nil; time.Sleep(20 * time.Millisecond) {
		k.mu.Lock()
		at := p.FindStringSubmatchIndex(k.said)
		if at != nil {
			found := p.FindStringSubmatch(k.said)
			k.said = k.said[at[1]:]
			k.mu.Unlock()
			return found
		}
		k.mu.Unlock()
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.t.Fatalf("%q was not said, but: %s", pattern, k.said)
	return nil
}

// answers waits for a question and types an answer.
func (k *talk) answers(question, answer string) {
	k.t.Helper()
	k.hears(question)
	if _, err := k.keyboard.WriteString(answer); err != nil {
		k.t.Fatal(err)
	}
}

// ends waits for the program's end and returns its exit code.
func (k *talk) ends() int {
	_ = k.cmd.Wait()
	return k.cmd.ProcessState.ExitCode()
}

const escape = "\x1b"

// begun answers the questions up to that for the key.
func (k *talk) begun(name string) {
	k.t.Helper()
	k.answers(`Choose \(1–2\):`, "1\r")
	k.hears(`Egyedi azonosító kód`)
	k.answers(`Name of the client`, "  \r")
	k.hears(`no name`)
	k.answers(`Name of the client`, name+"\r")
	k.answers(`Tax number`, "12345678-1-42\r")
	k.answers(`Folder: `, "Kft-k\r")
	k.answers(`User name .*not its password`, "anna\r")
}

// shows checks the code that is to be typed on the portal against oathtool's.
func (k *talk) shows(secret string) {
	k.t.Helper()
	code := k.hears(`\r\n   (\d{6})\r\n`)[1]
	k.hears(`\[valid for \d+ s\] Did the portal accept it\?`)
	for _, ago := range []string{"now", "now - 30 seconds"} {
		want, err := exec.Command("oathtool", "--totp", "-b", secret, "--now", ago).Output()
		if err != nil {
			k.t.Fatal(err)
		}
		if strings.TrimSpace(string(want)) == code {
			return
		}
	}
	k.t.Fatalf("%s is no code of the key", code)
}

// The assistant leads from the portal's steps to a code that the portal accepts, and can be left anywhere.
func TestAssistant(t *testing.T) {
	desktoptest.Need(t, desktop.Options{Keyring: true})
	if _, err := exec.LookPath("oathtool"); err != nil && os.Getenv("KAPU_DESKTOP_TESTS") != "1" {
		t.Skip("apt-get install oathtool")
	}
	const wrong, right, other = "MFRGGZDFMZTWQ2LK", "JBSWY3DPEHPK3PXP", "GEZDGNBVGY3TQOJQ"
	d := desktoptest.Start(t, desktop.Options{Keyring: true})
	home := t.TempDir()
	settings := "language = \"en\"\nntp_server = \"127.0.0.1:9\"\n"
	if err := os.WriteFile(filepath.Join(home, "config.toml"), []byte(settings), 0o600); err != nil {
		t.Fatal(err)
	}
	command := func(args ...string) *exec.Cmd { return kapu(t, d, home, "", args...) }
	run := func(args ...string) string {
		out, _ := command(args...).CombinedOutput()
		return string(out)
	}
	t.Cleanup(func() { run("lock") })
	vaultThere := func() bool {
		_, err := os.Stat(filepath.Join(home, "vault.age"))
		return err == nil
	}

	t.Run("left before the end, nothing has changed", func(t *testing.T) {
		for _, keys := range []string{escape, "\x03", "\x04"} {
			k := begin(t, command("add"))
			k.begun("Alfa Kft.")
			k.answers(`Choose \(1–4\):`, "1\r")
			k.answers(`Secret key`, right+"\r")
			k.answers(`Deletion code`, keys)
			k.hears(`Stopped: nothing has changed`)
			if code := k.ends(); code != exitFailed || vaultThere() {
				t.Errorf("exit code %d, a vault: %v", code, vaultThere())
			}
		}
	})

	t.Run("a wrong key is put right", func(t *testing.T) {
		k := begin(t, command("add"))
		k.begun("Alfa Kft.")
		k.answers(`Choose \(1–4\):`, "1\r")
		k.answers(`Secret key`, "JBSWY3DPEHPK3PX1\r")
		k.hears(`not Base32`)
		k.answers(`Choose \(1–4\):`, "4\r")
		k.answers(`picture file`, "/no/such.png\r")
		k.hears(`cannot be read`)
		k.answers(`Choose \(1–4\):`, "1\r")
		k.answers(`Secret key`, "mfrg gzdf mztw q2lk\r")
		k.answers(`Deletion code \(`, "87654321\r")
		k.hears(`Added: “Alfa Kft\.”`)
		k.shows(wrong)
		k.answers(``, "n\r")
		k.hears(`clock: .*127\.0\.0\.1:9`)
		k.answers(`Choose \(1–4\):`, "2\r")
		k.answers(`Choose \(1–4\):`, "1\r")
		k.answers(`Secret key`, right+"\r")
		k.shows(right)
		k.answers(``, "?\r")
		k.answers(`accept it\?`, "y\r")
		k.hears(`Done: the portal accepts the codes of “Alfa Kft\.”`)
		if code := k.ends(); code != exitDone {
			t.Errorf("exit code %d", code)
		}
		if k.mu.Lock(); strings.Contains(k.all, right) || strings.Contains(k.all, "mfrg") || strings.Contains(k.all, "87654321") {
			t.Error("a secret was shown")
		}
		k.mu.Unlock()
		list := run("list", "--json")
		if strings.Count(list, `"id"`) != 1 || !strings.Contains(list, `"folder": "Kft-k"`) || !strings.Contains(list, `"tax_number": "12345678-1-42"`) || !strings.Contains(list, `"user_name": "anna"`) {
			t.Errorf("in the vault: %s", list)
		}
		if shown := run("show", "alfa", "--deletion-code"); !strings.Contains(shown, "87654321") {
			t.Errorf("shown: %s", shown)
		}
	})

	t.Run("a known folder by its number; what is given up goes out again", func(t *testing.T) {
		k := begin(t, command("add", "--tax-number", "1", "--user-name", "bea"))
		k.answers(`Choose \(1–2\):`, "2\r")
		k.hears(`Beállítás másik eszközre`)
		k.answers(`Name of the client`, "Béta Bt.\r")
		k.hears(`1  Kft-k`)
		k.answers(`Folder: `, "1\r")
		k.answers(`Choose \(1–4\):`, "1\r")
		k.answers(`Secret key`, other+"\r")
		k.answers(`Deletion code \(`, "\r")
		k.shows(other)
		k.answers(``, "n\r")
		k.answers(`Choose \(1–4\):`, "4\r")
		k.hears(`“Béta Bt\.” was taken out`)
		if code := k.ends(); code != exitDone {
			t.Errorf("exit code %d", code)
		}
		if list := run("list"); strings.Contains(list, "Béta") {
			t.Errorf("in the vault: %s", list)
		}
	})

	t.Run("left while the code is tried, the client is there and whole", func(t *testing.T) {
		k := begin(t, command("add", "--folder", "X"))
		k.answers(`Choose \(1–2\):`, "1\r")
		k.answers(`Name of the client`, "Gamma Zrt.\r")
		k.answers(`Tax number`, "\r")
		k.answers(`User name`, "\r")
		k.answers(`Choose \(1–4\):`, "1\r")
		k.answers(`Secret key`, other+"\r")
		k.answers(`Deletion code \(`, "\r")
		k.shows(other)
		k.answers(``, escape)
		k.hears(`Stopped: “Gamma Zrt\.” is in the vault already`)
		if code := k.ends(); code != exitFailed {
			t.Errorf("exit code %d", code)
		}
		if list := run("list", "gamma"); !strings.Contains(list, "X") {
			t.Errorf("in the vault: %s", list)
		}
	})

	t.Run("a locked vault is said before anything is asked", func(t *testing.T) {
		run("lock")
		k := begin(t, command("add"))
		k.hears(`locked`)
		if code := k.ends(); code != exitLocked {
			t.Errorf("exit code %d", code)
		}
	})

	t.Run("without a terminal it is a wrong call", func(t *testing.T) {
		cmd := command("add")
		if out, _ := cmd.CombinedOutput(); cmd.ProcessState.ExitCode() != exitUsage {
			t.Errorf("%s", out)
		}
	})
}
