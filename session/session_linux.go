package session

import (
	"os"
	"path/filepath"
	"strconv"
)

// environment is what sources read about this process: variables, ids, kernel files. It is injected, so that tests make
// their own.
type environment struct {
	getenv  func(string) string
	pid     int
	uid     int
	sockets string   // the kernel's list of unix sockets
	xrdp    []string // folders with xrdp's sockets
}

func here() environment {
	p := environment{getenv: os.Getenv, pid: os.Getpid(), uid: os.Getuid(), sockets: "/proc/net/unix"}
	for _, dir := range []string{"/run/xrdp/sockdir", "/var/run/xrdp/sockdir"} {
		p.xrdp = append(p.xrdp, dir, filepath.Join(dir, strconv.Itoa(p.uid))) // the latter since xrdp 0.10
	}
	if dir := os.Getenv("XRDP_SOCKET_PATH"); dir != "" {
		p.xrdp = append(p.xrdp, filepath.Clean(dir))
	}
	return p
}

func sources() []source { return here().sources() }

func (p environment) sources() []source {
	return []source{
		{"logind-session", []Reason{Locked, Logout, Switched, Back}, p.logindSession},
		{"screen-saver", []Reason{Locked, Back}, p.screenSavers},
		{"logind-sleep", []Reason{Sleep, Logout, Back}, p.logindSleep},
		{"display", []Reason{Logout}, p.display},
		{"xrdp", []Reason{Disconnected, Back}, p.xrdpClient},
		{"idle", []Reason{Idle}, p.idle},
		{"clock", []Reason{Clock}, clockWatch{judge: judge}.clock},
		{"clock-sleep", []Reason{Sleep}, clockWatch{judge: judge}.sleep},
	}
}
