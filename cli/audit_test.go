//go:build linux

package cli

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"kapu/internal/wait"
)

// On request of an administrator a real syslog hears who unlocked, who could not, what was exported and why it was
// locked, and no client's name.
func TestAudit(t *testing.T) {
	if exec.Command("unshare", append(ownMounts(), "true")...).Run() != nil {
		t.Skip("this system lets no test have a syslog of its own")
	}
	dir := t.TempDir()
	for path, text := range map[string]string{"etc/kapu/config.toml": "[policy]\naudit = \"system\"\n", "run/.keep": "", "home/.keep": ""} {
		path = filepath.Join(dir, path)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	syslog, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: filepath.Join(dir, "run/syslog"), Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	defer syslog.Close()

	const inside = `mount --bind "$0/etc" /etc/xdg && { [ ! -e /dev/log ] || mount --bind "$0/run/syslog" /dev/log; } &&
		mount --bind "$0/run" /run && exec kapu "$@"`
	kapu := func(in string, args ...string) error {
		cmd := exec.Command("unshare", append(append(ownMounts(), "sh", "-c", inside, dir), args...)...)
		cmd.Env = append(os.Environ(), "KAPU_HOME="+filepath.Join(dir, "home"), "LANG=en_GB.UTF-8", "DISPLAY=", "WAYLAND_DISPLAY=",
			"DBUS_SESSION_BUS_ADDRESS=unix:path=/nowhere")
		cmd.Stdin = strings.NewReader(in)
		return cmd.Run()
	}
	hears := func(want string) {
		t.Helper()
		line := regexp.MustCompile(`^<8[46]>.* Kapu\[\d+\]: ` + want + `\n?$`)
		buf := make([]byte, 2048)
		_ = syslog.SetReadDeadline(time.Now().Add(wait.Hang))
		n, err := syslog.Read(buf)
		if got := string(buf[:n]); err != nil || !line.MatchString(got) || strings.Contains(got, "Alfa") {
			t.Fatalf("heard %q, %v; want %q", got, err, want)
		}
	}
	const who = ` user=\S+ session=console`
	if err := kapu(password+"\n", "unlock", "--password"); err != nil {
		t.Fatal(err)
	}
	hears("unlocked" + who + " method=password")
	if err := kapu("JBSWY3DPEHPK3PXP\n", "add", "Alfa Kft."); err != nil {
		t.Fatal(err)
	}
	if err := kapu("wrong horse battery staple\n", "recovery-key", "--text"); err == nil {
		t.Fatal("the recovery key was shown for a wrong password")
	}
	hears("refused" + who + " at=unlocked reason=wrong-secret")
	if err := kapu(password+"\n", "export", "csv", filepath.Join(dir, "out.csv"), "--yes"); err != nil {
		t.Fatal(err)
	}
	hears("exported" + who + " format=csv clients=1")
	if err := kapu("", "lock"); err != nil {
		t.Fatal(err)
	}
	hears("locked" + who + " reason=asked")
	if err := kapu("wrong horse battery staple\n", "unlock"); err == nil {
		t.Fatal("unlocked by a wrong password")
	}
	hears("refused" + who + " at=locked reason=wrong-secret")
}
