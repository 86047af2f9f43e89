//go:build linux

package rdp

import (
	"bytes"
	"context"
	"encoding/hex"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/godbus/dbus/v5"
	"golang.org/x/sys/unix"
)

// door is a socket of the other user that could be connected to, and what it said.
type door struct {
	Name  string
	Bus   string // when asked as a D-Bus in the name of others
	Names int    // how many programs it told of, as a D-Bus, when the stranger said who they are
	X     []byte // the beginning of the answer when asked as an X server
	First []byte // what it said unasked
}

// sockets are all that anybody listens on, with a path or, after a @, without.
func sockets() (names []string) {
	text, _ := os.ReadFile("/proc/net/unix")
	for line := range strings.Lines(string(text)) {
		const flags, path, listening = 3, 7, "00010000"
		if f := strings.Fields(line); len(f) > path && f[flags] == listening {
			names = append(names, f[path])
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// try a socket, if it is the other user's: the kernel tells whose the other end is.
func (l *loot) try(name string, uid uint32) {
	say := func(words []byte) (string, bool) {
		conn, err := net.DialTimeout("unix", name, time.Second)
		if err != nil {
			return "", false
		}
		defer conn.Close()
		if owner := peer(conn.(*net.UnixConn)); owner != int(uid) {
			return "", false
		}
		_ = conn.SetDeadline(time.Now().Add(500 * time.Millisecond))
		_, _ = conn.Write(words)
		answer := make([]byte, 200)
		n, _ := io.ReadAtLeast(conn, answer, 1)
		return string(answer[:n]), true
	}
	first, open := say(nil)
	if !open {
		return
	}
	d := door{Name: name, First: []byte(first)}
	for _, who := range []string{
		"EXTERNAL " + hex.EncodeToString([]byte(strconv.Itoa(int(uid)))), "EXTERNAL 30", // root
		"ANONYMOUS", "DBUS_COOKIE_SHA1 " + hex.EncodeToString([]byte("root")),
	} {
		answer, _ := say([]byte("\x00AUTH " + who + "\r\n"))
		d.Bus += answer
	}
	d.Names = busNames(name)
	setup, _ := say([]byte("l\x00\x0b\x00\x00\x00\x00\x00\x00\x00\x00\x00")) // protocol 11, nothing to show who one is
	d.X = []byte(setup)
	l.Doors = append(l.Doors, d)
}

// refuses says whether the door did not let the stranger in. One that says nothing at all did not either.
func (d door) refuses() bool {
	bus := true
	for line := range strings.Lines(d.Bus) {
		bus = bus && strings.HasPrefix(line, "REJECTED")
	}
	const failed = 0
	return bus && d.Names == 0 && len(d.First) == 0 && (len(d.X) == 0 || d.X[0] == failed)
}

// busNames tells a bus truthfully who is there, which it may believe and yet not serve them.
func busNames(name string) int {
	address := "unix:path=" + name
	if abstract, ok := strings.CutPrefix(name, "@"); ok {
		address = "unix:abstract=" + abstract
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	conn, err := dbus.Dial(address, dbus.WithContext(ctx))
	if err != nil {
		return 0
	}
	defer conn.Close()
	if conn.Auth(nil) != nil || conn.Hello() != nil {
		return 0
	}
	var names []string
	_ = conn.BusObject().CallWithContext(ctx, "org.freedesktop.DBus.ListNames", 0).Store(&names)
	return 1 + len(names)
}

func peer(conn *net.UnixConn) int {
	raw, err := conn.SyscallConn()
	if err != nil {
		return -1
	}
	owner := -1
	_ = raw.Control(func(fd uintptr) {
		if c, err := unix.GetsockoptUcred(int(fd), unix.SOL_SOCKET, unix.SO_PEERCRED); err == nil {
			owner = int(c.Uid)
		}
	})
	return owner
}

// answer is what came of asking a port.
type answer struct {
	Port    int
	Asked   string
	Status  int
	Content string
}

// ports are those on which the other user's programs listen: anybody can see them.
func ports(uid uint32) (found []int) {
	v4, _ := os.ReadFile("/proc/net/tcp")
	v6, _ := os.ReadFile("/proc/net/tcp6")
	for line := range bytes.Lines(append(v4, v6...)) {
		f := strings.Fields(string(line))
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
	token := "Bearer " + strings.Repeat("A", 43)
	for _, try := range []struct{ what, method, path, host, token string }{
		{"without a token", "POST", "/v1/list", "", ""},
		{"with a wrong token", "POST", "/v1/list", "", token},
		{"for a code", "POST", "/v1/code", "", token},
		{"for a key", "POST", "/v1/recovery-key", "", token},
		{"to lock", "POST", "/v1/lock", "", token},
		{"under another name", "POST", "/v1/list", "evil.example", token},
		{"for the first page", "GET", "/", "", ""},
		{"for the clients", "POST", "/api/clients", "", ""},
		{"who it is", "GET", "/v1/hello", "", ""},
	} {
		r, _ := http.NewRequest(try.method, fmt.Sprintf("http://127.0.0.1:%d%s", port, try.path), strings.NewReader("{}"))
		r.Host = try.host
		if try.token != "" {
			r.Header.Set("Authorization", try.token)
		}
		l.ask(port, try.what, r)
	}
}

// follow opens the page by a link that is good.
func (l *loot) follow(link string) {
	u, err := url.Parse(link)
	if err != nil {
		return
	}
	port, _ := strconv.Atoi(u.Port())
	r, _ := http.NewRequest("GET", link, nil)
	r.URL.Host, r.Host = "127.0.0.1:"+u.Port(), u.Host
	l.ask(port, "by the link", r)
}

func (l *loot) ask(port int, what string, r *http.Request) {
	client := &http.Client{Timeout: 3 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	a := answer{Port: port, Asked: what}
	if resp, err := client.Do(r); err == nil {
		body, _ := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
		resp.Body.Close()
		a.Status, a.Content = resp.StatusCode, string(body)
	}
	l.Answers = append(l.Answers, a)
}
