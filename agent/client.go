package agent

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"sync"

	"kapu/lang"
	"kapu/vault"
)

// Conn is a client of the agent of this session. Every request has a connection of its own, on which the agent first
// proves by a challenge that it is the agent. It may be used by several goroutines.
type Conn struct {
	locator  Locator
	path     string    // of the locator; "" within the agent's own process
	lifeline io.Closer // of an agent this process started; closing it ends the agent
	ask      Asker     // see AskBy

	mu     sync.Mutex
	first  *channel // that on which Dial found the agent, for the first request
	secret string   // see Authenticate
}

// Status says how things stand.
func (c *Conn) Status(ctx context.Context) (Status, error) {
	return call(ctx, c, GetStatus, None{})
}

// List returns the clients that match a query and lie in a folder, in Hungarian order; "" matches all.
func (c *Conn) List(ctx context.Context, query, folder string) ([]Client, error) {
	return call(ctx, c, ListClients, ListRequest{Query: query, Folder: folder})
}

// Duplicates returns those of them who may be in the vault twice, each beside the others whom they may be.
func (c *Conn) Duplicates(ctx context.Context, query, folder string) ([]Client, error) {
	return call(ctx, c, ListClients, ListRequest{query, folder, true})
}

// Find returns the one client that a query means.
func (c *Conn) Find(ctx context.Context, query string) (Client, error) {
	return call(ctx, c, FindClient, FindRequest{query})
}

// Code returns the code of the one client that a query matches, or the one after it. A counter-based key is
// used up by asking.
func (c *Conn) Code(ctx context.Context, query string, next bool) (Code, error) {
	return call(ctx, c, MakeCode, CodeRequest{Query: query, Next: next})
}

// Copy puts a client's fresh code on the clipboard, or what else is asked for. If the current code has too little life
// left, or the next is asked for, it waits for that.
func (c *Conn) Copy(ctx context.Context, r Copy) (Copied, error) {
	return call(ctx, c, CopyText, r)
}

// CopyOrShow is Copy for who can show the person the digits: they come back where the person wants to see them, or has
// to because they cannot be pasted. Then a clipboard that fails is no error. Where Announce is asked for, a desktop
// notice says what was copied, if that is all there is to say and the tray is there to show it; Announced is whether it
// does.
func (c *Conn) CopyOrShow(ctx context.Context, r Copy) (Copied, error) {
	return call(ctx, c, CopyOrShow, r)
}

// Add adds a client with a key; a key that is known already becomes a further client of its account.
func (c *Conn) Add(ctx context.Context, n New) (Client, error) {
	return call(ctx, c, AddClient, n)
}

// Edit changes a client by id.
func (c *Conn) Edit(ctx context.Context, e Edit) (Client, error) {
	return call(ctx, c, EditClient, e)
}

// EditMany changes several clients by id.
func (c *Conn) EditMany(ctx context.Context, e EditMany) (Done, error) {
	return call(ctx, c, EditClients, e)
}

// Remove removes clients by id, and the accounts that no other client has.
func (c *Conn) Remove(ctx context.Context, ids ...string) (Done, error) {
	return call(ctx, c, RemoveClients, ByIDs{ids})
}

// PlanRemoval says for whom clients would be gone.
func (c *Conn) PlanRemoval(ctx context.Context, ids ...string) (Removal, error) {
	return call(ctx, c, PlanRemoval, ByIDs{ids})
}

// Uses tells who took a client's code last, and when.
func (c *Conn) Uses(ctx context.Context, id string) (Uses, error) {
	return call(ctx, c, ReadUses, ByID{id})
}

// Merge makes one client of two, which can be taken back as one change.
func (c *Conn) Merge(ctx context.Context, m Merge) (Merged, error) {
	return call(ctx, c, MergeClients, m)
}

// Undo takes a change back: the one with an id, or the last if it is "".
func (c *Conn) Undo(ctx context.Context, id string) (Undone, error) {
	return call(ctx, c, UndoChange, ByID{id})
}

// Undos lists the changes that can be taken back, newest first.
func (c *Conn) Undos(ctx context.Context) ([]Undoable, error) {
	return call(ctx, c, ListUndos, None{})
}

// Details returns what a list does not show of a client, and its secrets to a person who may see them.
func (c *Conn) Details(ctx context.Context, r Reveal) (Details, error) {
	return call(ctx, c, GetDetails, r)
}

// Log returns what was done, newest first, at most a year back, and where lines of it are missing.
func (c *Conn) Log(ctx context.Context, r LogRequest) (Log, error) {
	return call(ctx, c, ReadLog, r)
}

// Deadlines returns the mandates and portal passwords that run out soon, or have, the most urgent first.
func (c *Conn) Deadlines(ctx context.Context, r DeadlinesRequest) ([]Deadline, error) {
	return call(ctx, c, ListDeadlines, r)
}

// Import takes entries in, all in one transaction, and says what became of each.
func (c *Conn) Import(ctx context.Context, i Import) (Imported, error) {
	return call(ctx, c, ImportEntries, i)
}

// Stage gives a file to be read and kept, and says what would become of its entries.
func (c *Conn) Stage(ctx context.Context, s Stage) (Staged, error) {
	return call(ctx, c, StageFile, s)
}

// TakeStaged takes rows of a stage in, all in one transaction.
func (c *Conn) TakeStaged(ctx context.Context, t TakeStaged) (Imported, error) {
	return call(ctx, c, ImportStaged, t)
}

// DiscardStaged lets the agent discard a stage.
func (c *Conn) DiscardStaged(ctx context.Context, id string) error {
	return tell(ctx, c, DiscardStaged, ByID{id})
}

// Protect changes how the vault is unlocked, after the person has shown that they may.
func (c *Conn) Protect(ctx context.Context, p Protect) error {
	return tell(ctx, c, ChangeMethod, p)
}

// RenewIdentity gives the vault a new identity, after the person has shown that they may, and locks it. When it returns
// without an error, the process that held the old one is gone.
func (c *Conn) RenewIdentity(ctx context.Context, r Renew) (Renewed, error) {
	events, err := c.Events(ctx)
	if err != nil {
		return Renewed{}, err
	}
	renewed, err := call(ctx, c, RenewIdentity, r)
	if err != nil {
		return renewed, err
	}
	for range events {
	}
	return renewed, ctx.Err()
}

// Settings returns what the file with the settings says now; a mistake in it is an error that names the line.
func (c *Conn) Settings(ctx context.Context) (Settings, error) {
	return call(ctx, c, ReadSettings, None{})
}

// Configure changes the settings.
func (c *Conn) Configure(ctx context.Context, to Configure) error {
	return tell(ctx, c, WriteSettings, to)
}

// RecoveryKey returns the recovery key to a person who knows the PIN or the password, if there is one.
func (c *Conn) RecoveryKey(ctx context.Context) (string, error) {
	k, err := call(ctx, c, GetRecoveryKey, None{})
	return k.Key, err
}

// Export returns clients with their keys in another program's format.
func (c *Conn) Export(ctx context.Context, e Export) (Exported, error) {
	return call(ctx, c, ExportClients, e)
}

// Archive returns a backup of everything as a file sealed to a passphrase.
func (c *Conn) Archive(ctx context.Context, m MakeArchive) ([]byte, error) {
	return call(ctx, c, ExportArchive, m)
}

// PINOffered tells the agent that the person was told that a PIN would be asked for.
func (c *Conn) PINOffered(ctx context.Context) error {
	return tell(ctx, c, SetPINOffered, None{})
}

// RecoveryKept tells the agent that the person has the recovery key on paper or in a file.
func (c *Conn) RecoveryKept(ctx context.Context) error {
	return tell(ctx, c, SetRecoveryKept, None{})
}

// Backups returns the good backups, newest first.
func (c *Conn) Backups(ctx context.Context) ([]vault.Backup, error) {
	return call(ctx, c, GetBackups, None{})
}

// Restore puts a backup in the vault's place.
func (c *Conn) Restore(ctx context.Context, name string) (Restored, error) {
	return call(ctx, c, RestoreBackup, RestoreRequest{name})
}

// Unite takes over what another version of the vault has.
func (c *Conn) Unite(ctx context.Context, u Unite) (United, error) {
	return call(ctx, c, UniteVersions, u)
}

// UnlockFolder opens a group that has locked itself. Without the PIN or password the agent asks for it by a dialog,
// if there is one to be asked for.
func (c *Conn) UnlockFolder(ctx context.Context, folder, secret string) error {
	return tell(ctx, c, UnlockFolder, UnlockRequest{folder, secret})
}

// Link returns an address that opens a view of the page in a browser, once and within half a minute. "" is the view
// that the page begins with.
func (c *Conn) Link(ctx context.Context, view string) (string, error) {
	a, err := call(ctx, c, OpenPage, LinkRequest{view})
	return a.Link, err
}

// Lock ends the agent. When it returns, the process that held the keys is gone: the stream of its events ends
// only with it.
func (c *Conn) Lock(ctx context.Context) error {
	events, err := c.Events(ctx)
	if err != nil {
		return err
	}
	if err := tell(ctx, c, LockVault, None{}); err != nil {
		return err
	}
	for range events {
	}
	return ctx.Err()
}

// Events returns what happens from now on. The channel is closed when the agent ends or ctx does.
func (c *Conn) Events(ctx context.Context) (<-chan Event, error) {
	return c.events(ctx, EventsRequest{})
}

// NoticeEvents is Events for the face that shows desktop notices, also of what others have copied (CodeCopied).
func (c *Conn) NoticeEvents(ctx context.Context) (<-chan Event, error) {
	return c.events(ctx, EventsRequest{Notices: true})
}

func (c *Conn) events(ctx context.Context, r EventsRequest) (<-chan Event, error) {
	body, err := c.post(ctx, StreamEvents.Path(), r, "")
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
			lang.Clean(&e, lang.Visible)
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

// call asks an endpoint and decodes its answer. What faces get is what may be shown, whoever wrote it: another member,
// a machine that named itself, a file that is being imported.
func call[Request, Answer any](ctx context.Context, c *Conn, to Endpoint[Request, Answer], request Request) (Answer, error) {
	var answer Answer
	body, err := c.stepUp(ctx, to.asks, func(secret string) (io.ReadCloser, error) {
		return c.post(ctx, to.Path(), &request, secret)
	})
	if err != nil {
		return answer, err
	}
	defer body.Close()
	if err := json.NewDecoder(body).Decode(&answer); err != nil {
		return answer, c.broken(ctx)
	}
	lang.Clean(&answer, lang.Visible)
	return answer, nil
}

// tell is a call that is answered by nothing but its success.
func tell[Request any](ctx context.Context, c *Conn, to Endpoint[Request, None], request Request) error {
	_, err := call(ctx, c, to, request)
	return err
}

// post sends a request and returns the body of a good answer; closing it ends the connection. The end of ctx ends
// the connection too, which the agent takes as a change of mind.
func (c *Conn) post(ctx context.Context, path string, request any, secret string) (io.ReadCloser, error) {
	data, err := json.Marshal(request)
	if err != nil {
		return nil, err
	}
	var file []byte
	if attached, ok := request.(Attached); ok {
		file = *attached.Attachment()
	}
	body := io.MultiReader(bytes.NewReader(data), bytes.NewReader(file))
	r, err := http.NewRequest(http.MethodPost, "http://"+c.locator.Address+path, body)
	if err != nil {
		return nil, err
	}
	r.ContentLength = int64(len(data) + len(file))
	r.Header.Set("Authorization", "Bearer "+c.locator.Token)
	setSecret(r.Header, secret)
	ch, err := c.channel(ctx)
	if err != nil {
		return nil, c.unreachable(ctx, agentGone())
	}
	stop := context.AfterFunc(ctx, func() { ch.Close() })
	good := &answerBody{ch: ch, stop: stop}
	var answer *http.Response
	if err = r.Write(ch); err == nil {
		answer, err = http.ReadResponse(ch.in, r)
	}
	if err != nil {
		good.Close()
		return nil, c.broken(ctx)
	}
	good.Reader = answer.Body
	if answer.StatusCode == http.StatusOK {
		return good, nil
	}
	defer good.Close()
	var f Failure
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
