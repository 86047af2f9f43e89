package agent

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
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

// endpoint is how a face reaches a running agent: a file only its owner can read, one for each desktop session.
type endpoint struct {
	API     int    `json:"api"`
	Address string `json:"address"` // on the loopback interface
	Token   string `json:"token"`   // 256 random bits; who knows it is this user
	PID     int    `json:"pid"`
}

func newToken() string {
	var b [32]byte
	rand.Read(b[:])
	return base64.RawURLEncoding.EncodeToString(b[:])
}

const (
	endpointStart = "agent-"
	endpointEnd   = ".json"
)

func endpointPath(dir, session string) string {
	return filepath.Join(dir, endpointStart+session+endpointEnd)
}

// findEndpoint returns the endpoint file for this process: that of its desktop session; for a process without a
// desktop (a remote shell) also that of the only other session, if there is just one.
func findEndpoint(dir string) string {
	own := endpointPath(dir, config.Session())
	if config.Session() != config.Console {
		return own
	}
	if _, err := os.Stat(own); err == nil {
		return own
	}
	if all, _ := filepath.Glob(endpointPath(dir, "*")); len(all) == 1 {
		return all[0]
	}
	return own
}

func readEndpoint(path string) (endpoint, error) {
	var e endpoint
	data, err := disk.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(data, &e)
	}
	if err != nil {
		return e, ErrLocked
	}
	if e.API != apiVersion {
		return e, lang.E("agent-other-version", "PID", e.PID)
	}
	return e, nil
}

// publish writes the endpoint file whole, so that a reader never sees half of it.
func (e endpoint) publish(path string) error {
	data, err := json.Marshal(e)
	if err != nil {
		return err
	}
	part := path + ".new"
	if err := disk.WriteFile(part, data); err != nil {
		return err
	}
	return disk.Rename(part, path)
}

// prove answers a face's question whether this is really the agent: after an agent has died, another user of
// the machine may get its port, and must be told neither the token nor a key.
func prove(token, nonce string) string {
	mac := hmac.New(sha256.New, []byte(token))
	mac.Write([]byte("kapu/v1 agent hello\n" + nonce))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// Watch sends when an agent of this session may have come or gone. It waits for the system's word and polls
// nothing. The channel is closed when ctx ends.
func Watch(ctx context.Context, paths config.Paths) (<-chan struct{}, error) {
	if err := disk.Folder(paths.Runtime); err != nil {
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
				if !strings.HasSuffix(e.Name, endpointEnd) {
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
