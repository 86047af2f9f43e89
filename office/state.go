package office

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math"
	"slices"
	"time"

	"kapu/lang"
	"kapu/seal"
	"kapu/vault"
)

// Home is where a device keeps what it knows between two syncs, and the vault that the person works with.
type Home interface {
	Contents() *vault.Contents
	Update(ctx context.Context, change func(*vault.Tx) error) (vault.Changes, error)
	// LogAfter returns the lines of the log after a place, oldest first, and the place after them.
	LogAfter(place vault.LogPlace) ([]vault.LogEntry, vault.LogPlace, error)
	// Read, Write and Remove are files of the office beside the vault. Write is done when the file is on the disk.
	Read(name string) ([]byte, error) // fs.ErrNotExist
	Write(name string, data []byte) error
	Remove(name string) error
	// Stamp changes when a file is written, by whomever.
	Stamp(name string) string
	// Lock keeps this person's other sessions away from the office until the returned function is called.
	Lock(ctx context.Context) (unlock func(), err error)
}

// unheard stands in place of a generation while nothing that the vault says counts: it came out of a backup, or from
// before this machine was let in, and what the office has is newer.
const unheard = math.MaxUint64

const (
	stateFile    = "state.age"
	damagedFile  = "state-damaged.age"
	stateContext = "office-state"
	stateFormat  = 1
)

// state is what a device knows of its office between two syncs. It is written before anything that depends on it
// leaves the device; docs/formats.md specifies it.
type state struct {
	Format int    `json:"office_state"`
	Store  string `json:"store"` // address
	Office string `json:"office"`
	// Identity is this device's if it is no longer the vault's own: it was renewed because another machine has it too.
	Identity string `json:"identity,omitempty"`
	Device   string `json:"device"`

	// Roster is the newest that was accepted, and Hash its hash: no other of this number is ever taken, and none before.
	Roster *Roster `json:"roster,omitempty"`
	Hash   string  `json:"hash,omitempty"`
	// Past are earlier ones without what only a newest one needs, to judge by them the edits that cite them.
	Past []*Roster `json:"past,omitempty"`
	// Joining is set until an admin has approved this device.
	Joining *joining `json:"joining,omitempty"`
	// Returning is since when a machine that had clients before is in its admin's own office, until it knows which of
	// them are the office's: only then are the others new there.
	Returning time.Time `json:"returning,omitzero"`
	// Expelled is set when a roster without this device has been accepted.
	Expelled bool `json:"expelled,omitempty"`
	// TwoFaced is set when another machine was found to write as this device.
	TwoFaced bool `json:"two_faced,omitempty"`

	Records map[string]*record `json:"records"`
	// Own are accounts of the vault that are not the office's.
	Own map[string]bool `json:"own,omitempty"`
	// Books are those for this device, by name, whose files lie beside this one; of admins' devices, those they know of.
	Books map[string]bool `json:"books,omitempty"`
	// Requests are joins that wait for an admin.
	Requests map[string]*Request `json:"requests,omitempty"`

	Cursor   int            `json:"cursor"`             // last number of the feed that was read
	Listed   time.Time      `json:"listed,omitzero"`    // when all names were last asked for
	Wanted   map[string]int `json:"wanted,omitempty"`   // names that are announced and not there yet → tries
	Announce []string       `json:"announce,omitempty"` // names that are there and not in the feed yet
	Applied  time.Time      `json:"applied,omitzero"`   // when the vault was last brought up to date
	Mended   int            `json:"mended"`             // number of the roster that every record was last held against
	Seen     string         `json:"seen,omitempty"`     // day of the last sign of life
	Journal  journalState   `json:"journal"`
	// Generation of the vault after the last sync: a vault from before then is an old copy.
	Generation uint64 `json:"generation"`
}

// record is an account of the office.
type record struct {
	Local   string       `json:"local,omitempty"` // id of the account in the vault
	Edits   []signedEdit `json:"edits,omitempty"`
	Private []signedEdit `json:"private,omitempty"` // edits of the part for admins
	// Applied is what the vault held when it was last brought up to date; nil if the record was not in it.
	Applied map[string]string `json:"applied,omitempty"`
	// AppliedPrivate likewise of the part for admins.
	AppliedPrivate map[string]string `json:"applied_private,omitempty"`
	// Taken is set when the store holds the record only for others: it was moved to where this person has no right, and
	// they could not be told.
	Taken bool `json:"taken,omitempty"`
	// Live are the bundles of it in the store, by name.
	Live map[string]*live `json:"live,omitempty"`

	edits, private edits
}

// live is what is known of a bundle in the store.
type live struct {
	Part   string    `json:"part"`
	By     string    `json:"by"` // device that sealed it
	Roster int       `json:"roster"`
	At     time.Time `json:"at"`
	To     []string  `json:"to"`
	Edits  []string  `json:"edits"`
}

// part are the edits of one of the two parts.
func (r *record) part(part string) edits {
	if part == partPrivate {
		return r.private
	}
	return r.edits
}

func (r *record) facts(id string) facts { return facts{id, foldersOf(r.edits.fields())} }

// liveOf are the names of a part's bundles, in order.
func (r *record) liveOf(part string) []string {
	var names []string
	for name, l := range r.Live {
		if l.Part == part {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// unpack makes the edits of a record out of what was stored.
func (r *record) unpack() error {
	r.edits, r.private = edits{}, edits{}
	for list, into := range map[*[]signedEdit]edits{&r.Edits: r.edits, &r.Private: r.private} {
		for i := range *list {
			e := &(*list)[i]
			if err := e.parse(); err != nil {
				return err
			}
			into[e.id] = e
		}
	}
	if r.Live == nil {
		r.Live = map[string]*live{}
	}
	return nil
}

// pack is the opposite of unpack.
func (r *record) pack() {
	list := func(es edits) []signedEdit {
		var out []signedEdit
		for _, e := range es.ordered() {
			out = append(out, *e)
		}
		return out
	}
	r.Edits, r.Private = list(r.edits), list(r.private)
}

func newRecord() *record {
	return &record{edits: edits{}, private: edits{}, Live: map[string]*live{}}
}

// recordIDs are all, in order.
func (s *state) recordIDs() []string { return slices.Sorted(maps.Keys(s.Records)) }

// byLocal is the record of an account in the vault.
func (s *state) byLocal(account string) (string, *record) {
	if r := s.Records[account]; r != nil && r.Local == account {
		return account, r
	}
	for id, r := range s.Records {
		if r.Local == account {
			return id, r
		}
	}
	return "", nil
}

// me is this device in the roster.
func (s *state) me() *Device {
	if s.Roster == nil {
		return nil
	}
	return s.Roster.device(s.Device)
}

// rosterAt is the roster of a number, if it is still known.
func (s *state) rosterAt(number int) *Roster {
	if s.Roster.Number == number {
		return s.Roster
	}
	for _, r := range s.Past {
		if r.Number == number {
			return r
		}
	}
	return nil
}

// rosterNear is the roster of a number, or the oldest that is still known.
func (s *state) rosterNear(number int) *Roster {
	if r := s.rosterAt(number); r != nil || len(s.Past) == 0 {
		return cmp.Or(r, s.Roster)
	}
	return s.Past[0]
}

// keepPast is how many earlier rosters are remembered. An edit that cites an older one is judged by the oldest.
const keepPast = 30

// advance accepts the next roster.
func (s *state) advance(next *Roster, hash string) {
	if s.Roster != nil {
		past := s.Roster.clone()
		for i := range past.Devices {
			past.Devices[i].Public = nil
		}
		past.Former, past.Invites = nil, nil
		s.Past = append(s.Past, past)
		if n := len(s.Past) - keepPast; n > 0 {
			s.Past = slices.Delete(s.Past, 0, n)
		}
	}
	s.Roster, s.Hash = next, hash
	s.Expelled = next.device(s.Device) == nil && s.Joining == nil
}

func newState() *state {
	return &state{
		Format: stateFormat, Records: map[string]*record{}, Own: map[string]bool{}, Books: map[string]bool{},
		Requests: map[string]*Request{}, Wanted: map[string]int{}, Mended: -1, Cursor: -1,
	}
}

func readState(b box, home Home, root *seal.Identity) (*state, error) {
	sealed, err := home.Read(stateFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, lang.E("office-none").Kind(ErrNone)
	}
	if err != nil {
		return nil, lang.E("office-state-unreadable", "Reason", err)
	}
	body, _, err := b.open(stateContext, sealed, root, root.Public().SigningKey())
	if err != nil {
		return nil, lang.E("office-state-unreadable", "Reason", err).Kind(ErrDamaged)
	}
	s := newState()
	if err := json.Unmarshal(body, s); err != nil {
		return nil, lang.E("office-state-unreadable", "Reason", err).Kind(ErrDamaged)
	}
	if s.Format > stateFormat {
		return nil, lang.E("office-state-newer", "Version", s.Format)
	}
	if !s.sound() {
		return nil, lang.E("office-state-unreadable", "Reason", errors.New("a part is missing")).Kind(ErrDamaged)
	}
	for id, r := range s.Records {
		if err := r.unpack(); err != nil {
			return nil, lang.E("office-state-unreadable", "Reason", fmt.Errorf("%s: %w", id, err)).Kind(ErrDamaged)
		}
	}
	return s, nil
}

// sound says that nothing is missing that all else relies on. The file is this device's own, and still: a panic at each
// start would be the worst way to say that it is not whole.
func (s *state) sound() bool {
	for _, r := range s.Records {
		if r == nil {
			return false
		}
		for _, l := range r.Live {
			if l == nil {
				return false
			}
		}
	}
	for _, r := range s.Requests {
		if r == nil || r.Public == nil {
			return false
		}
	}
	known := s.Roster != nil && s.Roster.check() == nil && !slices.Contains(s.Past, nil)
	return known && s.Records != nil && s.Own != nil && s.Books != nil && s.Requests != nil && s.Wanted != nil
}

func (s *state) write(b box, home Home, root *seal.Identity) error {
	for _, r := range s.Records {
		r.pack()
	}
	body, err := json.Marshal(s)
	if err != nil {
		return err
	}
	sealed, err := b.seal(stateContext, body, root, root.Public())
	if err == nil {
		err = home.Write(stateFile, sealed)
	}
	if err != nil {
		return lang.E("office-state-unwritable", "Reason", err)
	}
	return nil
}
