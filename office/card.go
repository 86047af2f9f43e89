package office

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"kapu/vault"
)

// A record's content is a card, a map of last-writer-wins registers: each field can be changed by two people at once,
// and of one field the later edit wins. What is a person's own (favourites, when a client was last used) is not in it.

// The fields of a card. Those of a client are "client.ID.NAME".
const (
	fieldGone     = "gone" // the tombstone: "yes" if the record was removed
	fieldService  = "service"
	fieldUser     = "user_name"
	fieldKey      = "key"     // JSON of vault.Key without the counter
	fieldCounter  = "counter" // of a HOTP key
	fieldPassword = "password_until"

	fieldName    = "name"
	fieldTax     = "tax_number"
	fieldFolder  = "folder"
	fieldMandate = "mandate_until"
	clientPrefix = "client."
)

// The fields of the private part, which only admins read.
const (
	fieldDeletion  = "deletion_code"
	fieldNote      = "note"
	exposurePrefix = "known." // + device: whose key must be renewed, see worklist.go
)

// card is the content of a record: an account and the clients it serves, as the vault has them.
type card struct {
	account vault.Account
	clients []vault.Client
}

// fields encode the part of a card that all its readers read.
func (c *card) fields() map[string]string {
	key := c.account.Key
	key.Counter = 0
	text, err := json.Marshal(key)
	if err != nil {
		panic(err) // texts and numbers
	}
	f := map[string]string{fieldKey: string(text)}
	set := func(name, value string) {
		if value != "" {
			f[name] = value
		}
	}
	set(fieldService, c.account.Service)
	set(fieldUser, c.account.UserName)
	set(fieldPassword, c.account.PasswordUntil)
	if c.account.Key.Kind == vault.HOTP {
		set(fieldCounter, strconv.FormatUint(c.account.Key.Counter, 10))
	}
	for _, client := range c.clients {
		at := clientPrefix + client.ID + "."
		set(at+fieldName, client.Name)
		set(at+fieldTax, client.TaxNumber)
		set(at+fieldFolder, client.Folder)
		set(at+fieldMandate, client.MandateUntil)
	}
	return f
}

// private encodes the part that only admins read.
func (c *card) private() map[string]string {
	f := map[string]string{}
	if c.account.DeletionCode != "" {
		f[fieldDeletion] = c.account.DeletionCode
	}
	if c.account.Note != "" {
		f[fieldNote] = c.account.Note
	}
	return f
}

// cardOf decodes the card that fields describe; ids and what is a person's own are for the caller to fill in. It does
// not validate: see check.
func cardOf(f map[string]string) (card, error) {
	var c card
	if err := json.Unmarshal([]byte(f[fieldKey]), &c.account.Key); err != nil {
		return c, err
	}
	if n, err := strconv.ParseUint(f[fieldCounter], 10, 64); err == nil {
		c.account.Key.Counter = n
	}
	c.account.Service, c.account.UserName, c.account.PasswordUntil = f[fieldService], f[fieldUser], f[fieldPassword]
	for _, id := range clientIDs(f) {
		at := clientPrefix + id + "."
		c.clients = append(c.clients, vault.Client{
			ID: id, Name: f[at+fieldName], TaxNumber: f[at+fieldTax], Folder: f[at+fieldFolder], MandateUntil: f[at+fieldMandate],
		})
	}
	return c, nil
}

// check normalizes a card to the form that the vault keeps, or says why the vault would not have it.
func (c *card) check() error {
	if err := c.account.Check(); err != nil {
		return err
	}
	for i := range c.clients {
		if err := c.clients[i].Check(); err != nil {
			return err
		}
	}
	return nil
}

// clientIDs are the clients that have a name, in order. A client without a name was removed.
func clientIDs(f map[string]string) []string {
	var ids []string
	for name := range f {
		if rest, ok := strings.CutPrefix(name, clientPrefix); ok {
			if id, ok := strings.CutSuffix(rest, "."+fieldName); ok && id != "" && !strings.Contains(id, ".") {
				ids = append(ids, id)
			}
		}
	}
	slices.Sort(ids)
	return ids
}

// foldersOf are the folders that a card's clients are in, in order; rights to folders go by them.
func foldersOf(f map[string]string) []string {
	var folders []string
	for _, id := range clientIDs(f) {
		if folder := f[clientPrefix+id+"."+fieldFolder]; folder != "" && !slices.Contains(folders, folder) {
			folders = append(folders, folder)
		}
	}
	slices.Sort(folders)
	return folders
}

// namesakesOf are a card's clients, by what tells each from others of its name.
func namesakesOf(f map[string]string) []vault.Namesake {
	var clients []vault.Namesake
	for _, id := range clientIDs(f) {
		of := func(field string) string { return f[clientPrefix+id+"."+field] }
		clients = append(clients, vault.Namesake{
			ID: id, Name: of(fieldName), TaxNumber: of(fieldTax), UserName: f[fieldUser], Folder: of(fieldFolder),
		})
	}
	return clients
}

// nameOf is the display name of a card: the names of its clients with their tax numbers, for here nobody knows who else
// bears the name.
func nameOf(f map[string]string) string {
	var names []string
	for _, n := range namesakesOf(f) {
		names = append(names, vault.Label(n.Name, n.TaxNumber))
	}
	return strings.Join(names, ", ")
}
