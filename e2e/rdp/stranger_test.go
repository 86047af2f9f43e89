//go:build linux

package rdp

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// strangerTask is set in the process that plays another user of the same machine.
const strangerTask = "KAPU_TEST_STRANGER"

// task is whom the stranger is after.
type task struct {
	UID     uint32
	Home    string
	Display string
	Pids    []int
}

// loot is what the stranger got.
type loot struct {
	UID     int      // who the stranger was
	Files   []string // that could be opened
	Folders []string // that could be listed
	Sockets []string // that could be connected to
	Memory  []string // what of the processes could be opened
	Args    string   // what `ps` would show of them
	Answers []answer // of the ports on which they listen
	Clip    string   // of the other one's clipboard
	List    string   // what our own program printed when pointed at the other one's files
}

type answer struct {
	Port    int
	Asked   string
	Status  int
	Content string
}

// strangerMain tries everything an ordinary user can and prints what came of it.
func strangerMain(text string) {
	var who task
	if err := json.Unmarshal([]byte(text), &who); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	l := loot{UID: os.Getuid()}
	for _, root := range []string{who.Home, "/tmp", "/run", "/dev/shm", "/var/tmp"} {
		l.search(root, who.UID)
	}
	for _, pid := range who.Pids {
		l.look(pid)
	}
	for _, port := range ports(who.UID) {
		l.knock(port)
	}
	clip := exec.Command("timeout", "3", "xclip", "-o", "-selection", "clipboard")
	clip.Env = []string{"PATH=" + os.Getenv("PATH"), "DISPLAY=" + who.Display, "XAUTHORITY=" + filepath.Join(who.Home, ".Xauthority")}
	out, _ := clip.Output()
	l.Clip = string(out)
	list := exec.Command(filepath.Join(filepath.Dir(os.Args[0]), "kapu"), "list")
	list.Env = []string{"HOME=" + who.Home, "DISPLAY=" + who.Display, "DBUS_SESSION_BUS_ADDRESS=disabled:"}
	out, _ = list.CombinedOutput()
	l.List = string(out)
	_ = json.NewEncoder(os.Stdout).Encode(l)
	os.Exit(0)
}

// search opens whatever belongs to the other user.
func (l *loot) search(root string, uid uint32) {
	_ = filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		if e == nil {
			return nil
		}
		info, infoErr := e.Info()
		if infoErr != nil {
			return nil
		}
		if owner, ok := info.Sys().(*syscall.Stat_t); !ok || owner.Uid != uid {
			return nil
		}
		switch {
		case e.IsDir():
			if err == nil {
				if f, err := os.Open(path); err == nil {
					f.Close()
					l.Folders = append(l.Folders, path)
				}
			}
		case e.Type()&fs.ModeSocket != 0:
			if conn, err := net.DialTimeout("unix", path, time.Second); err == nil {
				conn.Close()
				l.Sockets = append(l.Sockets, path)
			}
		case e.Type().IsRegular():
			if f, err := os.Open(path); err == nil {
				f.Close()
				l.Files = append(l.Files, path)
			}
		}
		return nil
	})
}

// look at a process.
func (l *loot) look(pid int) {
	dir := filepath.Join("/proc", strconv.Itoa(pid))
	for _, name := range []string{"mem", "environ", "maps"} {
		if data, err := os.Open(filepath.Join(dir, name)); err == nil {
			if n, _ := io.ReadFull(data, make([]byte, 1)); n > 0 || name == "mem" {
				l.Memory = append(l.Memory, filepath.Join(dir, name))
			}
			data.Close()
		}
	}
	if _, err := os.ReadDir(filepath.Join(dir, "fd")); err == nil {
		l.Memory = append(l.Memory, filepath.Join(dir, "fd"))
	}
	args, _ := os.ReadFile(filepath.Join(dir, "cmdline"))
	l.Args += string(bytes.ReplaceAll(args, []byte{0}, []byte{' '})) + "\n"
}

// ports are those of the loopback interface on which the other user's programs listen: anybody can see them.
func ports(uid uint32) (found []int) {
	text, _ := os.ReadFile("/proc/net/tcp")
	for line := range strings.Lines(string(text)) {
		f := strings.Fields(line)
		if len(f) < 8 || f[3] != "0A" || f[7] != strconv.Itoa(int(uid)) {
			continue
		}
		if _, port, ok := strings.Cut(f[1], ":"); ok {
			n, _ := strconv.ParseInt(port, 16, 32)
			found = append(found, int(n))
		}
	}
	return found
}

// knock asks a port for what the agent's own faces ask for.
func (l *loot) knock(port int) {
	client := &http.Client{Timeout: 3 * time.Second}
	token := "Bearer " + strings.Repeat("A", 43)
	for _, try := range []struct{ what, method, path, host, token string }{
		{"without a token", "POST", "/v1/list", "", ""},
		{"with a wrong token", "POST", "/v1/list", "", token},
		{"for a code", "POST", "/v1/code", "", token},
		{"under another name", "POST", "/v1/list", "evil.example", token},
		{"for the first page", "GET", "/", "", ""},
		{"who it is", "GET", "/v1/hello", "", ""},
	} {
		r, _ := http.NewRequest(try.method, fmt.Sprintf("http://127.0.0.1:%d%s", port, try.path), strings.NewReader("{}"))
		r.Host = try.host
		if try.token != "" {
			r.Header.Set("Authorization", try.token)
		}
		a := answer{Port: port, Asked: try.what}
		if resp, err := client.Do(r); err == nil {
			body, _ := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
			resp.Body.Close()
			a.Status, a.Content = resp.StatusCode, string(body)
		}
		l.Answers = append(l.Answers, a)
	}
}
