//go:build linux

package rdp

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"

	"golang.org/x/sys/unix"
)

// strangerTask is set in the process that plays another user of the same machine.
const strangerTask = "KAPU_TEST_STRANGER"

// task is whom the stranger is after, and what they have heard of.
type task struct {
	UID     uint32
	Home    string
	Display string
	Pids    []int
	Link    string // to the page, as it stands in the arguments of the owner's browser
}

// loot is what the stranger got.
type loot struct {
	UID     int      // who the stranger was
	Files   []string // that could be opened
	Folders []string // that could be listed
	Written []string // that could be changed
	Doors   []door   // sockets that could be connected to
	Memory  []string // what of the processes could be opened, and how
	Shared  []int    // of each shared memory that could be read, how many bytes hold something
	Args    string   // what `ps` would show of them
	Answers []answer // of the ports on which they listen
	Clip    string   // of the other one's clipboard
	List    string   // what our own program printed when pointed at the other one's files
}

// strangerMain tries everything an ordinary user can and prints what came of it.
func strangerMain(text string) {
	var who task
	if err := json.Unmarshal([]byte(text), &who); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	l := loot{UID: os.Getuid()}
	for _, root := range []string{who.Home, "/tmp", "/run", "/dev/shm", "/dev/mqueue", "/var/tmp"} {
		l.search(root, who.UID)
	}
	for _, name := range sockets() {
		l.try(name, who.UID)
	}
	for _, pid := range who.Pids {
		l.look(pid)
		l.grab(pid)
	}
	l.share(who.UID)
	for _, port := range ports(who.UID) {
		l.knock(port)
	}
	l.follow(who.Link)
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
		if e.Type()&fs.ModeSymlink == 0 && unix.Access(path, unix.W_OK) == nil {
			l.Written = append(l.Written, path)
		}
		switch {
		case e.IsDir():
			if err == nil {
				if f, err := os.Open(path); err == nil {
					f.Close()
					l.Folders = append(l.Folders, path)
				}
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
