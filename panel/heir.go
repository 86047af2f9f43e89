package panel

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net"
	"os"
	"os/exec"

	"kapu/internal/process"
)

// A window outlives the agent that served it. Its address must not: whoever listened there next, another user's program
// too, would be believed. So from the first link on a process of the lobby stands by, the heir: it holds the
// listening sockets too, accepts nothing, and waits for the end of its standard input, which is the end of the agent,
// however that comes about. The heir gets no key and no name: the sockets, the host's name, the hashes of the windows'
// cookies, and a proof. Windows know the proof's hash from the agent, and believe nobody at the old address who cannot
// say it.

// inheritance is a line on the standard input of an heir; the last one counts.
type inheritance struct {
	Host     string    `json:"host"`
	Proof    string    `json:"proof"`
	Cookie   string    `json:"cookie"`
	Sessions [][]byte  `json:"sessions"` // hashes of the cookie's values
	Sockets  []uintptr `json:"sockets"`  // as the heir's process knows them
	Windows  bool      `json:"windows"`  // may be there, so that there is something to inherit
}

// heirEvent is the first event of the page's stream.
const heirEvent = "heir"

func proofHash(proof string) string {
	sum := sha256.Sum256([]byte(proof))
	return hex.EncodeToString(sum[:])
}

// heir is the process that stands by.
type heir struct {
	in      io.WriteCloser
	sockets []uintptr
}

// testify tells the heir how things stand, and appoints one where there is none, or none any more.
func (p *Server) testify() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.closed && standsBy && (p.heir == nil || p.write(true) != nil) {
		_ = p.appoint() // without an heir the windows say that the vault is locked, and no more
	}
}

// dismiss ends the heir, because no window has been there for long.
func (p *Server) dismiss() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.heir != nil && !p.closed && !p.viewers.any() {
		_ = p.write(false)
		p.heir.in.Close()
		p.heir = nil
	}
}

// appoint starts an heir. p.mu is held.
func (p *Server) appoint() error {
	p.heir = nil
	program, err := os.Executable()
	if err != nil {
		return err
	}
	var files []*os.File
	defer func() {
		for _, f := range files {
			f.Close()
		}
	}()
	for _, l := range p.place.listeners {
		f, err := share(l.(*net.TCPListener))
		if err != nil {
			return err
		}
		files = append(files, f)
	}
	cmd := exec.Command(program, LobbyCommand, "--"+FlagHeir)
	cmd.SysProcAttr = process.Detached()
	h := &heir{}
	if h.sockets, err = pass(cmd, files); err != nil {
		return err
	}
	if h.in, err = cmd.StdinPipe(); err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	go func() { _ = cmd.Wait() }()
	p.heir = h
	return p.write(true)
}

// write gives the heir what counts now. An agent that is killed cannot say whether a window was there; its heir waits
// for one as any lobby does. p.mu is held.
func (p *Server) write(windows bool) error {
	will := inheritance{Host: p.place.host, Proof: p.proof, Sockets: p.heir.sockets, Windows: windows}
	will.Cookie, will.Sessions = p.tickets.export()
	return json.NewEncoder(p.heir.in).Encode(will)
}

// inherit waits for the end of an agent and returns what it has left; a place is nil where no window waits for one.
func inherit(ctx context.Context, in io.Reader) (will inheritance, at *place, err error) {
	last := make(chan inheritance, 1)
	go func() {
		var will inheritance
		for d := json.NewDecoder(in); ; {
			var next inheritance
			if d.Decode(&next) != nil { // the end, in the middle of a line too
				last <- will
				return
			}
			will = next
		}
	}()
	select {
	case will = <-last:
	case <-ctx.Done():
	}
	if !will.Windows {
		return will, nil, nil
	}
	at = &place{host: will.Host}
	for _, socket := range will.Sockets {
		f := os.NewFile(socket, "listener")
		l, err := net.FileListener(f)
		f.Close()
		if err != nil {
			return will, nil, err
		}
		at.listeners = append(at.listeners, l)
	}
	return will, at, nil
}
