package agent

import (
	"time"

	"kapu/office"
	"kapu/vault"
)

// Endpoint is a remote procedure of the agent: its path below /v1/, what it asks of the person, and the two types that
// travel as JSON. The client (Conn) and the server (package keeper) name the same value, so that none of these can come
// apart. Its fields have no defaults: an endpoint that does not say what it asks does not compile.
type Endpoint[Request, Answer any] struct {
	path string
	asks Asks
}

// None is the empty request or answer.
type None = struct{}

// What the agent can be asked. The methods of Conn say what each does.
var (
	GetStatus       = Endpoint[None, Status]{"status", Never}
	ListClients     = Endpoint[ListRequest, []Client]{"list", Never}
	FindClient      = Endpoint[FindRequest, Client]{"find", Never}
	MakeCode        = Endpoint[CodeRequest, Code]{"code", Never}
	CopyText        = Endpoint[Copy, Copied]{"copy", Never}
	CopyOrShow      = Endpoint[Copy, Copied]{"copy-or-show", Never}
	AddClient       = Endpoint[New, Client]{"add", ByReach}
	EditClient      = Endpoint[Edit, Client]{"edit", ByReach}
	EditClients     = Endpoint[EditMany, Done]{"edit-many", ByReach}
	RemoveClients   = Endpoint[ByIDs, Done]{"remove", ByReach}
	PlanRemoval     = Endpoint[ByIDs, Removal]{"plan-removal", Never}
	MergeClients    = Endpoint[Merge, Merged]{"merge", ByReach}
	UndoChange      = Endpoint[ByID, Undone]{"undo", ByReach}
	ListUndos       = Endpoint[None, []Undoable]{"undos", Never}
	GetDetails      = Endpoint[Reveal, Details]{"details", ByRequest}
	ReadUses        = Endpoint[ByID, Uses]{"uses", Never}
	ReadLog         = Endpoint[LogRequest, Log]{"log", Never}
	ListDeadlines   = Endpoint[DeadlinesRequest, []Deadline]{"deadlines", Never}
	ReadSettings    = Endpoint[None, Settings]{"settings", Never}
	WriteSettings   = Endpoint[Configure, None]{"configure", Never}
	ImportEntries   = Endpoint[Import, Imported]{"import", ByReach}
	StageFile       = Endpoint[Stage, Staged]{"stage", Never}
	ImportStaged    = Endpoint[TakeStaged, Imported]{"take-staged", ByReach}
	DiscardStaged   = Endpoint[ByID, None]{"drop-staged", Never}
	ChangeMethod    = Endpoint[Protect, None]{"protect", Always}
	GetRecoveryKey  = Endpoint[None, RecoveryKey]{"recovery-key", Always}
	RenewIdentity   = Endpoint[Renew, Renewed]{"renew-identity", Always}
	SetRecoveryKept = Endpoint[None, None]{"recovery-kept", Never}
	SetPINOffered   = Endpoint[None, None]{"pin-offered", Never}
	ExportClients   = Endpoint[Export, Exported]{"export", Always}
	ExportArchive   = Endpoint[MakeArchive, []byte]{"archive", Always}
	GetBackups      = Endpoint[None, []vault.Backup]{"backups", Never}
	RestoreBackup   = Endpoint[RestoreRequest, Restored]{"restore", Never}
	UniteVersions   = Endpoint[Unite, United]{"unite", ByReach}
	UnlockFolder    = Endpoint[UnlockRequest, None]{"unlock-folder", ByDialog}
	OpenPage        = Endpoint[LinkRequest, LinkAnswer]{"link", Never}
	LockVault       = Endpoint[None, None]{"lock", Never}
	// StreamEvents answers with a stream of events, a JSON object a line, that ends with the agent.
	StreamEvents = Endpoint[EventsRequest, Event]{"events", Never}
)

// What the agent can be asked of the office.
var (
	GetOffice       = Endpoint[None, OfficeView]{"office/view", Never}
	CreateOffice    = Endpoint[OfficeCreate, OfficeView]{"office/create", Always}
	InviteMember    = Endpoint[OfficeInvite, OfficeInvitation]{"office/invite", Always}
	WithdrawInvite  = Endpoint[ByID, None]{"office/withdraw", Never}
	JoinOffice      = Endpoint[OfficeJoin, OfficeView]{"office/join", Always}
	RecoverOffice   = Endpoint[OfficeRecover, OfficeView]{"office/recover", Always}
	MoveStore       = Endpoint[OfficeStore, OfficeView]{"office/store", Always}
	ApproveDevice   = Endpoint[ByID, None]{"office/approve", Always}
	RefuseDevice    = Endpoint[ByID, None]{"office/refuse", Never}
	SetRights       = Endpoint[OfficeAssignment, OfficeRightsChange]{"office/set-rights", ByRequest}
	GetReach        = Endpoint[OfficeProspect, OfficeReach]{"office/reach", Never}
	StandIn         = Endpoint[OfficeSubstitution, OfficeRightsChange]{"office/stand-in", Always}
	RevokeRights    = Endpoint[ByIDs, None]{"office/revoke", Never}
	RemoveMember    = Endpoint[ByID, None]{"office/remove-member", Never}
	RemoveDevice    = Endpoint[ByID, None]{"office/remove-device", Never}
	SetRole         = Endpoint[RoleRequest, None]{"office/role", ByRequest}
	ConfigureOffice = Endpoint[office.Settings, None]{"office/configure", Always}
	SyncOffice      = Endpoint[None, OfficeSynced]{"office/sync", Never}
	ReadHistory     = Endpoint[ByID, []OfficeChange]{"office/history", Never}
	ReadWorklist    = Endpoint[None, []OfficeTodo]{"office/worklist", Never}
	ReadRights      = Endpoint[ByID, map[string]office.Right]{"office/rights", Never}
	ReadJournal     = Endpoint[OfficeJournalRequest, OfficeJournal]{"office/journal", Never}
	ReadLastSeen    = Endpoint[None, map[string]time.Time]{"office/seen", Never}
	ShareClients    = Endpoint[ByIDs, None]{"office/share", Always}
	LeaveOffice     = Endpoint[LeaveRequest, None]{"office/leave", Never}
)

// Path is where the server answers, and Conn asks.
func (e Endpoint[Request, Answer]) Path() string { return "/v1/" + e.path }

// Asks is when the person is asked for the PIN or password again.
func (e Endpoint[Request, Answer]) Asks() Asks { return e.asks }
