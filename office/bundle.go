package office

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"kapu/seal"
)

// bundle is a snapshot of a record in the store: all its edits, sealed to those who may read them. Anybody with the
// right to edit a record may make a bundle of it; two bundles of one record mean the same as one with the edits of
// both.
type bundle struct {
	Record string       `json:"record"`
	Part   string       `json:"part"`   // "record", or "private" for what only admins read
	Roster int          `json:"roster"` // number of the one that says who may read it
	At     time.Time    `json:"at"`     // when that was asked of it: grants begin and end
	To     []string     `json:"to"`     // devices, in order
	Edits  []signedEdit `json:"edits"`
}

const (
	partRecord  = "record"
	partPrivate = "private"
	maxBundle   = 4 << 20
	maxEdits    = 5000
)

// bundleName is the content address of a bundle: under the hash of its bytes no other can be put in its place.
func bundleName(record, part string, sealed []byte) string {
	if part == partPrivate {
		return "accounts/" + record + "/admin/" + hash(sealed)
	}
	return "accounts/" + record + "/" + hash(sealed)
}

func bundleContext(office, record, part string) string {
	return "office/" + office + "/" + part + "s/" + record
}

// verified is a bundle that was opened and whose signatures, name and recipients are what it says. Whether its authors
// had the right to their edits is another matter: see authorize.
type verified struct {
	bundle
	by    string // device that made it
	edits edits
	// unjudged is the lowest number of a roster that edits left out of it cite, if it is for another device to judge them.
	unjudged *int
}

// openBundle decrypts and verifies a bundle, by everything that does not depend on what this device knows of the
// record: that the name fits the bytes and the bytes the name, that it is signed by a device of the roster, that the
// edits are signed by whom they name, and that it is sealed to nobody but whom it declares.
//
// It returns errNotForUs, errNoMandate (nobody in the roster signed it), errNotReady (it cites a later roster) or
// errRefused.
func openBundle(b box, office, name string, sealed []byte, reader *seal.Identity, now *Roster) (*verified, error) {
	record, part, sum, err := splitBundleName(name)
	if err != nil || len(sealed) > maxBundle || hash(sealed) != sum {
		return nil, fmt.Errorf("%w: its bytes do not fit its name", errRefused)
	}
	authors := make([]string, 0, len(now.Devices))
	by := map[string]string{}
	for i := range now.Devices {
		if d := &now.Devices[i]; d.Away.IsZero() { // what one that is away has put there counts once it is approved again
			authors = append(authors, d.Public.SigningKey())
			by[d.Public.SigningKey()] = d.ID
		}
	}
	body, author, err := b.open(bundleContext(office, record, part), sealed, reader, authors...)
	switch {
	case errors.Is(err, seal.ErrNotAddressed):
		return nil, errNotForUs
	case errors.Is(err, seal.ErrForged):
		return nil, fmt.Errorf("%w: %w", errNoMandate, err)
	case err != nil:
		return nil, fmt.Errorf("%w: %w", errRefused, err)
	}
	v := &verified{by: by[author], edits: edits{}}
	if err := strict(body, &v.bundle); err != nil {
		return nil, fmt.Errorf("%w: %w", errRefused, err)
	}
	if v.Record != record || v.Part != part || len(v.Edits) == 0 || len(v.Edits) > maxEdits ||
		!slices.IsSorted(v.To) || v.Roster < 0 {
		return nil, fmt.Errorf("%w: not what its name says", errRefused)
	}
	if n, err := b.recipients(sealed); err != nil || n != len(v.To) {
		return nil, fmt.Errorf("%w: sealed to others than it declares", errRefused)
	}
	if v.Roster > now.Number {
		return nil, errNotReady
	}
	for i := range v.Edits {
		e := &v.Edits[i]
		if err := e.parse(); err != nil {
			return nil, fmt.Errorf("%w: %w", errRefused, err)
		}
		key, _ := now.signer(e.edit.By)
		private := part == partPrivate
		root := e.isRoot() && !private
		if root && e.id != record || !seal.Verify(key, editContext(office, record, private, root), e.Body, e.Signature) {
			return nil, fmt.Errorf("%w: an edit that its author has not signed for this record", errRefused)
		}
		v.edits[e.id] = e
	}
	return v, nil
}

// sealBundle encrypts and signs a bundle.
func sealBundle(
	b box, office string, content *bundle, author *seal.Identity, to []*seal.Public,
) (name string, sealed []byte, err error) {
	body, err := json.Marshal(content)
	if err != nil {
		return "", nil, err
	}
	sealed, err = b.seal(bundleContext(office, content.Record, content.Part), body, author, to...)
	return bundleName(content.Record, content.Part, sealed), sealed, err
}
