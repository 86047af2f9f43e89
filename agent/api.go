// Package agent is the contract between Kapu's faces (tray, page, command line) and its agent, the key-holding daemon
// of a desktop session, as ssh-agent is for SSH. It says what can be asked and what comes back, and has the client for
// it. Who holds the keys and answers is package keeper, which no face can import.
//
// Requests and answers travel as JSON over HTTP on the loopback interface. But for RecoveryKey, Details and Export,
// which the person asks for, nothing here carries a key or a deletion code out of the agent.
//
//	api.go           the types of requests and answers, and the kinds of failure
//	officeapi.go     the same for the office
//	deadline.go      what runs out: mandates and portal passwords
//	logrequest.go    which lines of the log are asked for
//	endpoints.go     every remote procedure with its path, its types and what it asks of the person, once
//	asks.go          when the PIN or password is asked for again, and how a request brings it along
//	wire.go          requests of a word or two, and errors in transit
//	client.go        Conn, the client: one call, each procedure
//	dial.go          the way to the agent: connecting, authentication, and what it means where that fails
//	officeclient.go  the same for the office
//	locator.go       the discovery file: where the agent of this session listens, and the token
//	status.go        how things stand, also while locked
//	start.go         how the agent's process is started, and what it says first
//	recovery.go      what stands on a recovery sheet
//	said.go          what a face says of a copied code; deed.go of a change that can be taken back; difference.go of
//	                 what another version of the vault has
//	sheets.go        the CSV sheets of log, deadlines, work list and journal; calendar.go deadlines for a calendar
package agent

import (
	"errors"
	"fmt"
	"time"

	"kapu/config"
	"kapu/exchange"
	"kapu/lang"
	"kapu/office"
	"kapu/vault"
)

// The kinds of failure that a face tells apart; the exit codes of the command line follow them.
var (
	ErrLocked = errors.New("locked")
	// ErrGroupLocked is an ErrLocked of a group alone: the vault is open.
	ErrGroupLocked = fmt.Errorf("group %w", ErrLocked)
	ErrNotFound    = errors.New("not found")
	ErrAmbiguous   = errors.New("ambiguous")
	// ErrDoubtful means that something is hardly what the person means. It is done if they confirm it.
	ErrDoubtful = errors.New("to be confirmed")
	// ErrRight means that the account is the office's and this person may not do that with it.
	ErrRight = errors.New("no right to it")
	// ErrAsked means that the agent wants the PIN or password for this, and the request did not bring it along.
	ErrAsked = errors.New("the PIN or password is asked for")
	// ErrNoPrompt means that a PIN or password is wanted and nobody could be asked.
	ErrNoPrompt = errors.New("nobody to ask")
	// ErrCancelled means that the person closed the question.
	ErrCancelled = errors.New("cancelled")
)

// Status says how things stand. While locked the numbers and the warning are not known.
type Status struct {
	Locked   bool   `json:"locked"`
	Clients  int    `json:"clients"`
	Accounts int    `json:"accounts"`
	Method   string `json:"method"` // how the vault is unlocked; "" if there is none yet
	Vault    string `json:"vault"`  // path of the file
	// RecoveryKept says whether this machine has seen the recovery key being printed, saved or shown.
	RecoveryKept bool `json:"recovery_kept"`
	// PINOffered says whether the person of a vault that asks nothing was told once that a PIN would be asked for.
	PINOffered bool `json:"pin_offered,omitempty"`
	// LockedFolders are the groups that have locked themselves; their clients are not counted, and nowhere else either.
	LockedFolders []string `json:"locked_folders,omitempty"`
	// Deadlines is how many mandates and portal passwords run out soon, or have.
	Deadlines int `json:"deadlines"`
	// Warning is what the person should know though all goes on: the vault has gone backwards.
	Warning *lang.Error `json:"warning,omitempty"`
	// Office is how things stand in the office, if the vault is in one.
	Office *OfficeStatus `json:"office,omitempty"`
}

// Client is a client as a list shows it. A name may be borne by several: who shows a client shows its Label, and who
// acts on it names its ID.
type Client struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	// Beside is what tells the client from others of the same name; "" if nobody else bears it.
	Beside       string `json:"beside,omitempty"`
	TaxNumber    string `json:"tax_number"`
	Folder       string `json:"folder"`
	Service      string `json:"service"`
	UserName     string `json:"user_name"`
	Account      string `json:"account"` // id; clients of one person share it
	MandateUntil string `json:"mandate_until,omitempty"`
	// PasswordUntil is the last day of the account's portal password.
	PasswordUntil string    `json:"password_until,omitempty"`
	Favourite     bool      `json:"favourite"`
	LastUsed      time.Time `json:"last_used,omitzero"`
	// Right is what this person may do with an account that is the office's: codes, use, edit or full. "" is their own,
	// and so without limits.
	Right office.Right `json:"right,omitempty"`
	// Duplicate is the same id for all clients who may be one and the same; "" if there is no other.
	Duplicate string `json:"duplicate,omitempty"`
}

// Label is the name as faces show it: with what tells it from others of the same name, if there are any. No two clients
// have the same.
func (c Client) Label() string { return vault.Label(c.Name, c.Beside) }

// Code is a code and how long it lives. A counter-based (HOTP) code has no times.
type Code struct {
	Client
	Code      string    `json:"code"`
	From      time.Time `json:"valid_from,omitzero"`
	Until     time.Time `json:"valid_until,omitzero"`
	Remaining int       `json:"remaining_seconds"` // whole seconds left when it was handed out
}

// What is what of a client is copied.
type What string

// What can be copied.
const (
	TheCode   What = "" // a fresh one
	UserName  What = "user-name"
	TaxNumber What = "tax-number"
	// SignIn is the user name, and after it the code: by itself once the user name was pasted, where the system lets a
	// program see that, and whenever SignIn is asked for again while the user name is on the clipboard.
	SignIn What = "sign-in"
)

// Copy asks that something of the one client that a query means is put on the clipboard.
type Copy struct {
	Query string `json:"query"`
	What  What   `json:"what,omitempty"`
	Next  bool   `json:"next,omitempty"` // the code after the current one, which is waited for
	// Announce asks for a desktop notice of what was copied, because the face that asks goes away at once.
	Announce bool `json:"announce,omitempty"`
}

// Copied says what was put on the clipboard. The text stays there, unless the person has to see the digits.
type Copied struct {
	Client
	What       What      `json:"what,omitempty"`    // the code, or the text
	Follows    Follows   `json:"follows,omitempty"` // of a user name: when the code comes
	Reach      Reach     `json:"reach,omitempty"`
	Code       string    `json:"code,omitempty"` // to be shown, as config's show_code has it
	Until      time.Time `json:"valid_until,omitzero"`
	Remaining  int       `json:"remaining_seconds"`
	Waited     bool      `json:"waited"`        // for the next window, because the code was about to expire
	UsedBefore bool      `json:"used_before"`   // this very code was copied before; the portal may refuse it
	ClearAfter int       `json:"clear_seconds"` // when the clipboard will be cleared
	// Announced says that a desktop notice tells of it, as was asked for.
	Announced bool `json:"announced,omitempty"`
	// Taken is set if the code before this one was not, because somebody in the office had used it.
	Taken *Taken `json:"taken,omitempty"`
}

// Taken says who has used a code first.
type Taken struct {
	By      string    `json:"by"` // member's name
	Machine string    `json:"machine"`
	Own     bool      `json:"own,omitempty"` // another machine of this person
	At      time.Time `json:"at"`
}

// Follows is when a code comes after its user name.
type Follows string

// The empty one means that none comes.
const (
	AfterPaste Follows = "after-paste" // by itself once the user name was pasted, or when SignIn is asked for again
	WhenAsked  Follows = "when-asked"  // when SignIn is asked for again
)

// Reach is how far a copied code came.
type Reach string

// The reaches that are not enough. The empty one means that it can be pasted wherever the person works.
const (
	OnlyHere Reach = "only-here" // in the remote desktop, which does not pass it on to the machine in front of the person
	Nowhere  Reach = "nowhere"   // there is no clipboard that takes it
)

// New is a client to add, with the key of its account.
type New struct {
	Client       Client `json:"client"`
	Key          string `json:"key"`
	DeletionCode string `json:"deletion_code,omitempty"`
	Note         string `json:"note,omitempty"`
	// Scanned is what was read of a QR code, in place of Key: the key, how its codes are made, and what speaks against it.
	// Its other fields are not taken: Client has what the person wants of them.
	Scanned *exchange.Entry `json:"scanned,omitempty"`
	// Staged is the id of a stage whose only key stands in place of Key.
	Staged string `json:"staged,omitempty"`
	// Confirmed adds what would be refused with ErrDoubtful.
	Confirmed bool `json:"confirmed,omitempty"`
}

// Edit changes a client; a nil field stays as it is.
type Edit struct {
	ID            string  `json:"id"`
	Name          *string `json:"name,omitempty"`
	TaxNumber     *string `json:"tax_number,omitempty"`
	Folder        *string `json:"folder,omitempty"`
	Service       *string `json:"service,omitempty"`
	UserName      *string `json:"user_name,omitempty"`
	MandateUntil  *string `json:"mandate_until,omitempty"`
	PasswordUntil *string `json:"password_until,omitempty"`
	Favourite     *bool   `json:"favourite,omitempty"`
	Key           *string `json:"key,omitempty"`
	DeletionCode  *string `json:"deletion_code,omitempty"`
	Note          *string `json:"note,omitempty"`
	// Confirmed makes the change that would be refused with ErrDoubtful.
	Confirmed bool `json:"confirmed,omitempty"`
}

// EditMany changes several clients in the same way; a nil field stays as it is.
type EditMany struct {
	IDs           []string `json:"ids"`
	Folder        *string  `json:"folder,omitempty"`
	Favourite     *bool    `json:"favourite,omitempty"`
	MandateUntil  *string  `json:"mandate_until,omitempty"`
	PasswordUntil *string  `json:"password_until,omitempty"`
	// Confirmed makes the change that would be refused with ErrDoubtful.
	Confirmed bool `json:"confirmed,omitempty"`
}

// Merge asks that one client takes another in, which is gone then.
type Merge struct {
	Keep  string `json:"keep"`  // id of who stays
	Other string `json:"other"` // id of who goes
	// OtherKey lets the key of who goes stay, with its user name and all else of its account.
	OtherKey bool `json:"other_key,omitempty"`
	DryRun   bool `json:"dry_run,omitempty"` // say only what would come of it
}

// Merged says what comes of a merge.
type Merged struct {
	Client Client `json:"client"` // who stays, as it is then
	Other  Client `json:"other"`  // who goes, as it was
	// Taken are the fields that the one who stays gets from the other, by the names that they have in a Client.
	Taken []string `json:"taken"`
	// KeyGone says that no client has the other key any more: it becomes a former key of the account that stays.
	KeyGone bool `json:"key_gone"`
	// ForAll says that the one who goes is the office's, and goes for everybody in it.
	ForAll bool   `json:"for_all"`
	Undo   string `json:"undo,omitempty"`
}

// Removal says what removing clients would come to, before it is done.
type Removal struct {
	N       int      `json:"n"`       // clients
	Office  int      `json:"office"`  // how many of them are the office's, and would be gone for all
	Members []string `json:"members"` // names of the colleagues who have one of those
}

// Done says how many clients a change touched, and under which id it can be taken back.
type Done struct {
	N    int    `json:"n"`
	Name string `json:"name,omitempty"` // label of the only one
	Undo string `json:"undo"`
}

// Undoable is a change that can be taken back.
type Undoable struct {
	ID   string    `json:"id"`
	At   time.Time `json:"at"`
	Act  vault.Act `json:"act"`
	Name string    `json:"name,omitempty"` // of the only client, or the format of an import
	N    int       `json:"n"`              // clients
}

// Undone is a change that was taken back, but for what was changed again since.
type Undone struct {
	Undoable
	Kept int `json:"kept"` // accounts and clients that stay as they are
}

// LogRequest asks for lines of the log, newest first.
type LogRequest struct {
	Query string    `json:"query,omitempty"` // every word of it is in the client's name; "" is all
	From  time.Time `json:"from,omitzero"`
	Until time.Time `json:"until,omitzero"` // the first moment that is not asked for
}

// Log is the log that was asked for, and the months of it that are not whole.
type Log struct {
	Lines []vault.LogEntry `json:"lines"`
	Gaps  []vault.LogGap   `json:"gaps"`
}

// Details are what a list does not show of a client.
type Details struct {
	Client
	Note string `json:"note"`
	// Others are the labels of the other clients of the account, as far as this person may see them.
	Others []string `json:"others,omitempty"`
	// Of the following, only what was asked for and the person has shown to be entitled to.
	HasDeletionCode bool   `json:"has_deletion_code"`
	Key             string `json:"key,omitempty"`
	URI             string `json:"uri,omitempty"` // the key for another program or a telephone
	DeletionCode    string `json:"deletion_code,omitempty"`
	// Formers are the keys that the account had, newest first; each key only where Key is asked for.
	Formers []FormerKey `json:"formers,omitempty"`
}

// Use is one taking of a client's code.
type Use struct {
	At  time.Time `json:"at"`
	Act vault.Act `json:"act"` // copied or shown
	By  string    `json:"by"`  // user@machine, or the name of a colleague
	// Machine is the colleague's.
	Machine string `json:"machine,omitempty"`
}

// Uses are the last uses of a client, newest first.
type Uses struct {
	Uses []Use `json:"uses"`
	// OwnOnly is that the client is the office's and this person no admin: those of colleagues are not among them.
	OwnOnly bool `json:"own_only,omitempty"`
	// Problem is why those of colleagues could not be read now.
	Problem *lang.Error `json:"problem,omitempty"`
}

// FormerKey is a key that another has replaced.
type FormerKey struct {
	Until time.Time `json:"until"`
	Key   string    `json:"key,omitempty"`
}

// Reveal asks for a client's details, and with them for its key, in either form, or its deletion code.
type Reveal struct {
	ID           string `json:"id"`
	Key          bool   `json:"key"`
	URI          bool   `json:"uri"`
	DeletionCode bool   `json:"deletion_code"`
}

// Import is a file's entries to be taken in.
type Import struct {
	Format  string           `json:"format"` // of the file, for the log
	Entries []exchange.Entry `json:"entries"`
	DryRun  bool             `json:"dry_run"`
	Whole   bool             `json:"whole"` // take nothing in if any entry is refused, or waits for a decision
	// Decisions are the person's answers to what the plan asks.
	Decisions exchange.Decisions `json:"decisions,omitzero"`
	// Columns are what the person has said of a table's columns. They are remembered once something was taken in.
	Columns map[string]string `json:"columns,omitempty"`
}

// Imported says what became of each entry, and under which id the import can be taken back.
type Imported struct {
	exchange.Report
	Undo string `json:"undo,omitempty"`
}

// Stage gives the agent a file to be read and kept, for a face that must not see keys. ID is that of the stage it is
// to be added to, "" for a new one.
type Stage struct {
	ID string `json:"id,omitempty"`
	// File is the number of the file of the stage that is read anew, in another way; 0 is a further file.
	File     int    `json:"file,omitempty"`
	Name     string `json:"name"`               // for the person
	Data     []byte `json:"-"`                  // see Attached
	Password string `json:"password,omitempty"` // of an encrypted file
	KeyFile  []byte `json:"key_file,omitempty"` // of a KeePass database
	// Columns, Hidden and As are those of exchange.ReadOptions.
	Columns map[string]string `json:"columns,omitempty"`
	Hidden  bool              `json:"hidden,omitempty"`
	As      string            `json:"as,omitempty"`
}

// Staged is what would become of the entries that the agent keeps under an id for a quarter of an hour.
type Staged struct {
	ID string `json:"id"`
	// Sealed names the format if the file needs a password; then nothing was read.
	Sealed string `json:"sealed,omitempty"`
	Format string `json:"format"` // of all files
	exchange.Report
	// File is the number that the file has in the stage, and Read the format as which it was read. Unread says why
	// nothing was: it is kept without an entry, and can be read anew, in another way.
	File   int         `json:"file"`
	Read   string      `json:"read,omitempty"`
	Unread *lang.Error `json:"unread,omitempty"`
	// Columns say how the file's columns were understood, if it is a table, and Hidden that some of it is not taken in
	// because it is hidden there.
	Columns []exchange.Column `json:"columns,omitempty"`
	Hidden  bool              `json:"hidden,omitempty"`
	// Only is the one client that there is a key for, if there is one key.
	Only *Client `json:"only,omitempty"`
}

// TakeStaged asks for rows of a stage to be taken in.
type TakeStaged struct {
	ID     string `json:"id"`
	Rows   []int  `json:"rows"`             // places in the report, ascending; nil is all
	Folder string `json:"folder,omitempty"` // for every client, whatever the file says
	DryRun bool   `json:"dry_run"`
	// Decisions are the person's answers to what the plan asks; their rows are places in the report.
	Decisions exchange.Decisions `json:"decisions,omitzero"`
}

// Settings are what the file says, and where it is.
type Settings struct {
	Config config.Config `json:"config"`
	Path   string        `json:"path"`
}

// Configure changes the settings from what the person saw to what they want; if the file was changed meanwhile,
// nothing is done.
type Configure struct {
	From config.Config `json:"from"`
	To   config.Config `json:"to"`
}

// Renew gives the vault a new identity, by the PIN or password of now; the recovery key is not enough.
type Renew struct {
	Backups string `json:"backups"` // vault.KeepBackups, ResealBackups or DeleteBackups
}

// Renewed says what is left to do after that.
type Renewed struct {
	Backups int `json:"backups"` // that the old identity still opens, in the vault's folder
}

// Protect changes how the vault is unlocked.
type Protect struct {
	Method string `json:"method"`
	Secret string `json:"secret"` // the new PIN or password; none for the keychain
}

// RecoveryKey is the root secret in words, the answer to nothing but the question for it.
type RecoveryKey struct {
	Key string `json:"key"`
}

// Export asks for clients, with their keys, in another program's format: those that Query and Folder match, "" all.
type Export struct {
	Format        string `json:"format"`
	Query         string `json:"query,omitempty"`
	Folder        string `json:"folder,omitempty"`
	DeletionCodes bool   `json:"deletion_codes,omitempty"` // too, where the format has a place for them
	Passphrase    string `json:"passphrase,omitempty"`     // of an encrypted format
	Language      string `json:"language,omitempty"`       // of a page
}

// Exported is the file or, of pictures, the files; how many clients are in them, how many they cannot hold, and how
// many are the office's and stay in it.
type Exported struct {
	Files [][]byte `json:"files"`
	N     int      `json:"n"`
	Left  int      `json:"left"`
	Kept  int      `json:"kept"`
}

// MakeArchive asks for a backup of everything in one file, sealed to a passphrase.
type MakeArchive struct {
	Config     string `json:"config"` // the text of the settings, to be carried along
	Passphrase string `json:"passphrase"`
}

// Restored says what became of the file that was there.
type Restored struct {
	Aside string `json:"aside"` // path of the damaged file; "" if it is among the backups
}

// Backup is what an earlier state of the vault can be taken from.
type Backup = vault.Backup

// Unite asks what another version of the vault has that this one has not, and to take it over.
type Unite struct {
	// Name is of a backup, or of a version that this machine keeps; "" is the newest that the vault does not descend from.
	Name    string `json:"name"`
	Discard bool   `json:"discard,omitempty"` // take nothing over, and go on from the vault as it is
	DryRun  bool   `json:"dry_run,omitempty"`
}

// United says what becomes of each difference, and under which id it can be taken back.
type United struct {
	Version     vault.Backup       `json:"version"`
	Differences []vault.Difference `json:"differences"`
	Undo        string             `json:"undo,omitempty"`
}

// Event tells a face that something happened.
type Event struct {
	Type EventType `json:"type"`
	// Of a Waiting event: whose code is waited for, and how long.
	Client  *Client `json:"client,omitempty"`
	Seconds int     `json:"seconds,omitempty"`
	Taken   *Taken  `json:"taken,omitempty"` // why, if somebody in the office had used the one before
	// Of a CodeCopied event; the digits are not in it.
	Copied *Copied `json:"copied,omitempty"`
	// Of a Problem event.
	Problem *lang.Error `json:"problem,omitempty"`
	// Of an Asked event.
	Request *OfficeRequest `json:"request,omitempty"`
	// Of a Belongs event: how the vault stands to the office of that name now.
	Membership Membership `json:"membership,omitempty"`
	Office     string     `json:"office,omitempty"`
}

// EventType is the kind of an Event. The end of the stream means: locked.
type EventType string

// The kinds of events.
const (
	Changed EventType = "changed" // the list of clients is not what it was
	Waiting EventType = "waiting" // a copy waits for the next code
	Problem EventType = "problem" // something failed that no request waits for
	Left    EventType = "left"    // the agent ends now, because the person has left the screen

	// CodeCopied is that something was copied which no face is waiting to say: by one that asked for a desktop notice
	// and has closed, or a code by itself after its user name.
	CodeCopied EventType = "copied"

	OfficeNews EventType = "office" // how things stand in the office is not what it was
	Asked      EventType = "asked"  // a machine wants to be let into the office, once for each
	Belongs    EventType = "member" // the vault has entered an office, or left it
)

// Membership is how a vault stands to an office.
type Membership string

// The memberships, in the order in which a vault goes through them.
const (
	Outside Membership = "outside" // has left it, was removed or turned away
	Applied Membership = "applied" // has asked to be let in
	Inside  Membership = "inside"
)
