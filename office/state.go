package office

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"maps"
	"math"
	"slices"
	"time"

	"kapu/lang"
	"kapu/seal"
	"kapu/vault"
)

// Home is the port to this device: the vault that the person works with, and the files in which the office's state
// persists.
type Home interface {
	Contents() *vault.Contents
	Update(ctx context.Context, change func(*vault.Tx) error) (vault.Changes, error)
	// LogAfter returns the lines of the log after a cursor, oldest first, and the cursor after them.
	LogAfter(place vault.LogPlace) ([]vault.LogEntry, vault.LogPlace, error)
	// Read, Write and Remove are for files of the office beside the vault. Write is atomic and durable: when it returns
	// nil, the file is on the disk.
	Read(name string) ([]byte, error) // fs.ErrNotExist
	Write(name string, data []byte) error
	Remove(name string) error
	// Revision changes whenever a file is written, by whomever; "" if there is none.
	Revision(name string) string
	// Lock is a mutex across this person's sessions; it is held until the returned function is called. An error of the
	// kind ErrInUse is a timeout.
	Lock(ctx context.Context) (unlock func(), err error)
}

// hasForked says whether a vault does not descend from the last projection.
func (s *state) hasForked(c *vault.Contents) bool {
	return s.Projected.Digest != "" && !c.MayDescend(s.Projected)
}

// isCurrent says whether a vault is as the last projection has left it.
func (s *state) isCurrent(c *vault.Contents) bool {
	return c.Generation == s.Generation && (s.Projected.Digest == "" || s.Projected == c.Mark())
}

// unheard is the sentinel in place of a generation while the vault is stale: it came out of a backup, or from before
// this machine was admitted, and what the office has is newer. No change in it counts.
const unheard = math.MaxUint64

const (
	stateFile    = "state.age"
	damagedFile  = "state-damaged.age"
	stateContext = "office-state"
	stateFormat  = 1
)

// state is the persistent state of a replica. It is written before anything that depends on it leaves the device
// (write-ahead); docs/formats.md specifies it, and its names of the fields, which are older than those here.
type state struct {
	Format int    `json:"office_state"`
	Store  string `json:"store"` // address
	Office string `json:"office"`
	// Identity is this device's if it is no longer the vault's own: it was renewed because another machine has it too.
	Identity string `json:"identity,omitempty"`
	Device   string `json:"device"`

	// Roster is the newest that was accepted, and Hash its hash: they are pinned, no other of this number is ever
	// accepted, and none before (no rollback).
	Roster *Roster `json:"roster,omitempty"`
	Hash   string  `json:"hash,omitempty"`
	// Past are earlier rosters, by which the edits that cite them are authorized, without what only the newest one needs.
	Past []*Roster `json:"past,omitempty"`
	// Joining is set while this device waits for an admin's approval.
	Joining *joining `json:"joining,omitempty"`
	// Successor is the device of the vault's next identity while that is being renewed; Replaces is the one before, as
	// long as the roster has it.
	Successor *successor `json:"successor,omitempty"`
	Replaces  string     `json:"replaces,omitempty"`
	// Asking is set while this device is away and asks to be approved again; Back is when it was.
	Asking *comeback `json:"asking,omitempty"`
	Back   time.Time `json:"back,omitzero"`
	// Watch is an admin's device looking at the others' signs of life.
	Watch watch `json:"watch,omitzero"`
	// Returning is set, to when it began, while a machine that had clients before is coming back into its admin's own
	// office: until it has pulled everything, it cannot know which of them are new there.
	Returning time.Time `json:"returning,omitzero"`
	// Expelled is set when a roster without this device has been accepted.
	Expelled bool `json:"expelled,omitempty"`
	// TwoFaced is set when this device was found to be cloned: another machine writes as it.
	TwoFaced bool `json:"two_faced,omitempty"`

	Records map[string]*record `json:"records"`
	// Own are the accounts that are not the office's, which never sees them; of those that were removed too, because a
	// removal can be taken back.
	Own map[string]bool `json:"own,omitempty"`
	// Books is the index of the book cache: the names of those for this device, whose files lie beside this one.
	Books map[string]bool `json:"books,omitempty"`
	// Requests are joins that wait for an admin, by device.
	Requests map[string]*Request `json:"requests,omitempty"`

	Feed      feedState      `json:"feed"`
	Listed    time.Time      `json:"listed,omitzero"`    // when all names were last listed
	Doubt     time.Time      `json:"doubt,omitzero"`     // when the last doubt was about what is there; see doubtTime
	Retries   map[string]int `json:"wanted,omitempty"`   // queue of names that are not there yet → tries
	Outbox    []string       `json:"announce,omitempty"` // names in the store, or about to be, and not in the feed
	Applied   time.Time      `json:"applied,omitzero"`   // when the vault was last projected
	Checked   int            `json:"mended"`             // number of the roster that all records were last checked against
	Heartbeat string         `json:"seen,omitempty"`     // day of the last one, in UTC
	Journal   journalState   `json:"journal"`
	// Generation of the vault after the last projection: a vault from before then is an old copy. So is one that does not
	// descend from Projected, the save itself, whatever its generation: it has gone another way (fork).
	Generation uint64     `json:"generation"`
	Projected  vault.Mark `json:"projected,omitzero"`
	// Restored is set when the vault is replaced by an older one, until that has been looked at; RestoredFrom is the
	// generation of the vault that it replaces.
	Restored     bool   `json:"restored,omitempty"`
	RestoredFrom uint64 `json:"restored_from,omitempty"`
}

// record is the replica of one account of the office: a CRDT, the set of its edits, in two parts with readers of their
// own.
type record struct {
	Local   string       `json:"local,omitempty"` // id of the account in the vault
	Edits   []signedEdit `json:"edits,omitempty"`
	Private []signedEdit `json:"private,omitempty"` // edits of the part for admins
	// Applied is the snapshot of what the vault held when it was last compared with the edits, the base that local
	// changes are found against; nil if the record was not in it after the last projection.
	Applied map[string]string `json:"applied,omitempty"`
	// AppliedPrivate is the same of the part for admins.
	AppliedPrivate map[string]string `json:"applied_private,omitempty"`
	// Revoked is set when the store has the record only for others: it was moved to where this person has no right, by an
	// edit that they cannot read.
	Revoked bool `json:"taken,omitempty"`
	// Live are the bundles of it that are in the store, by name.
	Live map[string]*live `json:"live,omitempty"`

	edits, private edits
}

// live is the metadata of a bundle that is in the store.
type live struct {
	Part   string    `json:"part"`
	By     string    `json:"by"` // device that sealed it
	Roster int       `json:"roster"`
	At     time.Time `json:"at"`
	To     []string  `json:"to"`
	Edits  []string  `json:"edits"`
	// Unjudged is set if it has edits that another device must judge first: the lowest number of a roster they cite.
	Unjudged *int `json:"unjudged,omitempty"`
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

// published are the edits of a part that are in some bundle.
func (r *record) published(part string) map[string]bool {
	published := map[string]bool{}
	for _, l := range r.Live {
		if l.Part != part {
			continue
		}
		for _, e := range l.Edits {
			published[e] = true
		}
	}
	return published
}

// unpack decodes the edits of a record after reading the state.
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

// pack encodes the edits of a record, in their order, before writing the state.
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

// me is this device in the roster, or nil.
func (s *state) me() *Device {
	if s.Roster == nil {
		return nil
	}
	return s.Roster.device(s.Device)
}

// rosterAt is the roster of a number, or nil if it is not known, or no longer.
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

// keepPast is how many earlier rosters are kept. An edit that cites an older one is authorized by the oldest.
const keepPast = 30

// advance moves the head of the chain to the next roster, which was verified.
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

// newState is that of a replica that knows nothing.
func newState() *state {
	return &state{
		Format: stateFormat, Records: map[string]*record{}, Own: map[string]bool{}, Books: map[string]bool{},
		Requests: map[string]*Request{}, Retries: map[string]int{}, Checked: -1,
	}
}

// readState decrypts and validates the state, or returns an error of the kind ErrNone or ErrDamaged.
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
	if !s.valid() {
		return nil, lang.E("office-state-unreadable", "Reason", lang.Cause("cause-malformed")).Kind(ErrDamaged)
	}
	for _, r := range s.Records {
		if err := r.unpack(); err != nil {
			return nil, lang.E("office-state-unreadable", "Reason", lang.Cause("cause-malformed")).Kind(ErrDamaged)
		}
	}
	return s, nil
}

// valid checks the invariants that all else relies on. The file is this device's own, and still: a panic at each start
// would be the worst way to say that it is damaged.
func (s *state) valid() bool {
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
	return known && s.Records != nil && s.Own != nil && s.Books != nil && s.Requests != nil && s.Retries != nil
}

// write encrypts the state to this vault alone and writes it.
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
