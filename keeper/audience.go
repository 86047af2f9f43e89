package keeper

import (
	"maps"
	"slices"
	"strings"
	"time"

	"kapu/office"
	"kapu/vault"
)

// The audience of a secret are the members of the office who may read it or have its codes. A change of the vault can
// widen it without a word of rights: a client is moved into a folder that others see, or its key becomes that of an
// account of the office.

// opening is a client whose key, codes or deletion code a change gives to others than before.
type opening struct {
	client *vault.Client
	names  map[string]bool // of the others
}

// widened are the openings that a change makes. What it brings in itself is not looked at: whoever typed it has it.
func (k *keeper) widened(before, after *vault.Contents) (list []opening) {
	s := k.desk.current.Load()
	if s == nil || s.broken != nil || s.Joining || s.Expelled || s.Roster == nil {
		return nil
	}
	was, is := newMeasure(s, before), newMeasure(s, after)
	known := map[string][]*vault.Account{} // secret → whose it was
	for i := range before.Accounts {
		a := &before.Accounts[i]
		for _, secret := range secretsOf(a) {
			known[secret] = append(known[secret], a)
		}
	}
	for i := range after.Accounts {
		a := &after.Accounts[i]
		old, there := before.Account(a.ID)
		if there && old == *a && slices.Equal(was.folders[a.ID], is.folders[a.ID]) {
			continue
		}
		others := map[string]bool{}
		for _, secret := range secretsOf(a) {
			if had := known[secret]; had != nil {
				maps.Copy(others, is.others(a, secret, !there, was, had))
			}
		}
		if len(others) > 0 {
			list = append(list, opening{clientOf(after, a.ID), others})
		}
	}
	return list
}

// others are the names of those who may read a secret of an account, or have its codes, and could not by any account
// that had it before.
func (m *measure) others(a *vault.Account, secret string, isNew bool, was *measure, had []*vault.Account) map[string]bool {
	may := m.audience(a, secret, isNew)
	delete(may, m.Member)
	for _, b := range had {
		could := was.audience(b, secret, false)
		maps.DeleteFunc(may, func(id string, level int) bool { return could[id] >= level })
	}
	names := map[string]bool{}
	for id := range may {
		names[m.nameOf(id)] = true
	}
	return names
}

// The kinds of secrets, so that equal ones of different kinds are told apart.
const (
	keySecret      = "key "
	deletionSecret = "deletion code "
)

func secretsOf(a *vault.Account) (list []string) {
	if a.Key.Secret != "" {
		list = append(list, keySecret+a.Key.Secret)
	}
	if a.DeletionCode != "" {
		list = append(list, deletionSecret+a.DeletionCode)
	}
	return list
}

// measure is what the audiences in a vault are measured by.
type measure struct {
	*standing
	records map[string]string   // account → record
	folders map[string][]string // account → those of its clients
	now     time.Time
}

func newMeasure(s *standing, c *vault.Contents) *measure {
	m := &measure{s, make(map[string]string, len(s.accounts)), make(map[string][]string, len(c.Accounts)), time.Now()}
	for record, account := range s.accounts {
		m.records[account] = record
	}
	for i := range c.Clients {
		if c := &c.Clients[i]; c.Folder != "" && !slices.Contains(m.folders[c.Account], c.Folder) {
			m.folders[c.Account] = append(m.folders[c.Account], c.Folder)
		}
	}
	for _, folders := range m.folders {
		slices.Sort(folders)
	}
	return m
}

// What a member has of a secret.
const (
	someCodes = 1 + iota
	theKey
)

// audience is who has what of a secret of an account, by id: nobody anything, of the person's own. One that is new may
// become the office's with the next sync.
func (m *measure) audience(a *vault.Account, secret string, isNew bool) map[string]int {
	found := map[string]int{}
	if _, shared := m.rights.of[a.ID]; !shared && !isNew {
		return found
	}
	least := office.Codes
	if strings.HasPrefix(secret, deletionSecret) {
		least = office.Full
	}
	for id, right := range m.Roster.Audience(m.records[a.ID], m.folders[a.ID], m.now) {
		switch {
		case !right.Covers(least):
		case right.Covers(office.Use):
			found[id] = theKey
		default:
			found[id] = someCodes
		}
	}
	return found
}
