package exchange

import (
	"errors"
	"slices"

	"kapu/lang"
	"kapu/vault"
)

// InFolder files every entry in a folder, whatever the file says.
func InFolder(entries []Entry, folder string) []Entry {
	entries = slices.Clone(entries)
	for i := range entries {
		entries[i].Folder = folder
	}
	return entries
}

// fit brings an entry into the form in which the vault keeps it, or says why the vault would not. It is asked
// before the first change, so that a refused entry leaves no account without a client behind.
func (e *Entry) fit() error {
	e.Note = cleanNote(e.Note)
	a := vault.Account{
		Key: e.Key, Service: e.Service, UserName: e.UserName, DeletionCode: e.DeletionCode,
		Note: e.Note, PasswordUntil: e.PasswordUntil,
	}
	c := vault.Client{Name: e.Name, TaxNumber: e.TaxNumber, Folder: e.Folder, MandateUntil: e.MandateUntil}
	if err := a.Check(); err != nil {
		return err
	}
	if err := c.Check(); err != nil {
		return err
	}
	e.Key, e.UserName, e.DeletionCode = a.Key, a.UserName, a.DeletionCode
	e.Name, e.TaxNumber, e.Folder = c.Name, c.TaxNumber, c.Folder
	if e.Service != "" { // the vault's default is nothing the file has stated
		e.Service = a.Service
	}
	return nil
}

// called gives an entry the name that its account has at a service, or else the service's own.
func (e *Entry) called(account, service string) {
	if e.Name, e.Service = account, service; vault.CleanText(account) == "" {
		e.Name = service
	}
}

// refused turns an entry into one that says what is wrong with it. It keeps what a person finds it by, and no key.
func (e *Entry) refused(err error) {
	*e = Entry{Line: e.Line, File: e.File, Name: shorten(vault.CleanText(e.Name), vault.MaxName), Refuse: sentence(err)}
}

// sentence is the sentence of ours in an error.
func sentence(err error) *lang.Error {
	if e, ok := errors.AsType[*lang.Error](err); ok {
		return e
	}
	return lang.E("import-entry-wrong", "Reason", err)
}
