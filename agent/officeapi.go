package agent

import (
	"time"

	"kapu/lang"
	"kapu/office"
)

// The part of the contract that is about the office. Of its secrets only the text of an invitation leaves the agent,
// which is good for one use and made to be given away.

// OfficeStatus is what of the office concerns a face that shows something else.
type OfficeStatus struct {
	Name    string `json:"name"`
	Admin   bool   `json:"admin"`
	Joining bool   `json:"joining,omitempty"` // not let in yet
	// Away is set, to the day of its last sign of life, while this machine has to be approved again because it was away.
	Away     string `json:"away,omitempty"`
	Words    string `json:"words,omitempty"`    // to be compared until then, or while it is away
	Expelled bool   `json:"expelled,omitempty"` // no longer in it
	Requests int    `json:"requests"`           // who waits to be let in by this person
	Left     int    `json:"left"`               // accounts that are still to be sealed anew
	Waiting  int    `json:"waiting"`            // objects that are still to be fetched, or on their way to the store
	// Synced is when this machine and the store last agreed.
	Synced time.Time `json:"synced,omitzero"`
	// Failing is why they do not, and Since from when on.
	Failing *lang.Error `json:"failing,omitempty"`
	Since   time.Time   `json:"failing_since,omitzero"`
	// Worrying is that this has lasted, or will not pass by itself.
	Worrying bool `json:"worrying,omitempty"`
}

// OfficeView says how things stand in the office, as of the last sync.
type OfficeView struct {
	OfficeStatus
	In       bool             `json:"in"` // the vault is in an office; else nothing else is set
	ID       string           `json:"id,omitempty"`
	Store    string           `json:"store,omitempty"` // address
	Me       string           `json:"me,omitempty"`    // id of this person
	Device   string           `json:"device,omitempty"`
	Members  []OfficeMember   `json:"members,omitempty"` // in the order of their names
	Grants   []OfficeGrant    `json:"grants,omitempty"`
	Invites  []OfficeInvited  `json:"invites,omitempty"`
	Asking   []OfficeRequest  `json:"asking,omitempty"`
	Settings *office.Settings `json:"settings,omitempty"`
	Accounts int              `json:"accounts"`        // the office's, as far as this machine knows
	Own      int              `json:"own"`             // accounts that are this person's own
	Unfit    []string         `json:"unfit,omitempty"` // clients that this version of the program cannot show
}

// OfficeMember is a person with their machines.
type OfficeMember struct {
	ID      string         `json:"id"`
	Name    string         `json:"name"`
	EMail   string         `json:"email,omitempty"`
	Role    office.Role    `json:"role"`
	Devices []OfficeDevice `json:"devices"`
}

// OfficeDevice is a machine of a member.
type OfficeDevice struct {
	ID   string `json:"id"`
	Name string `json:"name"` // user@machine
	// Number is the safety number of this machine and that one, "" of this one: the same on both.
	Number string `json:"number,omitempty"`
	Away   string `json:"away,omitempty"` // day of its last sign of life; it has to be approved again
}

// OfficeGrant is a right of a member: to the account of one client, to a folder, or to everything.
type OfficeGrant struct {
	ID     string       `json:"id"`
	Member string       `json:"member"` // id
	Name   string       `json:"name"`   // of the member
	Right  office.Right `json:"right"`  // codes, use or edit
	Client string       `json:"client,omitempty"`
	// Names are the labels of the clients that Client's account serves, none if all of them are out of sight; nil of a
	// folder and of everything.
	Names  []string  `json:"names"`
	Folder string    `json:"folder,omitempty"`
	From   time.Time `json:"from,omitzero"`
	Until  time.Time `json:"until,omitzero"` // the first moment that it no longer holds
}

// Days are the days on which a grant holds.
func (g *OfficeGrant) Days() OfficeDays {
	return OfficeDays{From: office.DayOf(g.From), Until: office.LastDay(g.Until)}
}

// OfficeDays is a span of days of the office's calendar ("2026-12-31"), the last one included. They are turned
// into moments and back here alone, so that they are the same for all machines and faces.
type OfficeDays struct {
	From  string `json:"from"`  // "" is now, or that there was no beginning
	Until string `json:"until"` // "" is no end
}

// Span is the same as a half-open span of moments; zero times are open ends. What is no day is the sentence date-wrong.
func (d OfficeDays) Span() (from, until time.Time, err error) {
	if from, err = office.DayStart(d.From); err == nil {
		until, err = office.DayEnd(d.Until)
	}
	return from, until, err
}

// OfficeScopes are what a right is to: clients, folders, or everything.
type OfficeScopes struct {
	// Clients are ids. A right to a client is one to its account, and so to all clients that this serves.
	Clients []string `json:"clients"`
	Folders []string `json:"folders"` // as they are written in the vault
	All     bool     `json:"all"`     // everything, which is a scope of its own
}

// OfficeReach is how far a right to some scopes reaches.
type OfficeReach struct {
	Clients int `json:"clients"` // all that it is a right to
	// More are the labels of those among them who are not named and in no named folder, but share an account with one who
	// is; without those of locked groups.
	More []string `json:"more"`
	// Keys is how many keys the member knows now, and once the right holds; only where it is asked of one member.
	Keys *OfficeKeys `json:"keys,omitempty"`
}

// OfficeKeys are numbers of keys: one for each account, however many clients this serves.
type OfficeKeys struct {
	Now  int `json:"now"`
	Then int `json:"then"`
}

// OfficeAssignment asks that members have one right to some scopes from now on, or between days. What that right
// replaces, office.SetRights says.
type OfficeAssignment struct {
	Members []string `json:"members"` // ids
	OfficeScopes
	AnyScope bool         `json:"any_scope"` // every scope that they have a right to; only for taking rights away
	Right    office.Right `json:"right"`     // codes, use or edit; "" takes away what there is
	OfficeDays
}

// OfficeSubstitution asks that a member stands in from one day to another, for all that another member has or for some
// scopes. office.StandIn says what that means.
type OfficeSubstitution struct {
	Member string `json:"member"` // id of who stands in
	For    string `json:"for"`    // id of the other member; "" is for the scopes
	OfficeScopes
	Right office.Right `json:"right"`
	OfficeDays
}

// OfficeProspect asks what a right would come to: an assignment or, with For, a substitution for all that another
// member has in its days.
type OfficeProspect struct {
	OfficeAssignment
	For string `json:"for"` // id of the other member; "" is for the scopes
}

// OfficeRightsChange says what came of one of them, which was one amendment, or none if all was so already.
type OfficeRightsChange struct {
	Given  int `json:"given"`  // rights that are new
	Ended  int `json:"ended"`  // rights that are gone, or end earlier
	Scopes int `json:"scopes"` // how many different scopes were named
}

// OfficeInvited is an invitation that nobody has used yet.
type OfficeInvited struct {
	ID     string    `json:"id"`
	Member string    `json:"member"` // id
	Name   string    `json:"name"`
	Until  time.Time `json:"until"`
	Auto   bool      `json:"auto"`
}

// OfficeRequest is a machine that waits to be let in, or to be approved again.
type OfficeRequest struct {
	Device  string    `json:"device"` // id
	Member  string    `json:"member"` // id
	Name    string    `json:"name"`   // of the member
	Machine string    `json:"machine"`
	Words   string    `json:"words"` // to be compared
	At      time.Time `json:"at"`
	Away    string    `json:"away,omitempty"` // day of the last sign of life of one that was in the office and away
}

// StoreKeys are what an S3 store is opened with; none of a folder.
type StoreKeys struct {
	Access string `json:"access,omitempty"`
	Secret string `json:"secret,omitempty"`
}

// OfficeCreate founds an office in an empty store.
type OfficeCreate struct {
	Store  string    `json:"store"` // address; of a folder the whole path
	Keys   StoreKeys `json:"keys,omitzero"`
	Office string    `json:"office"` // its name
	Name   string    `json:"name"`   // of the person
	EMail  string    `json:"email,omitempty"`
}

// OfficeInvite asks for an invitation: for a new member by name, or for a further machine of the member with the id.
type OfficeInvite struct {
	Member string      `json:"member,omitempty"`
	Name   string      `json:"name,omitempty"`
	EMail  string      `json:"email,omitempty"`
	Role   office.Role `json:"role,omitempty"` // "" is staff
	Days   int         `json:"days,omitempty"` // for how long it is good; 0 is a week
	Auto   bool        `json:"auto,omitempty"` // let in whoever has it
}

// OfficeInvitation is a text that lets its holder ask to be let in.
type OfficeInvitation struct {
	Text  string    `json:"text"`
	Name  string    `json:"name"` // of the member
	Until time.Time `json:"until"`
}

// OfficeJoin asks to be let in. The office's clients come into this vault when an admin has let it in.
type OfficeJoin struct {
	Invitation string    `json:"invitation"`
	Store      string    `json:"store,omitempty"` // where the store is seen from this machine, if elsewhere
	Keys       StoreKeys `json:"keys,omitzero"`
}

// OfficeRecover comes back into an office whose machine was lost: this vault was opened with its recovery key.
type OfficeRecover struct {
	Store string    `json:"store"`
	Keys  StoreKeys `json:"keys,omitzero"`
}

// OfficeStore says where the store of the office is from now on, or that the keys to it are others.
type OfficeStore struct {
	Store string    `json:"store"`
	Keys  StoreKeys `json:"keys,omitzero"`
}

// OfficeSynced says what a sync has found.
type OfficeSynced struct {
	Changed  bool `json:"changed"`  // the vault was changed
	Requests int  `json:"requests"` // who waits to be let in
	Left     int  `json:"left"`     // accounts that are still to be sealed anew
	Waiting  int  `json:"waiting"`  // objects that other machines have announced, and that are not in the store yet
}

// OfficeChange is a line of a client's history: one field, as one person set it.
type OfficeChange struct {
	At     time.Time `json:"at"`
	Member string    `json:"member"` // name
	Device string    `json:"device"` // name
	Client string    `json:"client,omitempty"`
	Field  string    `json:"field"` // as in docs/formats.md
	Value  string    `json:"value"` // never a key or a deletion code
	Lost   bool      `json:"lost"`  // someone else changed it at the same time, and theirs counts
}

// OfficeTodo is a line of the work list: a key to be registered anew at the portal, because somebody knows it who
// should not.
type OfficeTodo struct {
	Account string    `json:"account"` // id
	Clients []string  `json:"clients"` // labels
	Service string    `json:"service"`
	User    string    `json:"user_name"`
	Member  string    `json:"member"` // name of who knows it
	Device  string    `json:"device"` // name
	Since   time.Time `json:"since"`
}

// OfficeJournalRequest asks for lines of the office's journal.
type OfficeJournalRequest struct {
	LogRequest
	Member string `json:"member,omitempty"` // id, or part of the name; "" is all
}

// OfficeJournal is what was done with codes and keys, newest first, and where something is missing.
type OfficeJournal struct {
	Lines []OfficeLine `json:"lines"`
	Gaps  []OfficeGap  `json:"gaps"`
}

// OfficeLine is a line of the journal. It holds no code and no key.
type OfficeLine struct {
	At     time.Time `json:"at"`
	Member string    `json:"member"` // name
	Device string    `json:"device"` // name
	Act    string    `json:"act"`    // as in the log
	Name   string    `json:"name,omitempty"`
	N      int       `json:"n,omitempty"`
}

// OfficeGap is where the journal of a machine is not whole: pages that are missing, or that do not follow.
type OfficeGap struct {
	Member string `json:"member"`
	Device string `json:"device"`
	From   int    `json:"from"`
	To     int    `json:"to"`
}
