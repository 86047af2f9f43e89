package exchange

import (
	"slices"

	"kapu/lang"
	"kapu/vault"
)

// Apply takes entries into a transaction and says what became of each. To see the plan only, apply it to a
// transaction that is thrown away. A second import of the same entries changes nothing.
//
// An account is known by its secret, a client by its account and its folded name: what names a code for a
// person may be spelt anew, what makes the code may not. An error means that nothing should be kept.
func Apply(tx *vault.Tx, entries []Entry) (Report, error) {
	p := newPlan(tx)
	report := newReport(len(entries))
	for _, e := range entries {
		row, err := p.take(e)
		if err != nil {
			return Report{}, err
		}
		report.add(row)
	}
	return report, nil
}

// secret is what tells an account from all others.
type secret struct {
	kind   vault.Kind
	base32 string
}

// named is what tells a client of an account from the others.
type named struct {
	secret
	name string // folded
}

// plan is an import under way: what is there, with what the rows before have added.
type plan struct {
	tx       *vault.Tx
	accounts map[secret]string // → id
	clients  map[named]string  // → id
	// stated holds what this file has said so far. The first row that says something about a client or an account
	// counts, and later ones only add to it. Were it the last, two rows that disagree would each undo the other
	// in every import.
	stated map[fact]bool
}

type fact struct {
	about named // of an account, without a name
	field string
}

func newPlan(tx *vault.Tx) *plan {
	p := &plan{tx, map[secret]string{}, map[named]string{}, map[fact]bool{}}
	for i := range tx.Accounts {
		p.know(named{secret: secretOf(tx.Accounts[i].Key)}, tx.Accounts[i].ID, "")
	}
	for i := range tx.Clients {
		if a, ok := tx.Account(tx.Clients[i].Account); ok {
			p.know(named{secretOf(a.Key), lang.Fold(tx.Clients[i].Name)}, a.ID, tx.Clients[i].ID)
		}
	}
	return p
}

func secretOf(k vault.Key) secret { return secret{k.Kind, k.Secret} }

// know notes what is there. Of several that a file cannot tell apart, it means the first.
func (p *plan) know(about named, account, client string) {
	if p.accounts[about.secret] == "" {
		p.accounts[about.secret] = account
	}
	if client != "" && p.clients[about] == "" {
		p.clients[about] = client
	}
}

// take decides about one entry and makes the changes.
func (p *plan) take(e Entry) (Row, error) {
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
			return row, err
		}
	}
	if len(ofClient.fields) > 0 || client.ID == "" {
		client.Account = account.ID
		if client, err = p.tx.PutClient(client); err != nil {
			return row, err
		}
	}
	p.know(about, account.ID, client.ID)
	return row, nil
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
