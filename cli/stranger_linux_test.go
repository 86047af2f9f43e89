package cli

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"kapu/agent"
	"kapu/internal/wait"
)

// The stranger is another user of the machine, and a process of theirs.
const (
	person, stranger = 34567, 65534
	strangerFile     = "KAPU_TEST_STRANGER" // where it plants its locator
)

// strangerMain plants a locator and listens where that says, as an agent would: it can prove that it knows the token,
// which is its own. It prints what it hears.
func strangerMain(path string) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	l := agent.NewLocator(listener.Addr().String())
	_ = os.Mkdir(filepath.Dir(path), 0o777)
	if err := l.Publish(path); err != nil {
		panic(err)
	}
	fmt.Println("planted")
	panic(http.Serve(listener, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Println("heard " + r.URL.Path)
		if r.URL.Path == agent.HelloPath {
			fmt.Fprint(w, l.Prove(r.Header.Get(agent.NonceHeader)))
		}
	})))
}

// street is a machine with two users, and the program where both can run it.
type street struct {
	t         *testing.T
	bin, home string
	said      *bufio.Scanner
}

func newStreet(t *testing.T) *street {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("becoming two other users needs root")
	}
	top := t.TempDir()
	s := &street{t: t, bin: filepath.Join(top, "bin"), home: filepath.Join(top, "home")}
	for _, dir := range []string{filepath.Dir(top), top} {
		s.must(os.Chmod(dir, 0o755))
	}
	s.must(os.Mkdir(s.bin, 0o755))
	s.must(os.Mkdir(s.home, 0o755))
	s.must(os.Chown(s.home, person, person))
	kapu, err := exec.LookPath("kapu")
	s.must(err)
	for name, program := range map[string]string{"kapu": kapu, "stranger": os.Args[0]} {
		data, err := os.ReadFile(program)
		s.must(err)
		s.must(os.WriteFile(filepath.Join(s.bin, name), data, 0o755))
	}
	return s
}

func (s *street) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

func as(uid uint32, cmd *exec.Cmd) *exec.Cmd {
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uid, Gid: uid}, Pdeathsig: syscall.SIGKILL}
	cmd.Dir = "/"
	return cmd
}

// plant lets the stranger plant a locator.
func (s *street) plant() {
	s.t.Helper()
	cmd := as(stranger, exec.Command(filepath.Join(s.bin, "stranger"), "-test.run=^$"))
	cmd.Env = []string{strangerFile + "=" + filepath.Join(s.home, "run", "agent-console.json")}
	out, err := cmd.StdoutPipe()
	s.must(err)
	cmd.Stderr = os.Stderr
	s.must(cmd.Start())
	s.t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	s.said = bufio.NewScanner(out)
	if !s.said.Scan() || s.said.Text() != "planted" {
		s.t.Fatalf("the stranger could not plant anything: %q", s.said.Text())
	}
}

// kapu is what a command of the person says, and whether it was refused.
func (s *street) kapu(in string, args ...string) (string, bool) {
	s.t.Helper()
	cmd := as(person, exec.CommandContext(s.t.Context(), filepath.Join(s.bin, "kapu"), args...))
	cmd.Env = []string{"KAPU_HOME=" + s.home, "HOME=" + s.home, "LANG=en_GB.UTF-8", "PATH=" + os.Getenv("PATH"), "DBUS_SESSION_BUS_ADDRESS=unix:path=/nowhere"}
	cmd.Stdin = strings.NewReader(in)
	out, err := cmd.CombinedOutput()
	return string(out), err != nil
}

const strangersKey = "MNUW4Z3FOJ2GK4TB"

// Another user who can write into the person's folder plants the file by which programs find the agent, and listens
// there. No command believes it: nothing that is typed reaches them, not even a greeting.
func TestAPlantedLocatorIsNotBelieved(t *testing.T) {
	for name, tt := range map[string]struct {
		before, after os.FileMode // of the person's folder, when it is planted and when it is met
		owner         uint32      // of the runtime folder when it is met
		want          string
	}{
		"the folder is everybody's":         {0o777, 0o777, stranger, "chmod o-w "},
		"it was everybody's":                {0o777, 0o755, stranger, "belongs to nobody"},
		"the runtime folder was taken back": {0o777, 0o755, person, "agent-console.json belongs to nobody"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStreet(t)
			s.must(os.Chmod(s.home, tt.before))
			s.plant()
			s.must(os.Chmod(s.home, tt.after))
			run := filepath.Join(s.home, "run")
			s.must(os.Chmod(run, 0o755))
			s.must(os.Chown(run, int(tt.owner), int(tt.owner)))
			for _, args := range [][]string{
				{"add", "Alfa Kft."},
				{"unlock"},
				{"unlock", "--password"},
				{"code", "Alfa"},
				{"copy", "Alfa"},
				{"list"},
				{"protect", "password"},
				{"recovery-key", "--text"},
				{"recover"},
				{"import", "/dev/null"},
				{"open", "--link"},
				{"search"},
				{"status"},
				{"doctor"},
				{"office", "status"},
				{"agent", "--create"},
				{"dialog", "add"},
				{},
				{"lock"},
			} {
				out, refused := s.kapu(strangersKey+"\n"+strangersKey+"\n", args...)
				if !refused || !strings.Contains(out, tt.want) || !strings.Contains(out, s.home) {
					t.Errorf("kapu %v: refused %v: %s", args, refused, out)
				}
			}
			conn, err := http.Get("http://" + s.address() + "/end")
			s.must(err)
			conn.Body.Close()
			for s.said.Scan() && s.said.Text() != "heard /end" {
				t.Errorf("the stranger %s", s.said.Text())
			}
			if tt.after == 0o777 {
				s.must(os.Chmod(s.home, 0o755))
			}
			s.must(os.RemoveAll(run))
			if out, refused := s.kapu("", "status"); refused {
				t.Errorf("after the cure: %s", out)
			}
		})
	}
}

// address is where the stranger listens.
func (s *street) address() (address string) {
	s.t.Helper()
	wait.Until(s.t, "the planted file", func() bool {
		data, err := os.ReadFile(filepath.Join(s.home, "run", "agent-console.json"))
		_, rest, ok := strings.Cut(string(data), `"address":"`)
		address, _, _ = strings.Cut(rest, `"`)
		return err == nil && ok
	})
	return address
}
