package seal

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"filippo.io/age"
)

// cheap is a work factor for tests; what a try costs is measured elsewhere.
const cheap = 4

// most is the size of what these tests open.
const most = 64 << 10

func TestPassphrase(t *testing.T) {
	const secret, passphrase = "AGE-SECRET-KEY-PQ-1QQQ", "négy közönséges szó"
	sealed, err := SealPassphrase([]byte(secret), passphrase, cheap)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := OpenPassphrase(sealed, passphrase, most); err != nil || string(got) != secret {
		t.Errorf("got %q, %v", got, err)
	}
	for _, wrong := range []string{"", "negy kozonseges szo", passphrase + " "} {
		if got, err := OpenPassphrase(sealed, wrong, most); !errors.Is(err, ErrPassphrase) || got != nil {
			t.Errorf("%q: got %q, %v", wrong, got, err)
		}
	}
	for i := range sealed {
		altered := bytes.Clone(sealed)
		altered[i] ^= 0x01
		if got, err := OpenPassphrase(altered, passphrase, most); err == nil || got != nil {
			t.Fatalf("byte %d altered: got %q", i, got)
		}
		if got, err := OpenPassphrase(sealed[:i], passphrase, most); err == nil || got != nil {
			t.Fatalf("cut to %d bytes: got %q", i, got)
		}
	}
}

// A file that asks for more than is reasonable is refused before it is paid for, and so is one that is not
// sealed to a passphrase alone.
func TestPassphraseFilesOfOthers(t *testing.T) {
	sealed, _ := SealPassphrase([]byte("x"), "passphrase", cheap)
	costly := bytes.Replace(sealed, []byte(" 4\n"), []byte(" 30\n"), 1)
	if _, err := OpenPassphrase(costly, "passphrase", most); !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), "work factor") {
		t.Errorf("64 GiB: %v", err)
	}
	id := newIdentity(t)
	if _, err := OpenPassphrase(encryptPlain(t, []byte("x"), id), "passphrase", most); !errors.Is(err, ErrDamaged) {
		t.Errorf("sealed to an identity: %v", err)
	}
	if _, err := OpenPassphrase(make([]byte, most+1), "passphrase", most); !errors.Is(err, ErrDamaged) {
		t.Errorf("a large file: %v", err)
	}
}

// What the age tool seals to a passphrase opens, too: its cost is within the limit.
func TestPassphraseWithinTheToolsCost(t *testing.T) {
	r, err := age.NewScryptRecipient("passphrase")
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	w, err := age.Encrypt(&b, r)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = w.Write([]byte("x"))
	w.Close()
	if got, err := OpenPassphrase(b.Bytes(), "passphrase", most); err != nil || string(got) != "x" {
		t.Errorf("got %q, %v", got, err)
	}
}

// The plain age tool opens it; it asks on a terminal, which script(1) plays.
func TestPlainAgeOpensPassphraseFile(t *testing.T) {
	tool, err := exec.LookPath("age")
	if _, none := exec.LookPath("script"); err != nil || none != nil {
		t.Skip("age or script is not installed")
	}
	const secret = "AGE-SECRET-KEY-PQ-1QQQ"
	sealed, _ := SealPassphrase([]byte(secret), "correct horse battery", cheap)
	dir := t.TempDir()
	file, out := filepath.Join(dir, "vault.key"), filepath.Join(dir, "out")
	if err := os.WriteFile(file, sealed, 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("script", "-qec", tool+" -d -o "+out+" "+file, "/dev/null")
	cmd.Stdin = strings.NewReader("correct horse battery\n")
	if said, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	if got, err := os.ReadFile(out); err != nil || string(got) != secret {
		t.Errorf("got %q", got)
	}
}

func BenchmarkOpenPIN(b *testing.B)      { benchOpen(b, WorkPIN) }
func BenchmarkOpenPassword(b *testing.B) { benchOpen(b, WorkPassword) }

func benchOpen(b *testing.B, work int) {
	sealed, _ := SealPassphrase([]byte("x"), "passphrase", work)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := OpenPassphrase(sealed, "passphrase", most); err != nil {
			b.Fatal(err)
		}
	}
}
