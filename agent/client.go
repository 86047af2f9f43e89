package agent

import (
	"bufio"
	"bytes"
	"context"
	"crypto/hmac"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"time"

	"kapu/config"
	"kapu/lang"
	"kapu/vault"
)

// Conn is how a face speaks to the agent of its session. Every request has a connection of its own, on which the
// agent first proves that it is the agent.
type Conn struct {
	endpoint endpoint
	lifeline io.Closer // of an agent this process started; closing it ends the agent

	mu    sync.Mutex
	first *channel // that on which Dial found the agent, for the first request
}

// channel is an open connection whose other end is the agent.
type channel struct {
	net.Conn
	in   *bufio.Reader
	made time.Time
}

// Dial connects to the running agent of this session. Without one the vault is locked: ErrLocked.
func Dial(ctx context.Context, paths config.Paths) (*Conn, error) {
	e, err := readEndpoint(findEndpoint(paths.Runtime))
	if err != nil {
		return nil, err
	}
	c := &Conn{endpoint: e}
	if c.first, err = c.dial(ctx); err != nil {
		return nil, absence(err, ErrLocked) // what the file speaks of is no longer there
	}
	return c, nil
}

// helloTime is what the agent may take to say that it is the agent. It does nothing else for that.
const helloTime = 5 * time.Second

// dial opens a connection and lets the other end prove that it knows the token before anything is told to it.
func (c *Conn) dial(ctx context.Context) (_ *channel, err error) {
	conn, err := (&net.Dialer{Timeout: helloTime}).DialContext(ctx, "tcp", c.endpoint.Address)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			conn.Close()
		}
	}()
	_ = conn.SetDeadline(time.Now().Add(helloTime))
	nonce := newToken()
	if _, err := fmt.Fprintf(conn, "GET /v1/hello HTTP/1.1\r\nHost: %s\r\n%s: %s\r\n\r\n", c.endpoint.Address, nonceHeader, nonce); err != nil {
		return nil, err
	}
	in := bufio.NewReader(conn)
	answer, err := http.ReadResponse(in, nil)
	if err != nil {
		return nil, err
	}
	proof, err := io.ReadAll(io.LimitReader(answer.Body, 100))
	if err != nil {
		return nil, err
	}
	if !hmac.Equal(proof, []byte(prove(c.endpoint.Token, nonce))) {
		return nil, errors.New("another program listens on the agent's port")
	}
	return &channel{conn, in, time.Now()}, conn.SetDeadline(time.Time{})
}

// absence is what to say of an agent that no connection could be made to: one that is there and does not get its turn
// has locked nothing.
func absence(err, gone error) error {
	if slow, ok := errors.AsType[net.Error](err); ok && slow.Timeout() {
		return lang.E("agent-silent", "Seconds", int(helloTime.Seconds()))
	}
	return gone
}

// channel returns an open connection for one request.
func (c *Conn) channel(ctx context.Context) (*channel, error) {
	c.mu.Lock()
	ch := c.first
	c.first = nil
	c.mu.Unlock()
	switch {
	case ch == nil:
	case time.Since(ch.made) < guestTime/2:
		return ch, nil
	default: // the person was asked something meanwhile; the agent lets nobody stand there silent
		ch.Close()
	}
	return c.dial(ctx)
}

// StatusOf says how things stand, locked or not.
func StatusOf(ctx context.Context, paths config.Paths) (Status, error) {
	c, err := Dial(ctx, paths)
	if err == nil {
		return c.Status(ctx)
	}
	if !errors.Is(err, ErrLocked) {
		return Status{}, err
	}
	s := Status{Locked: true, Vault: vault.Path(paths.Vault)}
	exists, err := vault.Exists(paths.Vault)
	if exists {
		s.Method, s.RecoveryKept = door(paths).Method(), door(paths).RecoveryKept()
	}
	return s, err
}

// Status says how things stand.
func (c *Conn) Status(ctx context.Context) (Status, error) {
	return call[Status](ctx, c, "status", struct{}{})
}

// List returns the clients that match a query and lie in a folder, in Hungarian order; "" matches all.
func (c *Conn) List(ctx context.Context, query, folder string) ([]Client, error) {
	return call[[]Client](ctx, c, "list", listRequest{query, folder})
}

// Find returns the one client that a query means.
func (c *Conn) Find(ctx context.Context, query string) (Client, error) {
	return call[Client](ctx, c, "find", findRequest{query})
}

// Code returns the code of the one client that a query matches, or the one after it. A counter-based key is
// used up by asking.
func (c *Conn) Code(ctx context.Context, query string, next bool) (Code, error) {
	return call[Code](ctx, c, "code", codeRequest{query, next})
}

// Copy puts a fresh code of the one client that a query matches on the clipboard. If the current one has too
// little life left, or next is set, it waits for the next.
func (c *Conn) Copy(ctx context.Context, query string, next bool) (Copied, error) {
	return call[Copied](ctx, c, "copy", codeRequest{query, next})
}

// CopyOrShow is Copy for who can show the person the digits: they come back where the person wants to see them, or has
// to because they cannot be pasted. Then a clipboard that fails is no error.
func (c *Conn) CopyOrShow(ctx context.Context, query string, next bool) (Copied, error) {
	return call[Copied](ctx, c, "copy-or-show", codeRequest{query, next})
}

// Add adds a client with a key; a key that is known already becomes a further client of its account.
func (c *Conn) Add(ctx context.Context, n New) (Client, error) {
	return call[Client](ctx, c, "add", n)
}

// Edit changes a client by id.
func (c *Conn) Edit(ctx context.Context, e Edit) (Client, error) {
	return call[Client](ctx, c, "edit", e)
}

// EditMany changes several clients by id.
func (c *Conn) EditMany(ctx context.Context, e EditMany) (Done, error) {
	return call[Done](ctx, c, "edit-many", e)
}

// Remove removes clients by id, and the accounts that no other client has.
func (c *Conn) Remove(ctx context.Context, ids ...string) (Done, error) {
	return call[Done](ctx, c, "remove", removeRequest{ids})
}

// Undo takes a change back: the one with an id, or the last if it is "".
func (c *Conn) Undo(ctx context.Context, id string) (Undone, error) {
	return call[Undone](ctx, c, "undo", undoRequest{id})
}

// Undos lists the changes that can be taken back, newest first.
func (c *Conn) Undos(ctx context.Context) ([]Undoable, error) {
	return call[[]Undoable](ctx, c, "undos", struct{}{})
}

// Details returns what a list does not show of a client, and its secrets to a person who may see them.
func (c *Conn) Details(ctx context.Context, r Reveal) (Details, error) {
	return call[Details](ctx, c, "details", r)
}

// Log returns what was done, newest first, at most a year back.
func (c *Conn) Log(ctx context.Context, r LogRequest) ([]vault.LogEntry, error) {
	return call[[]vault.LogEntry](ctx, c, "log", r)
}

// Deadlines returns the mandates and portal passwords that run out within 30 days, or have, the most urgent first.
func (c *Conn) Deadlines(ctx context.Context) ([]Deadline, error) {
	return call[[]Deadline](ctx, c, "deadlines", struct{}{})
}

// Import takes entries in, all in one transaction, and says what became of each.
func (c *Conn) Import(ctx context.Context, i Import) (Imported, error) {
	return call[Imported](ctx, c, "import", i)
}

// Stage gives a file to be read and kept, and says what would become of its entries.
func (c *Conn) Stage(ctx context.Context, s Stage) (Staged, error) {
	return call[Staged](ctx, c, "stage", s)
}

// TakeStaged takes rows of a stage in, all in one transaction.
func (c *Conn) TakeStaged(ctx context.Context, t TakeStaged) (Imported, error) {
	return call[Imported](ctx, c, "take-staged", t)
}

// DropStaged lets the agent forget a stage.
func (c *Conn) DropStaged(ctx context.Context, id string) error {
	_, err := call[struct{}](ctx, c, "drop-staged", dropRequest{id})
	return err
}

// Protect changes how the vault is unlocked, after the person has shown that they may.
func (c *Conn) Protect(ctx context.Context, p Protect) error {
	_, err := call[struct{}](ctx, c, "protect", p)
	return err
}

// Settings returns what the file with the settings says now; a mistake in it is an error that names the line.
func (c *Conn) Settings(ctx context.Context) (Settings, error) {
	return call[Settings](ctx, c, "settings", struct{}{})
}

// Configure changes the settings.
func (c *Conn) Configure(ctx context.Context, to Configure) error {
	_, err := call[struct{}](ctx, c, "configure", to)
	return err
}

// RecoveryKey returns the recovery key to a person who knows the PIN or the password, if there is one.
func (c *Conn) RecoveryKey(ctx context.Context, current string) (string, error) {
	k, err := call[RecoveryKey](ctx, c, "recovery-key", recoveryRequest{current})
	return k.Key, err
}

// Export returns clients with their keys in another program's format.
func (c *Conn) Export(ctx context.Context, e Export) (Exported, error) {
	return call[Exported](ctx, c, "export", e)
}

// Archive returns a backup of everything as a file sealed to a passphrase.
func (c *Conn) Archive(ctx context.Context, m MakeArchive) ([]byte, error) {
	return call[[]byte](ctx, c, "archive", m)
}

// RecoveryKept tells the agent that the person has the recovery key on paper or in a file.
func (c *Conn) RecoveryKept(ctx context.Context) error {
	_, err := call[struct{}](ctx, c, "recovery-kept", struct{}{})
	return err
}

// Backups returns the good backups, newest first.
func (c *Conn) Backups(ctx context.Context) ([]vault.Backup, error) {
	return call[[]vault.Backup](ctx, c, "backups", struct{}{})
}

// Restore puts a backup in the vault's place.
func (c *Conn) Restore(ctx context.Context, name string) (Restored, error) {
	return call[Restored](ctx, c, "restore", restoreRequest{name})
}

// UnlockFolder opens a group that has locked itself. Without the PIN or password the agent asks for it by a dialog,
// if there is one to be asked for.
func (c *Conn) UnlockFolder(ctx context.Context, folder, secret string) error {
	_, err := call[struct{}](ctx, c, "unlock-folder", folderRequest{folder, secret})
	return err
}

// Link returns an address that opens a view of the page in a browser, once and within half a minute. "" is the view
// that the page begins with.
func (c *Conn) Link(ctx context.Context, view string) (string, error) {
	a, err := call[linkAnswer](ctx, c, "link", linkRequest{view})
	return a.Link, err
}

// Lock ends the agent. When it returns, the process that held the keys is gone: the stream of its events ends
// only with it.
func (c *Conn) Lock(ctx context.Context) error {
	events, err := c.Events(ctx)
	if err != nil {
		return err
	}
	if _, err := call[struct{}](ctx, c, "lock", struct{}{}); err != nil {
		return err
	}
	for range events {
	}
	return ctx.Err()
}

// Events returns what happens from now on. The channel is closed when the agent ends or ctx does.
func (c *Conn) Events(ctx context.Context) (<-chan Event, error) {
	body, err := c.post(ctx, "events", struct{}{})
	if err != nil {
		return nil, err
	}
	events := make(chan Event)
	go func() {
		defer close(events)
		defer body.Close()
		d := json.NewDecoder(body)
		for {
			var e Event
			if d.Decode(&e) != nil {
				return
			}
			select {
			case events <- e:
			case <-ctx.Done():
				return
			}
		}
	}()
	return events, nil
}

// Close lets go of the agent; one that was started with a lifeline ends.
func (c *Conn) Close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.first != nil {
		c.first.Close()
		c.first = nil
	}
	if c.lifeline != nil {
		c.lifeline.Close()
	}
}

func call[Answer any](ctx context.Context, c *Conn, method string, request any) (Answer, error) {
	var answer Answer
	body, err := c.post(ctx, method, request)
	if err != nil {
		return answer, err
	}
	defer body.Close()
	if err := json.NewDecoder(body).Decode(&answer); err != nil {
		return answer, lang.E("agent-gone").Kind(ErrLocked)
	}
	return answer, nil
}

// post sends a request and returns the body of a good answer; closing it ends the connection. The end of ctx ends
// the connection too, which the agent takes as a change of mind.
func (c *Conn) post(ctx context.Context, method string, request any) (io.ReadCloser, error) {
	data, err := json.Marshal(request)
	if err != nil {
		return nil, err
	}
	r, err := http.NewRequest(http.MethodPost, "http://"+c.endpoint.Address+"/v1/"+method, bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Authorization", "Bearer "+c.endpoint.Token)
	ch, err := c.channel(ctx)
	if err != nil {
		return nil, absence(err, lang.E("agent-gone").Kind(ErrLocked))
	}
	stop := context.AfterFunc(ctx, func() { ch.Close() })
	body := &answerBody{ch: ch, stop: stop}
	var answer *http.Response
	if err = r.Write(ch); err == nil {
		answer, err = http.ReadResponse(ch.in, r)
	}
	if err != nil {
		body.Close()
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		// The agent died in the middle. What was asked for may or may not have happened.
		return nil, lang.E("agent-gone").Kind(ErrLocked)
	}
	body.Reader = answer.Body
	if answer.StatusCode == http.StatusOK {
		return body, nil
	}
	defer body.Close()
	var f failure
	if err := json.NewDecoder(io.LimitReader(answer.Body, 1<<20)).Decode(&f); err != nil || f.Sentence == nil {
		return nil, lang.E("agent-refused", "Status", answer.StatusCode)
	}
	return nil, f.error()
}

// answerBody is the body of an answer with the connection it came on.
type answerBody struct {
	io.Reader
	ch   *channel
	stop func() bool // the watch over ctx
}

func (b *answerBody) Close() error {
	b.stop()
	return b.ch.Close()
}
