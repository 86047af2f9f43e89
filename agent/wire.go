package agent

import (
	"errors"
	"net/http"

	"kapu/config"
	"kapu/exchange"
	"kapu/lang"
	"kapu/office"
	"kapu/vault"
)

// The requests that are no more than a few words; the others are in api.go and officeapi.go.

// Attached is a request with a file, which travels behind the JSON as it is: within it, in base64, a large file would
// take several times its memory at both ends.
type Attached interface{ Attachment() *[]byte }

// Attachment implements Attached.
func (s *Stage) Attachment() *[]byte { return &s.Data }

// ByID names one thing: a client, a change, a stage, a device, an invitation, a member.
type ByID struct {
	ID string `json:"id"`
}

// ByIDs names several.
type ByIDs struct {
	IDs []string `json:"ids"`
}

// ListRequest asks for the clients that match a query and lie in a folder; "" matches all. Duplicates are only those of
// them who may be in the vault twice.
type ListRequest struct {
	Query      string `json:"query"`
	Folder     string `json:"folder"`
	Duplicates bool   `json:"duplicates,omitempty"`
}

// FindRequest asks for the one client that a query means.
type FindRequest struct {
	Query string `json:"query"`
}

// CodeRequest asks for a code of the one client that a query means, or for the one after it.
type CodeRequest struct {
	Query string `json:"query"`
	Next  bool   `json:"next"`
}

// EventsRequest asks for the stream of events.
type EventsRequest struct {
	// Notices says that the listener shows a Copied event as a desktop notice.
	Notices bool `json:"notices,omitempty"`
}

// UnlockRequest opens a group that has locked itself; Secret is the PIN or password, "" to be asked for it.
type UnlockRequest struct {
	Folder string `json:"folder"`
	Secret string `json:"secret"`
}

// RestoreRequest names the backup to be put in the vault's place.
type RestoreRequest struct {
	Name string `json:"name"`
}

// LinkRequest names a view of the page; "" is the one that it begins with.
type LinkRequest struct {
	View string `json:"view"`
}

// LinkAnswer is an address that opens the view once.
type LinkAnswer struct {
	Link string `json:"link"`
}

// RoleRequest gives a member a role.
type RoleRequest struct {
	Member string      `json:"member"`
	Role   office.Role `json:"role"`
}

// LeaveRequest ends this machine's part in the office; Keep leaves the office's clients in the vault.
type LeaveRequest struct {
	Keep bool `json:"keep"`
}

// Failure is an error in transit: its kind, and the sentence to be said in the reader's language.
type Failure struct {
	Kind     string      `json:"kind,omitempty"`
	Sentence *lang.Error `json:"sentence"`
}

// kinds are the failures that keep their identity across the border, with the HTTP status they travel under.
var kinds = []struct {
	name   string
	err    error
	status int
}{
	{"group-locked", ErrGroupLocked, http.StatusLocked},
	{"locked", ErrLocked, http.StatusLocked},
	{"not-found", ErrNotFound, http.StatusNotFound},
	{"ambiguous", ErrAmbiguous, http.StatusConflict},
	{"invalid", vault.ErrInvalid, http.StatusUnprocessableEntity},
	{"no-vault", vault.ErrNone, http.StatusGone},
	{"damaged", vault.ErrDamaged, http.StatusUnprocessableEntity},
	{"no-key", vault.ErrNoKey, http.StatusGone},
	{"secret", vault.ErrSecret, http.StatusForbidden},
	{"asked", ErrAsked, http.StatusForbidden},
	{"wait", vault.ErrWait, http.StatusTooManyRequests},
	{"file-password", exchange.ErrPassword, http.StatusForbidden},
	{"weak", vault.ErrWeak, http.StatusUnprocessableEntity},
	{"no-prompt", ErrNoPrompt, http.StatusServiceUnavailable},
	{"cancelled", ErrCancelled, http.StatusServiceUnavailable},
	{"doubtful", ErrDoubtful, http.StatusConflict},
	{"right", ErrRight, http.StatusForbidden},
	{"policy", config.ErrPolicy, http.StatusForbidden},
	{"no-office", office.ErrNone, http.StatusGone},
	{"office-not-admin", office.ErrNotAdmin, http.StatusForbidden},
	{"office-unknown", office.ErrUnknown, http.StatusNotFound},
	{"office-invalid", office.ErrInvalid, http.StatusUnprocessableEntity},
	{"office-invite", office.ErrInvite, http.StatusForbidden},
	{"office-not-yet", office.ErrNotYet, http.StatusConflict},
	{"office-away", office.ErrAway, http.StatusConflict},
	{"office-expelled", office.ErrExpelled, http.StatusForbidden},
	{"office-in-use", office.ErrInUse, http.StatusConflict},
}

// NewFailure makes an error ready to travel and picks the status.
func NewFailure(err error) (Failure, int) {
	var sentence *lang.Error
	if !errors.As(err, &sentence) {
		sentence = lang.E("agent-error", "Reason", err)
	}
	for _, k := range kinds {
		if errors.Is(err, k.err) {
			return Failure{k.name, sentence}, k.status
		}
	}
	return Failure{"", sentence}, http.StatusInternalServerError
}

func (f Failure) error() error {
	for _, k := range kinds {
		if f.Kind == k.name {
			return f.Sentence.Kind(k.err)
		}
	}
	return f.Sentence
}
