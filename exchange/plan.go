package exchange

import (
	"slices"

	"kapu/lang"
	"kapu/vault"
)

// Apply merges entries into a transaction and reports what became of each. It is idempotent: a second import of the
// same entries changes nothing. For a dry run, apply it to a transaction that is discarded.
//
// An account is known by its secret, a client by its account and its folded name: what names a code for a
// person may be spelt anew, what makes the code may not. An error means that nothing should be kept.
func Apply(tx *vault.Tx, entries []Entry) (Report, error) {
	p := newPlan(tx)
	report := newReport(len(entries))
	for _, e := range entries {
		row, err := p.decide(e)
		if err != nil {
			return Report{}, err
		}
		report.add(row)
	}
	return report, nil
}

// secret is the natural key of an account: what tells it from all others.
type secret struct {
	kind   vault.Kind
	base32 string
}

// named is the natural key of a client: its account and its folded name.
type named struct {
	secret
	name string // folded
}

// plan is an import under way: indexes of what is there, with what the entries before have added.
type plan struct {
	tx       *vault.Tx
	accounts map[secret]string // → id
	clients  map[named]string  // → id
	// stated holds what this file has said so far. The first row that says something about a client or an account
	// counts, and later ones only add to it. Were it the last, two rows that disagree would each undo the other
	// in every import.
	stated map[fact]bool
}

// fact is a field of an account or a client, as far as a file has stated it.
type fact struct {
	about named // of an account, without a name
	field string
}

func newPlan(tx *vault.Tx) *plan {
	p := &plan{tx, map[secret]string{}, map[named]string{}, map[fact]bool{}}
	for i := range tx.Accounts {
		p.index(named{secret: secretOf(tx.Accounts[i].Key)}, tx.Accounts[i].ID, "")
	}
	for i := range tx.Clients {
		if a, ok := tx.Account(tx.Clients[i].Account); ok {
			p.index(named{secretOf(a.Key), lang.Fold(tx.Clients[i].Name)}, a.ID, tx.Clients[i].ID)
		}
	}
	return p
}

func secretOf(k vault.Key) secret { return secret{k.Kind, k.Secret} }

// index adds what is there to the indexes. Of several that a file cannot tell apart, the first counts.
func (p *plan) index(about named, account, client string) {
	if p.accounts[about.secret] == "" {
		p.accounts[about.secret] = account
	}
	if client != "" && p.clients[about] == "" {
		p.clients[about] = client
	}
}

// decide finds the fate of one entry and makes its changes.
func (p *plan) decide(e Entry) (Row, error) {
	row := Row{Line: e.Line, File: e.File, Name: shorten(vault.CleanText(e.Name), vault.MaxName)}
	if e.Skip != nil {
		row.Fate, row.Reason = Skipped, e.Skip
		return row, nil
	}
	if e.Refuse == nil {
		if err := e.fit(); err != nil {
			e.Refuse = sentence(err)
		}
	}
	if e.Refuse != nil {
		row.Fate, row.Reason = Refused, e.Refuse
		return row, nil
	}

	account, client := vault.Account{Key: e.Key}, vault.Client{Name: e.Name}
	about := named{secretOf(e.Key), lang.Fold(e.Name)}
	if id, known := p.clients[about]; known {
		client, _ = p.tx.Client(id)
		account, _ = p.tx.Account(client.Account)
		row.Fate = Same
	} else if id, known := p.accounts[about.secret]; known {
		account, _ = p.tx.Account(id)
		row.Fate = Merged
	} else {
		row.Fate = New
	}

	err := p.apply(&row, e, about, account, client)
	return row, err
}

// apply makes an entry's changes of its account and client, and completes its row.
func (p *plan) apply(row *Row, e Entry, about named, account vault.Account, client vault.Client) error {
	ofAccount := p.changes(named{secret: about.secret})
	ofAccount.account(&account, e)
	ofClient := p.changes(about)
	ofClient.client(&client, e)
	changed := slices.Concat(ofAccount.fields, ofClient.fields)
	outdone := slices.Concat(ofAccount.outdone, ofClient.outdone)

	if row.Fate == Same && len(changed) > 0 {
		row.Fate = Changed
	}
	row.Reason = reason(row.Fate, ofAccount.fields, changed, outdone)
	// The entry was checked, so an error from here on is one of the program, and the transaction must end.
	var err error
	if len(ofAccount.fields) > 0 || account.ID == "" {
		if account, err = p.tx.PutAccount(account); err != nil {
			return err
		}
	}
	if len(ofClient.fields) > 0 || client.ID == "" {
		client.Account = account.ID
		if client, err = p.tx.PutClient(client); err != nil {
			return err
		}
	}
	p.index(about, account.ID, client.ID)
	return nil
}

// reason says why a row has its fate where the fate alone does not tell.
func reason(fate Fate, ofAccount, changed, outdone []string) *lang.Error {
	var why, what, not *lang.Error
	switch fate {
	case Merged:
		why = lang.E("import-merged")
		changed = ofAccount // the client is new: all of it is
	case New:
		changed = nil
	}
	if len(changed) > 0 {
		what = lang.E("import-changed", "Fields", fieldList(changed))
	}
	if len(outdone) > 0 {
		not = lang.E("import-outdone", "Fields", fieldList(outdone))
	}
	return sentences(why, what, not)
}
