package exchange

import (
	"slices"

	"kapu/lang"
	"kapu/vault"
)

// directory is the index of a vault by what files know of it: secrets, tax numbers, names and former names.
type directory struct {
	tx        *vault.Tx
	accounts  map[string][]string // secret → accounts; several where their parameters differ
	clientsOf map[string][]string // account → clients
	byTax     map[string][]string // first eight digits → clients
	byName    map[string][]string // folded name → clients
	formerly  map[string][]string // folded former name → clients
}

func newDirectory(tx *vault.Tx) *directory {
	d := &directory{
		tx, map[string][]string{}, map[string][]string{}, map[string][]string{}, map[string][]string{}, map[string][]string{},
	}
	for i := range tx.Accounts {
		insert(d.accounts, tx.Accounts[i].Key.Secret, tx.Accounts[i].ID)
	}
	for i := range tx.Clients {
		d.addClient(&tx.Clients[i])
	}
	for _, f := range tx.Formers {
		if f.Name != "" {
			insert(d.formerly, lang.Fold(f.Name), f.ID)
		}
	}
	return d
}

func (d *directory) add(a *vault.Account, c *vault.Client) {
	insert(d.accounts, a.Key.Secret, a.ID)
	d.addClient(c)
}

func (d *directory) addClient(c *vault.Client) {
	insert(d.clientsOf, c.Account, c.ID)
	insert(d.byName, lang.Fold(c.Name), c.ID)
	if tax := vault.TaxID(c.TaxNumber); tax != "" {
		insert(d.byTax, tax, c.ID)
	}
}

// insert adds an id to those under a key, once. Ids of what is no longer so stay: whoever looks up checks.
func insert(in map[string][]string, key, id string) {
	if key != "" && !slices.Contains(in[key], id) {
		in[key] = append(in[key], id)
	}
}

// match is what an entry means of what is there already.
type match struct {
	client  string      // the same client; "" is none
	account string      // the account with the same key
	renamed *lang.Error // the client is there under another name: where it was renamed
	newKey  string      // the client who has another key
	doubt   *lang.Error // why the entry is hardly what is meant
	why     *lang.Error // what to say of a new client
}

// choices are the decisions that the person can take on an entry. To decide about the new key of a client is to accept
// what is doubtful about it too.
func (m match) choices(doubtful bool) []Decision {
	switch {
	case m.newKey != "":
		return []Decision{Replace, KeepBoth}
	case doubtful:
		return []Decision{Accept}
	case m.renamed != nil:
		return []Decision{TakeName}
	}
	return nil
}

// match finds what an entry means. secrets are the keys of the whole file.
func (d *directory) match(e Entry, secrets map[string]bool) match {
	var m match
	for _, id := range d.accounts[e.Key.Secret] {
		a, ok := d.tx.Account(id)
		switch {
		case !ok || a.Key.Secret != e.Key.Secret: // its key was replaced meanwhile
		case agrees(a.Key, e):
			m.account, m.doubt = id, nil
		case m.account == "":
			c, _ := d.servedBy(id)
			m.doubt = lang.E("doubt-parameters", "Client", d.label(c.ID, e))
		}
		if m.account != "" {
			return d.ofAccount(m, e)
		}
	}
	m.newKey, m.why = d.withAnotherKey(e, secrets)
	return m
}

// agrees says whether a key makes codes as an entry states.
func agrees(k vault.Key, e Entry) bool {
	s := e.Stated
	return !(k.Kind != e.Key.Kind && (s.Kind || k.Kind == vault.HOTP || e.Key.Kind == vault.HOTP) ||
		s.Algorithm && k.Algorithm != e.Key.Algorithm || s.Digits && k.Digits != e.Key.Digits ||
		s.Period && k.Period != e.Key.Period)
}

// ofAccount finds the client of an account that an entry means.
func (d *directory) ofAccount(m match, e Entry) match {
	tax, name := vault.TaxID(e.TaxNumber), lang.Fold(e.Name)
	var byTax, byName, byFormer []vault.Client
	for _, id := range d.clientsOf[m.account] {
		c, ok := d.tx.Client(id)
		if !ok || c.Account != m.account {
			continue
		}
		own := vault.TaxID(c.TaxNumber)
		apart := tax != "" && own != "" && tax != own // two businesses
		switch {
		case tax != "" && tax == own:
			byTax = append(byTax, c)
		case !apart && lang.Fold(c.Name) == name:
			byName = append(byName, c)
		case !apart && slices.Contains(d.formerly[name], id):
			byFormer = append(byFormer, c)
		}
	}
	switch {
	case len(byTax) > 0:
		c := nearest(byTax, e)
		m.client = c.ID
		if lang.Fold(c.Name) != name {
			m.renamed = lang.E("import-renamed-there", "Client", d.label(c.ID, Entry{}), "Name", e.Name)
			if slices.Contains(d.formerly[name], c.ID) {
				m.renamed = lang.E("import-renamed-here", "Client", d.label(c.ID, Entry{}), "Name", e.Name)
			}
		}
	case len(byName) > 0:
		m.client = nearest(byName, e).ID
	case len(byFormer) > 0:
		c := nearest(byFormer, e)
		m.client, m.renamed = c.ID, lang.E("import-renamed-here", "Client", d.label(c.ID, Entry{}), "Name", e.Name)
	}
	return m
}

// nearest is the client in the folder and of the name that an entry states, else the first.
func nearest(clients []vault.Client, e Entry) vault.Client {
	best, score := clients[0], -1
	for _, c := range clients {
		n := 0
		if lang.Fold(c.Name) == lang.Fold(e.Name) {
			n += 2
		}
		if e.Folder != "" && lang.Fold(c.Folder) == lang.Fold(e.Folder) {
			n++
		}
		if n > score {
			best, score = c, n
		}
	}
	return best
}

// withAnotherKey finds the client that an entry with an unknown key means. By its tax number that is certain; by its
// name only where nothing speaks against it: another tax number, folder, service or user, or that the file has the
// other key too, so that it knows two clients of that name. Then it says that there are two.
func (d *directory) withAnotherKey(e Entry, secrets map[string]bool) (client string, why *lang.Error) {
	tax := vault.TaxID(e.TaxNumber)
	for _, id := range d.byTax[tax] {
		if c, ok := d.tx.Client(id); ok && vault.TaxID(c.TaxNumber) == tax && d.sameService(c, e) {
			return id, nil
		}
	}
	for _, id := range d.byName[lang.Fold(e.Name)] {
		c, ok := d.tx.Client(id)
		if !ok || lang.Fold(c.Name) != lang.Fold(e.Name) {
			continue
		}
		a, _ := d.tx.Account(c.Account)
		own := vault.TaxID(c.TaxNumber)
		if tax != "" && own != "" && tax != own ||
			e.Folder != "" && lang.Fold(c.Folder) != lang.Fold(e.Folder) ||
			e.UserName != "" && a.UserName != "" && lang.Fold(e.UserName) != lang.Fold(a.UserName) ||
			!d.sameService(c, e) || secrets[a.Key.Secret] {
			why = lang.E("import-namesake", "Beside", d.beside(c, e))
			continue
		}
		return id, nil
	}
	return "", why
}

// sameService says whether an entry may be about the service that a client's account is of.
func (d *directory) sameService(c vault.Client, e Entry) bool {
	a, _ := d.tx.Account(c.Account)
	return e.Service == "" || isPortal(e.Service) && isPortal(a.Service) || lang.Fold(e.Service) == lang.Fold(a.Service)
}

// servedBy is a client that an account serves.
func (d *directory) servedBy(account string) (vault.Client, bool) {
	for _, id := range d.clientsOf[account] {
		if c, ok := d.tx.Client(id); ok && c.Account == account {
			return c, true
		}
	}
	return vault.Client{}, false
}

// label is what a client is called in a sentence about an entry: with what tells it from others of its name, and from
// the entry, if that is another client of the name.
func (d *directory) label(id string, e Entry) string {
	c, _ := d.tx.Client(id)
	return vault.Label(c.Name, d.beside(c, e))
}

// beside is what tells a client from others of its name, and from an entry; "" if there are none.
func (d *directory) beside(c vault.Client, e Entry) string {
	name := lang.Fold(c.Name)
	var same []vault.Namesake
	for _, id := range d.byName[name] {
		if other, ok := d.tx.Client(id); ok && (id == c.ID || len(same) < manyNamesakes && lang.Fold(other.Name) == name) {
			a, _ := d.tx.Account(other.Account)
			same = append(same, vault.NamesakeOf(other, a))
		}
	}
	if lang.Fold(e.Name) == name {
		same = append(same, vault.Namesake{Name: e.Name, TaxNumber: e.TaxNumber, UserName: e.UserName, Folder: e.Folder})
	}
	if len(same) < 2 {
		return ""
	}
	return vault.TellApart(same, func(label string) bool { return len(d.byName[label]) > 0 })[c.ID]
}

// manyNamesakes is how many clients of one name are told apart in a sentence. In a file of ten thousand lines that all
// bear one name each sentence would else look at all the others.
const manyNamesakes = 32
