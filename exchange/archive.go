package exchange

import (
	"errors"

	"kapu/vault"
)

// archive reads Kapu's own backup of everything: its clients, for a vault that is there already.
type archive struct{}

func (archive) Name() string { return "Kapu" }

func (archive) Detect(data []byte) bool { return vault.IsArchive(data) }

func (f archive) Read(data []byte, o ReadOptions) ([]Entry, error) {
	passphrase, err := password(o.Ask, f.Name())
	if err != nil {
		return nil, err
	}
	a, err := vault.OpenArchive(data, passphrase)
	if errors.Is(err, vault.ErrSecret) {
		return nil, wrongPassword(f.Name())
	}
	if err != nil {
		return nil, err
	}
	entries := Entries(a.Contents, nil)
	for i := range entries {
		entries[i].Stated = Stated{Kind: true, Algorithm: true, Digits: true, Period: true}
	}
	return entries, nil
}
