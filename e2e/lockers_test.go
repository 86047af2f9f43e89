//go:build linux

package e2e

import (
	"bufio"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"kapu/internal/desktop"
	"kapu/internal/desktop/desktoptest"
	"kapu/internal/examples"
	"kapu/internal/wait"
	"kapu/internal/xserver"
)

// Lockers that tell nobody are given a line in docs/install.md each. Each is run as it stands there, with the real
// programs: Kapu is locked, and then the screen is.
func TestLockersThatTellNobody(t *testing.T) {
	for program, pkg := range map[string]string{
		"i3lock": "i3lock", "xss-lock": "xss-lock", "swaylock": "swaylock", "swayidle": "swayidle",
	} {
		if _, err := exec.LookPath(program); err != nil {
			t.Fatalf("%s is missing: apt-get install %s", program, pkg)
		}
	}
	p := at(t, desktop.Options{Keyring: true, Display: true, Sway: true})
	system, _ := desktoptest.Logind(t) // without a session xss-lock ends as soon as it has locked
	bus, err := system.Connect()
	p.must(err)
	defer bus.Close()
	logind := bus.Object(desktoptest.LogindName, "/org/freedesktop/login1")
	var session string
	p.must(logind.Call("org.freedesktop.DBus.Mock.AddSession", 0,
		"c1", "seat0", uint32(os.Getuid()), "someone", true).Store(&session))
	p.must(logind.Call("org.freedesktop.DBus.Mock.AddMethod", 0,
		desktoptest.LogindName+".Manager", "GetSessionByPID", "u", "o", "ret = "+strconv.Quote(session)).Err)
	p.imports(examples.Clients(3, 0))
	_, wayland, err := p.StartSway(p.ctx, "")
	p.must(err)

	lines := documentedLines(t)
	for _, tt := range []struct {
		starts, locker string
		wayland        bool
		event          func()
	}{
		{"bindsym $mod+l exec --no-startup-id ", "i3lock", false, nil},
		{"exec --no-startup-id xss-lock", "i3lock", false, p.blankScreen},
		{"bindsym $mod+l exec sh", "swaylock", true, nil},
		{"exec swayidle", "swaylock", true, nil}, // by its timer
	} {
		t.Run(tt.starts, func(t *testing.T) {
			p.env = nil
			if tt.wayland {
				p.env = []string{"WAYLAND_DISPLAY=" + wayland, "DISPLAY="} // which is another desktop, with an agent of its own
			}
			p.kapu("unlock")
			agent := p.agentPID()
			line := strings.Replace(lines(tt.starts), " 300 ", " 1 ", 1)
			_, command, _ := strings.Cut(line, "exec ")
			begin := func() *desktop.Process {
				cmd := p.Command(context.Background(), "sh", "-c", strings.TrimPrefix(command, "--no-startup-id "))
				cmd.Env = append(p.command().Env, "PATH="+filepath.Dir(program)+":"+os.Getenv("PATH"),
					"DBUS_SYSTEM_BUS_ADDRESS="+system.BusAddress(), "XDG_SESSION_ID=c1")
				process, err := p.Launch(cmd)
				p.must(err)
				t.Cleanup(process.Stop)
				return process
			}
			process := begin()
			if tt.event != nil {
				tt.event()
			}
			wait.Until(t, "the lock", func() bool {
				select {
				case <-process.Done():
					if alive(agent) { // xss-lock aborts where the screen saver starts before logind has answered it
						process = begin()
					}
				default:
				}
				return !alive(agent)
			})
			locker, err := exec.LookPath(tt.locker)
			p.must(err)
			var running []int
			wait.Until(t, tt.locker, func() bool {
				running = processes(p.home(), locker)
				return len(running) > 0
			})
			for _, pid := range running {
				if err := syscall.Kill(pid, syscall.SIGKILL); !errors.Is(err, syscall.ESRCH) { // one that only starts another
					p.must(err)
				}
			}
		})
	}
}

// documentedLines finds the lines of the section by how they begin.
func documentedLines(t *testing.T) func(starts string) string {
	t.Helper()
	text, err := os.ReadFile("../docs/install.md")
	if err != nil {
		t.Fatal(err)
	}
	return func(starts string) string {
		for lines := bufio.NewScanner(strings.NewReader(string(text))); lines.Scan(); {
			if line, ok := strings.CutPrefix(lines.Text(), "    "); ok && strings.HasPrefix(line, starts) {
				return line
			}
		}
		t.Fatalf("docs/install.md has no line %q", starts)
		return ""
	}
}

// blankScreen lets the X server start its screen saver again and again, as its timer would, ever more seldom, until the
// test ends: whoever is to hear it may not listen yet, or not be ready for it.
func (p *person) blankScreen() {
	p.t.Helper()
	const forceScreenSaver, activate, reset = 115, 1, 0
	x, err := xserver.Dial(func(key string) string {
		if key == "DISPLAY" {
			return p.Display()
		}
		return ""
	}, time.Minute)
	p.must(err)
	agent := p.agentPID()
	go func() {
		defer x.Close()
		for pause := 200 * time.Millisecond; alive(agent); pause *= 2 {
			for _, mode := range []byte{reset, activate} {
				if x.Send(xserver.Request(forceScreenSaver, mode)) != nil {
					return
				}
			}
			time.Sleep(pause)
		}
	}()
}
