package office

import (
	"context"
	"errors"
	"strings"

	"kapu/lang"
	"kapu/office/store"
	"kapu/seal"
)

// OpenStore is a factory: it opens the store at an address, without asking it anything yet.
type OpenStore func(address string) (store.Store, error)

// Founder is the first member of an office, who creates it.
type Founder struct {
	Office string // its name
	Name   string // of the person
	EMail  string
	Device string // user@machine
}

// Create founds an office of one member in an empty store. All of the vault becomes the office's with the first sync.
func Create(ctx context.Context, home Home, root *seal.Identity, address string, open OpenStore, f Founder) (*Office, error) {
	o := newOffice(home, root)
	return o, o.create(ctx, address, open, f)
}

func (o *Office) create(ctx context.Context, address string, open OpenStore, f Founder) error {
	unlock, err := o.begin(ctx, address, open)
	if err != nil {
		return err
	}
	defer unlock()
	if err := store.Prepare(ctx, o.store); err != nil {
		return err
	}
	for _, err := range o.store.List(ctx, prefixRoster, "") {
		if err == nil {
			err = lang.E("office-store-taken", "Store", address).Kind(ErrInvalid)
		}
		return err
	}
	member := newID()
	r := &Roster{
		At: wireTime(o.now()), Name: cleanName(f.Office),
		Members:  []Member{{member, cleanName(f.Name), cleanName(f.EMail), Admin}},
		Devices:  []Device{{ID: DeviceID(o.id.Public()), Member: member, Name: cleanName(f.Device), Public: o.id.Public()}},
		Settings: defaultSettings(),
	}
	if err := r.check(); err != nil {
		return sentenceInvalid(err)
	}
	body, err := r.encode()
	if err != nil {
		return err
	}
	sealed, err := o.box.seal(rosterContext("", 0), body, o.id, o.id.Public())
	if err != nil {
		return err
	}
	// A marker, so that whoever comes back with nothing but a recovery key knows which office this is.
	if err := o.store.Put(ctx, prefixOffice+hash(body)[:idLength], []byte("kapu\n")); err != nil {
		return err
	}
	if err := o.store.Put(ctx, rosterName(0), sealed); errors.Is(err, store.ErrExists) {
		return lang.E("office-store-taken", "Store", address).Kind(ErrInvalid)
	} else if err != nil {
		return err
	}
	s := newState()
	s.Store, s.Office, s.Device = address, hash(body)[:idLength], r.Devices[0].ID
	s.Roster, s.Hash = r, hash(body)
	o.state, o.dirty, o.vaultStale = s, true, true
	return o.save()
}

// begin is the common start of Create, Join and Recover: it locks the home, makes sure that no office is there yet, and
// opens the store. On success the caller unlocks.
func (o *Office) begin(ctx context.Context, address string, open OpenStore) (unlock func(), err error) {
	if unlock, err = o.home.Lock(ctx); err != nil {
		return nil, err
	}
	if err = o.mustBeNew(); err == nil {
		o.store, err = open(address)
	}
	if err != nil {
		unlock()
		return nil, err
	}
	return unlock, nil
}

// mustBeNew refuses to begin where there is an office already. A damaged state is moved aside, not deleted: the way out
// of it is to join again, and whoever knows how may still find something in it.
func (o *Office) mustBeNew() error {
	_, err := readState(o.box, o.home, o.root)
	switch {
	case err == nil:
		return lang.E("office-already").Kind(ErrInvalid)
	case errors.Is(err, ErrNone):
		return nil
	case !errors.Is(err, ErrDamaged):
		return err
	}
	damaged, e := o.home.Read(stateFile)
	if e == nil {
		e = o.home.Write(damagedFile, damaged)
	}
	if e == nil {
		e = o.home.Remove(stateFile)
	}
	if e != nil {
		return err
	}
	return nil
}

// Open returns the replica of the office that the vault is in, or ErrNone. It asks nothing of the store.
func Open(home Home, root *seal.Identity, open OpenStore) (*Office, error) {
	o := newOffice(home, root)
	o.openStore = open
	if err := o.load(); err != nil {
		return nil, err
	}
	return o, nil
}

// Join begins to join with an invitation: it sends a request. Sync completes it once an admin has approved, and returns
// ErrNotYet until then; View has the words, which the admin sees too.
func Join(ctx context.Context, home Home, root *seal.Identity, text, device string, open OpenStore) (*Office, error) {
	o := newOffice(home, root)
	return o, o.join(ctx, text, device, open)
}

func (o *Office) join(ctx context.Context, text, device string, open OpenStore) error {
	v, err := readInvitation(text)
	if err != nil {
		return err
	}
	if !o.now().Before(v.Until) {
		return lang.E("office-invitation-over", "Office", v.Name).Kind(ErrInvite)
	}
	key, err := v.identity()
	if err != nil {
		return err
	}
	unlock, err := o.begin(ctx, v.Store, open)
	if err != nil {
		return err
	}
	defer unlock()
	s := newState()
	s.Store, s.Office, s.Joining = v.Store, v.Office, &joining{Invitation: text, Name: cleanName(device)}
	o.state = s
	if err := o.readPinned(ctx, v, key); err != nil {
		return err
	}
	// A machine that was in this office before, or whose vault is a copy of one that is, gets a new identity of its own.
	s.Device = DeviceID(o.id.Public())
	if known, _ := s.Roster.signer(s.Device); known != "" {
		fresh, err := seal.NewIdentity()
		if err != nil {
			return err
		}
		o.id, s.Identity, s.Device = fresh, fresh.String(), DeviceID(fresh.Public())
	}
	s.Joining.Words = o.box.words(s.Office, DeviceID(key.Public()), s.Device)
	for _, a := range o.home.Contents().Accounts {
		s.Joining.Mine = append(s.Joining.Mine, a.ID)
	}
	o.dirty = true
	if err := o.save(); err != nil {
		return err
	}
	if err := o.newPass().completeJoin(ctx); !errors.Is(err, ErrNotYet) && err != nil {
		return errors.Join(err, o.home.Remove(stateFile))
	}
	return o.save()
}

// Recover is disaster recovery: it comes back into an office with the identity of a machine that was lost; root is its
// recovery key. What the store shows as the newest roster has to be believed, for a rollback cannot be noticed by who
// has seen nothing newer.
func Recover(ctx context.Context, home Home, root *seal.Identity, address string, open OpenStore) (*Office, error) {
	o := newOffice(home, root)
	return o, o.recover(ctx, address, open)
}

func (o *Office) recover(ctx context.Context, address string, open OpenStore) error {
	unlock, err := o.begin(ctx, address, open)
	if err != nil {
		return err
	}
	defer unlock()
	marks, err := o.list(ctx, prefixOffice, "")
	if err != nil {
		return err
	}
	numbers, err := o.listNumbers(ctx, prefixRoster, "")
	if err != nil {
		return err
	}
	// Anybody can put a marker there, so each is tried; the signatures tell which is the office's.
	for _, mark := range marks[:min(len(marks), maxMarks)] {
		s := newState()
		s.Store, s.Office, s.Device = address, strings.TrimPrefix(mark, prefixOffice), DeviceID(o.id.Public())
		for _, n := range numbers {
			if err := o.recoverFrom(ctx, s, n); err != nil {
				return err
			}
		}
		if s.me() != nil {
			if err := s.Journal.resume(ctx, o, s); err != nil {
				return err
			}
			s.Generation = unheard // what the vault had when it was saved says nothing new: the office counts
			o.state, o.dirty = s, true
			return o.save()
		}
	}
	return lang.E("office-recover-none", "Store", address).Kind(ErrInvite)
}

// maxMarks is how many markers are tried.
const maxMarks = 10

// recoverFrom accepts a roster if it can be read and continues the chain of those accepted so far, or begins it.
func (o *Office) recoverFrom(ctx context.Context, s *state, number int) error {
	sealed, err := o.store.Get(ctx, rosterName(number))
	if errors.Is(err, store.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if s.Roster != nil {
		if next, hash, err := readRoster(o.box, sealed, number, s.Office, o.id, s.Roster, s.Hash); err == nil {
			s.advance(next, hash)
		}
		return nil
	}
	r := &Roster{}
	body, _, err := o.box.openBy(rosterContext(s.Office, number), sealed, o.id, func(body []byte) []string {
		if strict(body, r) != nil {
			return nil
		}
		return signingKeys(r.admins())
	})
	if err != nil || r.check() != nil || r.Number != number || r.device(s.Device) == nil {
		return nil
	}
	if number == 0 && short(body) != s.Office {
		return nil
	}
	s.Roster, s.Hash = r, hash(body)
	return nil
}

// Leave ends this device's membership. The office's clients leave the vault, but for what the person had before; if
// keep is set, which is for an admin who takes all along, everything stays. An admin's device is removed from the
// roster first; of others' devices only an admin can do that.
func (o *Office) Leave(ctx context.Context, keep bool) error {
	return o.locked(ctx, func() error {
		s := o.state
		// What another machine goes on as is not for a copy of it to end.
		if s.Joining == nil && !s.Expelled && !s.TwoFaced && s.Roster.isAdmin(s.Device) && len(s.Roster.Devices) > 1 {
			if err := s.Roster.keepsAnAdmin(func(d *Device) bool { return d.ID != s.Device }); err != nil {
				return err
			}
			err := o.amend(ctx, func(r *Roster) error { r.dropDevice(s.Device); return nil })
			// After a fork it is the other branch that goes on, and to leave is the way back into it.
			if err != nil && !errors.Is(err, ErrFork) {
				return err
			}
		}
		if !keep && s.Joining == nil {
			s.Expelled = true
			p := o.newPass()
			if err := p.project(ctx); err != nil {
				return err
			}
			if err := p.dropEndedBooks(); err != nil {
				return err
			}
		}
		o.dirty = false
		if err := o.home.Remove(stateFile); err != nil {
			return err
		}
		o.state, o.revision = nil, ""
		return nil
	})
}
