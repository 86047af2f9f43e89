package agent

import (
	"time"

	"kapu/office"
	"kapu/vault"
)

// Endpoint is a remote procedure of the agent: its path below /v1/, and the two types that travel as JSON. The client
// (Conn) and the server (package keeper) name the same value, so neither path nor types can come apart.
type Endpoint[Request, Answer any] string

// None is the empty request or answer.
type None = struct{}

// What the agent can be asked. The methods of Conn say what each does.
const (
	GetStatus       = Endpoint[None, Status]("status")
	ListClients     = Endpoint[ListRequest, []Client]("list")
	FindClient      = Endpoint[FindRequest, Client]("find")
	MakeCode        = Endpoint[CodeRequest, Code]("code")
	CopyText        = Endpoint[Copy, Copied]("copy")
	CopyOrShow      = Endpoint[Copy, Copied]("copy-or-show")
	AddClient       = Endpoint[New, Client]("add")
	EditClient      = Endpoint[Edit, Client]("edit")
	EditClients     = Endpoint[EditMany, Done]("edit-many")
	RemoveClients   = Endpoint[ByIDs, Done]("remove")
	PlanRemoval     = Endpoint[ByIDs, Removal]("plan-removal")
	MergeClients    = Endpoint[Merge, Merged]("merge")
	UndoChange      = Endpoint[ByID, Undone]("undo")
	ListUndos       = Endpoint[None, []Undoable]("undos")
	GetDetails      = Endpoint[Reveal, Details]("details")
	ReadUses        = Endpoint[ByID, Uses]("uses")
	ReadLog         = Endpoint[LogRequest, []vault.LogEntry]("log")
	ListDeadlines   = Endpoint[DeadlinesRequest, []Deadline]("deadlines")
	ReadSettings    = Endpoint[None, Settings]("settings")
	WriteSettings   = Endpoint[Configure, None]("configure")
	ImportEntries   = Endpoint[Import, Imported]("import")
	StageFile       = Endpoint[Stage, Staged]("stage")
	ImportStaged    = Endpoint[TakeStaged, Imported]("take-staged")
	DiscardStaged   = Endpoint[ByID, None]("drop-staged")
	ChangeMethod    = Endpoint[Protect, None]("protect")
	GetRecoveryKey  = Endpoint[RecoveryRequest, RecoveryKey]("recovery-key")
	SetRecoveryKept = Endpoint[None, None]("recovery-kept")
	SetPINOffered   = Endpoint[None, None]("pin-offered")
	ExportClients   = Endpoint[Export, Exported]("export")
	ExportArchive   = Endpoint[MakeArchive, []byte]("archive")
	GetBackups      = Endpoint[None, []vault.Backup]("backups")
	RestoreBackup   = Endpoint[RestoreRequest, Restored]("restore")
	UnlockFolder    = Endpoint[UnlockRequest, None]("unlock-folder")
	OpenPage        = Endpoint[LinkRequest, LinkAnswer]("link")
	LockVault       = Endpoint[None, None]("lock")
	// StreamEvents answers with a stream of events, a JSON object a line, that ends with the agent.
	StreamEvents = Endpoint[EventsRequest, Event]("events")
)

// What the agent can be asked of the office.
const (
	GetOffice       = Endpoint[None, OfficeView]("office/view")
	CreateOffice    = Endpoint[OfficeCreate, OfficeView]("office/create")
	InviteMember    = Endpoint[OfficeInvite, OfficeInvitation]("office/invite")
	WithdrawInvite  = Endpoint[ByID, None]("office/withdraw")
	JoinOffice      = Endpoint[OfficeJoin, OfficeView]("office/join")
	RecoverOffice   = Endpoint[OfficeRecover, OfficeView]("office/recover")
	MoveStore       = Endpoint[OfficeStore, OfficeView]("office/store")
	ApproveDevice   = Endpoint[ByID, None]("office/approve")
	RefuseDevice    = Endpoint[ByID, None]("office/refuse")
	SetRights       = Endpoint[OfficeAssignment, OfficeRightsChange]("office/set-rights")
	GetReach        = Endpoint[OfficeProspect, OfficeReach]("office/reach")
	StandIn         = Endpoint[OfficeSubstitution, OfficeRightsChange]("office/stand-in")
	RevokeRights    = Endpoint[ByIDs, None]("office/revoke")
	RemoveMember    = Endpoint[ByID, None]("office/remove-member")
	RemoveDevice    = Endpoint[ByID, None]("office/remove-device")
	SetRole         = Endpoint[RoleRequest, None]("office/role")
	ConfigureOffice = Endpoint[office.Settings, None]("office/configure")
	SyncOffice      = Endpoint[None, OfficeSynced]("office/sync")
	ReadHistory     = Endpoint[ByID, []OfficeChange]("office/history")
	ReadWorklist    = Endpoint[None, []OfficeTodo]("office/worklist")
	ReadRights      = Endpoint[ByID, map[string]office.Right]("office/rights")
	ReadJournal     = Endpoint[OfficeJournalRequest, OfficeJournal]("office/journal")
	ReadLastSeen    = Endpoint[None, map[string]time.Time]("office/seen")
	ShareClients    = Endpoint[ByIDs, None]("office/share")
	LeaveOffice     = Endpoint[LeaveRequest, None]("office/leave")
)

// Path is where the server answers, and Conn asks.
func (e Endpoint[Request, Answer]) Path() string { return "/v1/" + string(e) }
