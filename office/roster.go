package office

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"kapu/seal"
)

// Roster is an epoch of the office's membership: who is in it, with which devices and rights. Rosters form a hash
// chain: each names the hash of the one before, was signed by a device of someone who was an admin then, and lies in
// the store under its number, a name that is given once.
type Roster struct {
	Office  string    `json:"office,omitempty"` // its id, the hash of number 0; none in number 0
	Number  int       `json:"number"`
	Before  string    `json:"before,omitempty"` // hash of the one before
	At      time.Time `json:"at"`
	Name    string    `json:"name"`
	Members []Member  `json:"members"`
	Devices []Device  `json:"devices"`
	// Former are devices that were in the office: by them it is known who made an old edit.
	Former   []Former `json:"former,omitempty"`
	Grants   []Grant  `json:"grants,omitempty"`
	Invites  []Invite `json:"invites,omitempty"`
	Settings Settings `json:"settings"`
}

// Member is a person in the office.
type Member struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	EMail string `json:"email,omitempty"`
	Role  Role   `json:"role"`
}

// Device is one replica: the program of one person on one machine, with a key pair of its own.
type Device struct {
	ID     string       `json:"id"`
	Member string       `json:"member"`
	Name   string       `json:"name"` // user@machine
	Public *seal.Public `json:"public"`
	Since  int          `json:"since"` // number of the roster it came in with
	// Away is set, to its last sign of life, when it has been silent for too long: until an admin has approved it again,
	// nothing is sealed to it and nothing new of its own counts.
	Away time.Time `json:"away,omitzero"`
}

// Former is the tombstone of a device that has left: its signatures on old edits can still be verified.
type Former struct {
	ID      string `json:"id"`
	Member  string `json:"member"`
	Name    string `json:"name"`   // of the member
	Device  string `json:"device"` // its name
	Signing string `json:"signing"`
	Admin   bool   `json:"admin,omitempty"` // an admin's, up to then
	Until   int    `json:"until"`           // number of the roster it is missing from
}

// formerly is the tombstone, in the roster of a number, of a device that it no longer has.
func (r *Roster) formerly(d *Device, until int) Former {
	name, _ := r.names(d.ID)
	return Former{d.ID, d.Member, name, d.Name, d.Public.SigningKey(), r.roleOf(d) == Admin, until}
}

// roleOf is the role of a device's member.
func (r *Roster) roleOf(d *Device) Role {
	if m := r.member(d.Member); m != nil {
		return m.Role
	}
	return ""
}

// Invite is the public half of an invitation that has not been used. Until then its holder can read the rosters, and
// nothing else.
type Invite struct {
	ID     string       `json:"id"`
	Member string       `json:"member"` // whose device it will be; a new member is already in the roster
	Public *seal.Public `json:"public"`
	Until  time.Time    `json:"until"`
	Auto   bool         `json:"auto,omitempty"` // approved without asking
}

// Settings are those of the whole office.
type Settings struct {
	// BookDays is how far ahead a book of codes reaches, 1 to 14 days.
	BookDays int `json:"book_days"`
	// FromHour and UntilHour are the hours of the day, 0 to 24, that books hold codes for, by the office calendar.
	FromHour  int `json:"from_hour"`
	UntilHour int `json:"until_hour"`
	// AwayDays is for how many days a device may be silent before it has to be approved again; 0 is for ever.
	AwayDays int `json:"away_days"`
}

// UnmarshalJSON reads settings, also those of a roster from before AwayDays was one.
func (s *Settings) UnmarshalJSON(data []byte) error {
	type plain Settings
	p := plain{AwayDays: defaultAwayDays}
	err := strict(data, &p)
	*s = Settings(p)
	return err
}

func defaultSettings() Settings {
	return Settings{BookDays: 3, FromHour: 0, UntilHour: 24, AwayDays: defaultAwayDays}
}

// The limits of a roster. An office of fifty is large.
const (
	maxMembers  = 500
	maxDevices  = 1000
	maxGrants   = 20_000
	maxBookDays = 14
	maxFormer   = 2000

	defaultAwayDays = 60
	minAwayDays     = 14 // longer than most holidays
	maxAwayDays     = 3650
)

func (r *Roster) member(id string) *Member {
	if i := slices.IndexFunc(r.Members, func(m Member) bool { return m.ID == id }); i >= 0 {
		return &r.Members[i]
	}
	return nil
}

func (r *Roster) device(id string) *Device {
	if i := slices.IndexFunc(r.Devices, func(d Device) bool { return d.ID == id }); i >= 0 {
		return &r.Devices[i]
	}
	return nil
}

func (r *Roster) invite(id string) *Invite {
	if i := slices.IndexFunc(r.Invites, func(v Invite) bool { return v.ID == id }); i >= 0 {
		return &r.Invites[i]
	}
	return nil
}

// signer is the key that a device, here now or once, signs with, and the name of its member.
func (r *Roster) signer(device string) (key, member string) {
	if d := r.device(device); d != nil {
		if m := r.member(d.Member); m != nil {
			return d.Public.SigningKey(), m.Name
		}
	}
	for _, f := range r.Former {
		if f.ID == device {
			return f.Signing, f.Name
		}
	}
	return "", ""
}

// admins are the devices of all admins, but for those that are away: what these would decide does not count.
func (r *Roster) admins() []*Device {
	var list []*Device
	for i := range r.Devices {
		if d := &r.Devices[i]; d.Away.IsZero() && r.roleOf(d) == Admin {
			list = append(list, d)
		}
	}
	return list
}

// isAdmin says whether a device is an admin's and not away.
func (r *Roster) isAdmin(device string) bool {
	return slices.ContainsFunc(r.admins(), func(d *Device) bool { return d.ID == device })
}

// signingKeys are what devices sign with.
func signingKeys(devices []*Device) []string {
	keys := make([]string, len(devices))
	for i, d := range devices {
		keys[i] = d.Public.SigningKey()
	}
	return keys
}

// publicKeys are those of the devices with some ids; unknown ones are left out.
func (r *Roster) publicKeys(ids []string) []*seal.Public {
	list := make([]*seal.Public, 0, len(ids))
	for _, id := range ids {
		if d := r.device(id); d != nil {
			list = append(list, d.Public)
		}
	}
	return list
}

// readersOfRoster are the recipients of a roster: all devices, and those who are being invited.
func (r *Roster) readersOfRoster() []*seal.Public {
	list := make([]*seal.Public, 0, len(r.Devices)+len(r.Invites))
	for i := range r.Devices {
		list = append(list, r.Devices[i].Public)
	}
	for i := range r.Invites {
		list = append(list, r.Invites[i].Public)
	}
	return list
}

func (r *Roster) dropDevice(id string) {
	r.Devices = slices.DeleteFunc(r.Devices, func(d Device) bool { return d.ID == id })
}

func rosterName(number int) string { return fmt.Sprintf("roster/%012d", number) }

// rosterContext is the domain separation of a roster's signature. The id of the office is the hash of its first roster,
// which therefore cannot name it.
func rosterContext(office string, number int) string {
	if number == 0 {
		return "office/new/roster/0"
	}
	return fmt.Sprintf("office/%s/roster/%d", office, number)
}

// clone is a deep enough copy to be changed.
func (r *Roster) clone() *Roster {
	c := *r
	c.Members, c.Devices, c.Former = slices.Clone(r.Members), slices.Clone(r.Devices), slices.Clone(r.Former)
	c.Grants, c.Invites = slices.Clone(r.Grants), slices.Clone(r.Invites)
	return &c
}

// follows verifies the link of the chain from a roster, whose hash is given, to this one. Who signed it is checked
// where it is opened.
func (r *Roster) follows(before *Roster, hash, office string) error {
	if r.Office != office || r.Number != before.Number+1 || r.Before != hash {
		return errors.New("it does not continue the chain")
	}
	// Tombstones are for ever and complete, and nobody gets one who never was there: old edits are verified by them.
	was := map[Former]bool{}
	for _, f := range before.Former {
		was[f] = true
	}
	for i := range before.Devices {
		d := &before.Devices[i]
		if now := r.device(d.ID); now == nil {
			was[before.formerly(d, r.Number)] = true
		} else if now.Member != d.Member || now.Since != d.Since {
			return errors.New("a device is somebody else's")
		}
	}
	for _, f := range r.Former {
		if !was[f] {
			return errors.New("a former device that was none")
		}
		delete(was, f)
	}
	if len(was) > 0 {
		return errors.New("a device is gone without a trace")
	}
	return r.check()
}

// check validates a roster by itself: its limits, that every id and signing key comes once, and that what it names is
// in it.
func (r *Roster) check() error {
	if r.Number < 0 || !validName(r.Name) || r.tooLarge() {
		return errors.New("it is out of measure")
	}
	ids := unique{}
	for _, check := range []func(unique) error{r.checkMembers, r.checkDevices, r.checkGrants, r.checkInvites} {
		if err := check(ids); err != nil {
			return err
		}
	}
	if !r.Settings.valid() {
		return errors.New("the settings")
	}
	if len(r.admins()) == 0 {
		return errors.New("no admin would be left")
	}
	return nil
}

// unique are ids that were seen.
type unique map[string]bool

// add says whether an id is one, and is new.
func (u unique) add(id string) bool {
	seen := u[id]
	u[id] = true
	return id != "" && !seen
}

func (r *Roster) tooLarge() bool {
	return len(r.Invites) > maxDevices || len(r.Members) > maxMembers || len(r.Devices) > maxDevices ||
		len(r.Grants) > maxGrants || len(r.Former) > maxFormer
}

func (r *Roster) checkMembers(ids unique) error {
	for _, m := range r.Members {
		if !ids.add(m.ID) || m.Name == "" || !validName(m.Name) || !validName(m.EMail) ||
			m.Role != Admin && m.Role != Staff {
			return fmt.Errorf("member %q", m.Name)
		}
	}
	return nil
}

func (r *Roster) checkDevices(ids unique) error {
	for _, d := range r.Devices {
		if !ids.add(d.ID) || d.Public == nil || d.ID != DeviceID(d.Public) || !ids.add(d.Public.SigningKey()) ||
			r.member(d.Member) == nil || !validName(d.Name) {
			return fmt.Errorf("device %q", d.Name)
		}
	}
	for _, f := range r.Former {
		if !ids.add(f.ID) || !ids.add(f.Signing) {
			return fmt.Errorf("former device %q", f.Device)
		}
	}
	return nil
}

func (r *Roster) checkGrants(ids unique) error {
	for i := range r.Grants {
		if g := &r.Grants[i]; !ids.add(g.ID) || r.member(g.Member) == nil || !g.valid() {
			return errors.New("a grant")
		}
	}
	return nil
}

func (r *Roster) checkInvites(ids unique) error {
	for _, v := range r.Invites {
		if !ids.add(v.ID) || v.Public == nil || v.ID != DeviceID(v.Public) || r.member(v.Member) == nil {
			return errors.New("an invitation")
		}
	}
	return nil
}

func (s *Settings) valid() bool {
	return s.BookDays >= 1 && s.BookDays <= maxBookDays && s.FromHour >= 0 && s.UntilHour <= 24 && s.FromHour < s.UntilHour &&
		(s.AwayDays == 0 || s.AwayDays >= minAwayDays && s.AwayDays <= maxAwayDays)
}

// encode is the canonical form, whose hash is the roster's.
func (r *Roster) encode() ([]byte, error) { return json.Marshal(r) }

// readRoster opens the roster of a number and verifies that an admin of the one before signed it and that it continues
// the chain. It returns it with its hash; an error of the kind errRefused is of one that an admin did sign.
func readRoster(
	b box, sealed []byte, number int, office string, reader *seal.Identity, before *Roster, beforeHash string,
) (*Roster, string, error) {
	body, _, err := b.open(rosterContext(office, number), sealed, reader, signingKeys(before.admins())...)
	if err != nil {
		return nil, "", err
	}
	r := &Roster{}
	if err := strict(body, r); err != nil {
		return nil, "", fmt.Errorf("%w: %w", errRefused, err)
	}
	if err := r.follows(before, beforeHash, office); err != nil {
		return nil, "", fmt.Errorf("%w: %w", errRefused, err)
	}
	return r, hash(body), nil
}
