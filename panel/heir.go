package panel

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net"
	"os"
	"os/exec"
	"time"

	"kapu/internal/process"
)

// A window outlives the agent that served it. Its address must not: whoever listened there next, another user's program
// too, would be believed. So an agent that ends while a window shows its page hands its listening sockets to a process
// of the lobby, the heir, before it closes them. The heir gets no key and no name: the sockets, the host's name, the
// hashes of the windows' cookies, and a proof. Windows know the proof's hash from the agent, and believe nobody at the
// old address who cannot say it.

// inheritance is the line on the standard input of an heir.
type inheritance struct {
	Host     string    `json:"host"`
	Proof    string    `json:"proof"`
	Cookie   string    `json:"cookie"`
	Sessions [][]byte  `json:"sessions"` // hashes of the cookie's values
	Sockets  []uintptr `json:"sockets"`  // as the heir's process knows them
}

// heirEvent is the first event of the page's stream.
const heirEvent = "heir"

func proofHash(proof string) string {
	sum := sha256.Sum256([]byte(proof))
	return hex.EncodeToString(sum[:])
}

// bequeath starts the heir. p.mu is held.
func (p *Server) bequeath() error {
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
	will := inheritance{Host: p.place.host, Proof: p.proof}
	if will.Sockets, err = pass(cmd, files); err != nil {
		return err
	}
	will.Cookie, will.Sessions = p.tickets.export()
	in, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	defer in.Close()
	if err := cmd.Start(); err != nil {
		return err
	}
	return json.NewEncoder(in).Encode(will)
}

// share returns a listener's socket as a file. Nothing is accepted from then on: Windows lets go of a socket only while
// nobody waits at it.
func share(l *net.TCPListener) (f *os.File, err error) {
	_ = l.SetDeadline(time.Unix(1, 0))
	for range shareTries {
		if f, err = l.File(); err == nil {
			break
		}
		time.Sleep(shareTime)
	}
	return f, err
}

// How often, and how far apart, it is tried to get a socket that somebody has just waited at.
const (
	shareTries = 10
	shareTime  = 5 * time.Millisecond
)

// inherit reads what an agent has left.
func inherit(in io.Reader) (inheritance, *place, error) {
	var will inheritance
	if err := json.NewDecoder(in).Decode(&will); err != nil {
		return will, nil, err
	}
	p := &place{host: will.Host}
	for _, socket := range will.Sockets {
		f := os.NewFile(socket, "listener")
		l, err := net.FileListener(f)
		f.Close()
		if err != nil {
			return will, nil, err
		}
		p.listeners = append(p.listeners, l)
	}
	return will, p, nil
}
