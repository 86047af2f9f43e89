package agent

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"

	"github.com/fsnotify/fsnotify"

	"kapu/config"
	"kapu/internal/disk"
	"kapu/lang"
)

// apiVersion changes when an agent and a face of different releases could misunderstand each other.
const apiVersion = 1

// Locator is the discovery file of a running agent: where it listens, and the bearer token that shows a client to be a
// program of the same user. One for each desktop session, readable by its owner only, and gone with the agent. A file
// that somebody else can have written is not believed, for behind its address a stranger would listen.
type Locator struct {
	API     int    `json:"api"`
	Address string `json:"address"` // host and port on the loopback interface
	Token   string `json:"token"`   // 256 random bits; who knows it is this user
	PID     int    `json:"pid"`
}

// NewLocator describes this process as the agent that listens on an address.
func NewLocator(address string) Locator {
	return Locator{apiVersion, address, newToken(), os.Getpid()}
}

// Conn connects to the agent from within its own process, for the page that this serves.
func (l Locator) Conn() *Conn { return &Conn{locator: l} }

func newToken() string {
	var b [32]byte
	rand.Read(b[:])
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// The endings of an agent's files: its locator, and the lock that it holds from before it opens the vault to its end.
const (
	locatorEnd = ".json"
	lockEnd    = ".lock"
)

// Name is what the files of a desktop session's agent are called, without their endings.
func Name() string { return nameOf(config.Session()) }

func nameOf(session string) string { return "agent-" + session }

func locatorOf(dir, session string) string { return filepath.Join(dir, nameOf(session)+locatorEnd) }

// LocatorPath is where the agent of this desktop session publishes its Locator.
func LocatorPath(paths config.Paths) string { return locatorOf(paths.Runtime, config.Session()) }

// LockPath is the file by which the agent of this desktop session is alone, from before it opens the vault to its end.
func LockPath(paths config.Paths) string { return lockOf(LocatorPath(paths)) }

func lockOf(locator string) string { return strings.TrimSuffix(locator, locatorEnd) + lockEnd }

// findLocator returns the locator for this process: that of its desktop session; for a process without a
// desktop (a remote shell) also that of the only other session, if there is just one.
func findLocator(dir string) string {
	own := locatorOf(dir, config.Session())
	if config.Session() != config.Console {
		return own
	}
	if _, err := os.Stat(own); err == nil {
		return own
	}
	if all, _ := filepath.Glob(locatorOf(dir, "*")); len(all) == 1 {
		return all[0]
	}
	return own
}

func readLocator(path string) (Locator, error) {
	var l Locator
	data, err := disk.ReadTrusted(path)
	if errors.Is(err, disk.ErrForeign) {
		return l, err
	}
	if err == nil {
		err = json.Unmarshal(data, &l)
	}
	if err != nil {
		return l, ErrLocked
	}
	if l.API != apiVersion {
		return l, lang.E("agent-other-version", "PID", l.PID)
	}
	return l, nil
}

// Publish writes the file atomically (write, then rename), so that a reader never sees half of it.
func (l Locator) Publish(path string) error {
	data, err := json.Marshal(l)
	if err != nil {
		return err
	}
	part := path + ".new"
	if err := disk.WriteFile(part, data); err != nil {
		return err
	}
	return disk.Rename(part, path)
}

// HelloPath is where the agent proves to a client without a token that it is the agent.
const HelloPath = "/v1/hello"

// NonceHeader carries the client's challenge to the agent, see Prove.
const NonceHeader = "Kapu-Nonce"

// Prove answers a client's challenge by an HMAC under the token, before the client sends the token itself: after an
// agent has died, another user of the machine may get its port, and must be told neither the token nor a key.
func (l Locator) Prove(nonce string) string {
	mac := hmac.New(sha256.New, []byte(l.Token))
	mac.Write([]byte("kapu/v1 agent hello\n" + nonce))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// Watch sends when an agent of this session may have come or gone. It waits for the system's word and polls
// nothing. The channel is closed when ctx ends.
func Watch(ctx context.Context, paths config.Paths) (<-chan struct{}, error) {
	if err := disk.TrustedFolder(paths.Runtime); err != nil {
		return nil, err
	}
	w, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, err
	}
	if err := w.Add(paths.Runtime); err != nil {
		w.Close()
		return nil, err
	}
	news := make(chan struct{}, 1)
	go func() {
		defer close(news)
		defer w.Close()
		for {
			select {
			case <-ctx.Done():
				return
			case <-w.Errors: // a lost event is made good by the next one
			case e := <-w.Events:
				if !strings.HasSuffix(e.Name, locatorEnd) {
					continue
				}
				select {
				case news <- struct{}{}:
				default:
				}
			}
		}
	}()
	return news, nil
}
