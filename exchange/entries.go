package exchange

import (
	"kapu/lang"
	"kapu/vault"
)

// Entries are what a vault holds, in Hungarian order: all clients, or those with the ids.
func Entries(contents *vault.Contents, ids map[string]bool) []Entry {
	var entries []Entry
	for _, c := range contents.Clients {
		if ids != nil && !ids[c.ID] {
			continue
		}
		a, _ := contents.Account(c.Account)
		entries = append(entries, EntryOf(c, a))
	}
	lang.Sort(entries, func(e Entry) string { return e.Name })
	for i := range entries {
		entries[i].Line = i + 1
	}
	return entries
}

// EntryOf is a client with its account.
func EntryOf(c vault.Client, a vault.Account) Entry {
	return Entry{
		Name: c.Name, TaxNumber: c.TaxNumber, Folder: c.Folder, Service: a.Service, UserName: a.UserName,
		Key: a.Key, DeletionCode: a.DeletionCode, Note: a.Note, Favourite: c.Favourite,
		MandateUntil: c.MandateUntil, PasswordUntil: a.PasswordUntil,
	}
}
