package exchange

import (
	"context"
	"slices"

	"kapu/lang"
	"kapu/vault"
)

// Apply merges entries into a transaction and reports what became of each. It is idempotent: importing the same entries
// again changes nothing. For a dry run, apply it to a transaction that is discarded.
//
// An account is known by its secret; a client by its tax number, and where there is none by its name in its folder.
// What a file does not state changes nothing. What may be a mistake, or could be meant in two ways, is not taken unless
// the decisions say so: a key that is hardly one, another key for a client that has one, other parameters of a key. An
// error means that nothing should be kept: the end of ctx, which is whoever asked for it, is one.
func Apply(ctx context.Context, tx *vault.Tx, entries []Entry, decisions Decisions) (Report, error) {
	p := newPlan(tx, entries, decisions)
	rows := make([]Row, len(entries))
	decide := func(i int) (err error) {
		if err = ctx.Err(); err == nil {
			rows[i], err = p.decide(i, entries[i])
		}
		return err
	}
	var waiting []int
	for i := range entries {
		if err := decide(i); err != nil {
			return Report{}, err
		}
		if fate := rows[i].Fate; fate == NewKey || fate == Doubtful {
			waiting = append(waiting, i)
		}
	}
	// A later entry may have brought the account that one of these belongs to; the next import would find it there.
	for _, i := range waiting {
		if err := decide(i); err != nil {
			return Report{}, err
		}
	}
	report := newReport(len(rows))
	for _, row := range rows {
		report.add(row)
	}
	return report, nil
}

// plan is an import under way: what is there, with what the entries before have added.
type plan struct {
	*directory
	decisions Decisions
	judge     judge
	// stated holds what this file has said so far, and in which row. The first row that says something about a client or
	// an account counts, and later ones only add to it. Were it the last, two rows that disagree would each undo the
	// other in every import.
	stated map[fact]int
	at     int // the row that is decided about
	// secrets are those of the file, to tell a client with a new key from two clients of one name.
	secrets map[string]bool
}

// fact is a field of an account or client, by its id.
type fact struct{ about, field string }

func newPlan(tx *vault.Tx, entries []Entry, decisions Decisions) *plan {
	p := &plan{
		directory: newDirectory(tx), decisions: decisions, judge: newJudge(),
		stated: map[fact]int{}, secrets: make(map[string]bool, len(entries)),
	}
	for i := range entries {
		if k, err := entries[i].Key.Normalize(); err == nil {
			p.secrets[k.Secret] = true
		}
	}
	return p
}

// decide decides about one entry and makes the changes.
func (p *plan) decide(i int, e Entry) (Row, error) {
	p.at = i
	row := Row{Line: e.Line, File: e.File, Sheet: e.Sheet, Name: shorten(vault.CleanText(e.Name), vault.MaxName), TaxNumber: e.TaxNumber}
	decision := p.decisions.Rows[i]
	switch {
	case e.Skip != nil:
		return row.with(Skipped, e.Skip), nil
	case decision == Leave:
		return row.with(Skipped, lang.E("import-left")), nil
	case e.Refuse == nil:
		if err := e.fit(); err != nil {
			e.Refuse = sentence(err)
		}
	}
	if e.Refuse != nil {
		return row.with(Refused, e.Refuse), nil
	}
	if row.Name = e.Name; looksLikeKey(e.Name) {
		row.Name = hidden(e.Name) // it is asked about, and not shown
	}
	m := p.match(e, p.secrets)
	doubt := sentences(e.Doubt, p.judge.doubt(e), m.doubt)
	if m.client != "" {
		doubt = p.doubtOfChange(m.client, e) // it is there already: only what it would become is judged
	}
	row.Choices = m.choices(doubt != nil)
	switch {
	case doubt != nil && !p.decisions.Doubtful && !slices.Contains(row.Choices, decision):
		if m.newKey != "" && p.decisions.NewKeys == "" {
			doubt = sentences(doubt, p.newKeySentence(m))
		}
		return row.with(Doubtful, sentences(doubt, e.Warn)), nil
	case m.newKey != "":
		return p.takeNewKey(row, e, m, decision)
	}
	return p.takeMatched(row, e, m, decision == TakeName || p.decisions.Names)
}

// doubtOfChange says what speaks against changing a client that is there as an entry has it. The name is taken only
// where the person says so, and never one that looks like a key.
func (p *plan) doubtOfChange(client string, e Entry) *lang.Error {
	c, _ := p.tx.Client(client)
	a, _ := p.tx.Account(c.Account)
	e.Name = ""
	return DoubtChange(EntryOf(c, a), e)
}

// takeMatched takes an entry in as what it was matched with: a client that is there, a further one of an account, or
// a new one.
func (p *plan) takeMatched(row Row, e Entry, m match, takeName bool) (Row, error) {
	account, client := vault.Account{Key: e.Key}, vault.Client{Name: e.Name}
	fate, why := New, m.why
	switch {
	case m.client != "":
		client, _ = p.tx.Client(m.client)
		account, _ = p.tx.Account(client.Account)
		fate = Same
	case m.account != "":
		account, _ = p.tx.Account(m.account)
		served, _ := p.servedBy(m.account)
		fate, why = Merged, lang.E("import-merged", "Client", p.label(served.ID, e))
	}
	ofAccount := p.changes(account.ID)
	ofAccount.account(&account, e, fate == Merged)
	ofClient := p.changes(client.ID)
	ofClient.client(&client, e)
	switch {
	case m.renamed != nil:
		if fate, why = Renamed, m.renamed; takeName && !looksLikeKey(e.Name) && ofClient.may("name", false, false) {
			insert(p.formerly, lang.Fold(client.Name), client.ID)
			client.Name, why = e.Name, nil
		}
	case p.decisions.Names: // a row that has the name as it is says so, too
		ofClient.may("name", true, false)
	}
	changed := slices.Concat(ofAccount.fields, ofClient.fields)
	if (fate == Same || fate == Renamed) && len(changed) > 0 {
		fate = Changed
	}
	switch fate {
	case Merged:
		changed = ofAccount.fields // the client is new: all of it is
	case New:
		changed = nil
	}
	row = row.with(fate, sentences(why, changedFields(changed),
		outdoneFields(slices.Concat(ofAccount.outdone, ofClient.outdone)), e.Warn))
	return row, p.put(&account, &client, ofAccount, ofClient)
}

// takeNewKey takes an entry in that has another key for a client who is there, as the person has decided.
func (p *plan) takeNewKey(row Row, e Entry, m match, decision Decision) (Row, error) {
	client, _ := p.tx.Client(m.newKey)
	old, _ := p.tx.Account(client.Account)
	others := len(p.clientsOf[old.ID]) - 1
	if decision == "" {
		decision = p.decisions.NewKeys
	}
	switch decision {
	case KeepBoth:
		return p.takeMatched(row, e, match{why: lang.E("import-both", "Client", p.label(client.ID, Entry{}))}, false)
	case Replace:
	default:
		return row.with(NewKey, sentences(p.newKeySentence(m), e.Warn)), nil
	}
	account, why := old, lang.E("import-replaced", "Client", p.label(client.ID, Entry{}))
	if others > 0 && p.secrets[old.Key.Secret] {
		account.ID = "" // the file has the old key too, of the account's other clients: only this one has another now
	} else if others > 0 {
		why = sentences(why, lang.E("import-replaced-others", "N", others))
	}
	want := e.Key
	p.keepUnstated(&want, old.Key, e.Stated)
	account.Key = want
	ofAccount := p.changes(account.ID)
	ofAccount.account(&account, e, false)
	ofClient := p.changes(client.ID)
	ofClient.client(&client, e)
	changed := slices.Concat(ofAccount.fields, ofClient.fields)
	row = row.with(Replaced, sentences(why, changedFields(changed), e.Warn))
	ofAccount.fields = append(ofAccount.fields, "key")
	return row, p.put(&account, &client, ofAccount, ofClient)
}

// newKeySentence says which client has another key than the entry.
func (p *plan) newKeySentence(m match) *lang.Error {
	return lang.E("import-new-key", "Client", p.label(m.newKey, Entry{}))
}

// put writes an account and its client, and takes them into the directory. The entry was checked, so an error here is
// one of the program, and the transaction must end.
func (p *plan) put(account *vault.Account, client *vault.Client, ofAccount, ofClient *changes) (err error) {
	if len(ofAccount.fields) > 0 || account.ID == "" {
		if *account, err = p.tx.PutAccount(*account); err != nil {
			return err
		}
	}
	if len(ofClient.fields) > 0 || client.ID == "" || client.Account != account.ID {
		client.Account = account.ID
		if *client, err = p.tx.PutClient(*client); err != nil {
			return err
		}
	}
	ofAccount.named(account.ID)
	ofClient.named(client.ID)
	p.add(account, client)
	return nil
}
