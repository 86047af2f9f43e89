package vault

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"io"
	"time"

	"kapu/lang"
)

// Contents is an immutable snapshot of a vault. A transaction makes a new one (copy on write), so a reader needs no
// lock.
type Contents struct {
	Accounts []Account
	Clients  []Client
	// Generation is a monotonic version counter: the saves of the vault's whole life.
	Generation uint64
	Saved      time.Time
	// Undos is the undo history, oldest first.
	Undos []Undo
	// Formers are superseded names and keys, oldest first.
	Formers []Former

	// by is the replica that saved them, digest that of their signed body, "" before the save; forerunners are of each
	// replica the last save before, and logEnds how far the log went in each month (see history.go, logchain.go).
	by, digest  string
	forerunners []Mark
	logEnds     []LogEnd

	accounts, clients map[string]int // id → index
}

// bodyFormat is the version of the body's JSON, beside that of the envelope. Version 1 had no undo and no
// password_until, version 2 no keys of kind "book", version 3 no former names and keys, version 4 no indefinite
// mandates, version 5 no history and no ends of the log; they are read as ones that have none.
const bodyFormat = 6

// body is the JSON in the file; docs/formats.md specifies it.
type body struct {
	Vault       int       `json:"vault"`      // bodyFormat
	Program     string    `json:"program"`    // which wrote it, to name it if a reader is too old
	Generation  uint64    `json:"generation"` //
	Saved       time.Time `json:"saved"`
	By          string    `json:"by,omitempty"`
	Forerunners []Mark    `json:"forerunners,omitempty"`
	Log         []LogEnd  `json:"log,omitempty"`
	Accounts    []Account `json:"accounts"`
	Clients     []Client  `json:"clients"`
	Undo        []Undo    `json:"undo,omitempty"`
	Former      []Former  `json:"former,omitempty"`
}

func newContents(accounts []Account, clients []Client) *Contents {
	c := &Contents{Accounts: accounts, Clients: clients}
	c.index()
	return c
}

// index rebuilds the maps from id to position.
func (c *Contents) index() {
	c.accounts, c.clients = make(map[string]int, len(c.Accounts)), make(map[string]int, len(c.Clients))
	for i := range c.Accounts {
		c.accounts[c.Accounts[i].ID] = i
	}
	for i := range c.Clients {
		c.clients[c.Clients[i].ID] = i
	}
}

// Account returns the account with an id.
func (c *Contents) Account(id string) (Account, bool) {
	if i, ok := c.accounts[id]; ok {
		return c.Accounts[i], true
	}
	return Account{}, false
}

// Client returns the client with an id.
func (c *Contents) Client(id string) (Client, bool) {
	if i, ok := c.clients[id]; ok {
		return c.Clients[i], true
	}
	return Client{}, false
}

func encode(c *Contents, program string) ([]byte, error) {
	return json.Marshal(body{
		bodyFormat, program, c.Generation, c.Saved, c.by, c.forerunners, c.logEnds, c.Accounts, c.Clients, c.Undos, c.Formers,
	})
}

// decode is a strict parser: an unknown field is an error, because the next save would lose it.
func decode(data []byte) (*Contents, error) {
	var b body
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	err := d.Decode(&b)
	if b.Vault > bodyFormat {
		return nil, lang.E("vault-newer", "Program", b.Program).Kind(ErrNewer)
	}
	if err == nil {
		if _, tail := d.Token(); !errors.Is(tail, io.EOF) {
			err = lang.Cause("cause-malformed")
		}
	}
	if err == nil && (b.Vault < 1 || len(b.Forerunners) > maxForerunners) {
		err = lang.Cause("cause-malformed")
	}
	if err != nil {
		return nil, err
	}
	lang.Clean(&b, cleanKept)
	for i := range b.Clients {
		b.Clients[i].Name = cmp.Or(b.Clients[i].Name, "?") // nothing of it is to be seen
	}
	c := newContents(b.Accounts, b.Clients)
	c.Generation, c.Saved, c.Undos, c.Formers = b.Generation, b.Saved, b.Undo, b.Former
	c.by, c.forerunners, c.logEnds = b.By, joinMarks(b.Forerunners), b.Log
	return c, c.consistent()
}

// consistent checks the invariants: unique ids, and for each client its account (referential integrity).
func (c *Contents) consistent() error {
	if len(c.accounts) != len(c.Accounts) || len(c.clients) != len(c.Clients) {
		return lang.Cause("cause-malformed")
	}
	for i := range c.Clients {
		if _, ok := c.accounts[c.Clients[i].Account]; !ok {
			return lang.Cause("cause-malformed")
		}
	}
	return nil
}
