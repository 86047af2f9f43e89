package session

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"
)

// xrdpSession is a session that a person sees through xrdp. Nothing announces that the client is gone; but the
// connections from xrdp to the session's helpers are there only while there is a client.
type xrdpSession struct {
	environment
	number string // of the display
}

// xrdpClient tells when the remote client goes away and the session stays.
func (p environment) xrdpClient(w *watch, name string) outcome {
	number, ok := displayNumber(p.getenv("DISPLAY"))
	if p.getenv("XRDP_SESSION") == "" || !ok {
		return unavailable(NotRemote, "")
	}
	x := xrdpSession{p, number}
	sockets, connected, err := x.readSockets()
	switch {
	case err != nil:
		return failed(err)
	case !sockets:
		return unavailable(NoSockets, "") // of another network namespace, as in a sandbox
	}
	files, err := fsnotify.NewWatcher()
	if err != nil {
		return failed(err)
	}
	for _, dir := range p.xrdp {
		_ = files.Add(dir) // without an event there is still the slow way
	}
	w.run(func() {
		defer files.Close()
		x.watch(w, name, connected, files)
	})
	if !x.audio() {
		return working("every 5 s: the client has no sound channel")
	}
	return working("")
}

func (x xrdpSession) watch(w *watch, name string, connected bool, files *fsnotify.Watcher) {
	if !connected {
		w.emit(name, Disconnected)
	}
	for {
		var slow <-chan time.Time
		if !x.audio() {
			slow = time.After(pollEvery)
		}
		was := connected
		select {
		case <-w.ctx.Done():
			return
		case e := <-files.Events:
			if x.isAudio(filepath.Base(e.Name)) && e.Has(fsnotify.Create|fsnotify.Remove) {
				connected = x.settle(w, e.Has(fsnotify.Create))
			}
		case <-files.Errors: // something was missed
			connected = x.connected()
		case <-slow:
			connected = x.connected()
		}
		switch {
		case was && !connected:
			w.emit(name, Disconnected)
		case connected && !was:
			w.emit(name, Back)
		}
	}
}

// settle retries with exponential backoff (10 ms to 2 s) after a sign that the client has gone, or come: the sign may
// come before the fact. In the end the fact counts.
func (x xrdpSession) settle(w *watch, sign bool) bool {
	for wait := 10 * time.Millisecond; wait < 2*time.Second && x.connected() != sign; wait *= 2 {
		select {
		case <-w.ctx.Done():
			return sign
		case <-time.After(wait):
		}
	}
	return x.connected()
}

// connected is yes when it cannot be found out: then it was so a moment ago.
func (x xrdpSession) connected() bool {
	_, connected, err := x.readSockets()
	return connected || err != nil
}

// readSockets reads the kernel's list: whether there are sockets of this session, and whether one is connected. Only
// the folders of xrdp count, since anybody can make a socket of that name somewhere else.
func (x xrdpSession) readSockets() (sockets, connected bool, err error) {
	text, err := os.ReadFile(x.sockets)
	if err != nil {
		return false, false, err
	}
	for line := range bytes.Lines(text) {
		// Num RefCount Protocol Flags Type St Inode Path
		f := strings.Fields(string(line))
		if len(f) != 8 || !x.ours(f[7]) {
			continue
		}
		sockets = true
		if f[5] == "03" {
			return true, true, nil
		}
	}
	return sockets, false, nil
}

func (x xrdpSession) ours(path string) bool {
	dir, base := filepath.Split(path)
	if base != "xrdp_chansrv_socket_"+x.number && base != "xrdp_display_"+x.number {
		return false
	}
	for _, d := range x.xrdp {
		if filepath.Clean(dir) == d {
			return true
		}
	}
	return false
}

// isAudio tells the files that go when the client goes.
func (x xrdpSession) isAudio(base string) bool {
	return strings.HasPrefix(base, "xrdp_chansrv_audio_") && strings.HasSuffix(base, "_socket_"+x.number)
}

// audio tells whether there is such a file, that is, whether there will be an event.
func (x xrdpSession) audio() bool {
	for _, dir := range x.xrdp {
		if found, _ := filepath.Glob(filepath.Join(dir, "xrdp_chansrv_audio_*_socket_"+x.number)); len(found) > 0 {
			return true
		}
	}
	return false
}
