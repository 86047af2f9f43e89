package agent

import (
	"errors"
	"net/http"

	"kapu/exchange"
	"kapu/lang"
	"kapu/office"
	"kapu/vault"
)

// What travels besides the types of api.go.

const nonceHeader = "Kapu-Nonce"

type listRequest struct {
	Query  string `json:"query"`
	Folder string `json:"folder"`
}

type findRequest struct {
	Query string `json:"query"`
}

type codeRequest struct {
	Query string `json:"query"`
	Next  bool   `json:"next"`
}

type removeRequest struct {
	IDs []string `json:"ids"`
}

type undoRequest struct {
	ID string `json:"id"`
}

type dropRequest struct {
	ID string `json:"id"`
}

type recoveryRequest struct {
	Current string `json:"current"`
}

type folderRequest struct {
	Folder string `json:"folder"`
	Secret string `json:"secret"`
}

type restoreRequest struct {
	Name string `json:"name"`
}

type linkRequest struct {
	View string `json:"view"`
}

type linkAnswer struct {
	Link string `json:"link"`
}

// failure is an error on its way: its kind, and the sentence to be said in the reader's language.
type failure struct {
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
	{"secret", vault.ErrSecret, http.StatusForbidden},
	{"wait", vault.ErrWait, http.StatusTooManyRequests},
	{"file-password", exchange.ErrPassword, http.StatusForbidden},
	{"weak", vault.ErrWeak, http.StatusUnprocessableEntity},
	{"no-prompt", ErrNoPrompt, http.StatusServiceUnavailable},
	{"cancelled", ErrCancelled, http.StatusServiceUnavailable},
	{"right", ErrRight, http.StatusForbidden},
	{"no-office", office.ErrNone, http.StatusGone},
	{"office-not-admin", office.ErrNotAdmin, http.StatusForbidden},
	{"office-unknown", office.ErrUnknown, http.StatusNotFound},
	{"office-invalid", office.ErrInvalid, http.StatusUnprocessableEntity},
	{"office-invite", office.ErrInvite, http.StatusForbidden},
	{"office-not-yet", office.ErrNotYet, http.StatusConflict},
	{"office-expelled", office.ErrExpelled, http.StatusForbidden},
	{"office-in-use", office.ErrInUse, http.StatusConflict},
}

// newFailure makes an error ready to travel and picks the status.
func newFailure(err error) (failure, int) {
	var sentence *lang.Error
	if !errors.As(err, &sentence) {
		sentence = lang.E("agent-error", "Reason", err)
	}
	for _, k := range kinds {
		if errors.Is(err, k.err) {
			return failure{k.name, sentence}, k.status
		}
	}
	return failure{"", sentence}, http.StatusInternalServerError
}

func (f failure) error() error {
	for _, k := range kinds {
		if f.Kind == k.name {
			return f.Sentence.Kind(k.err)
		}
	}
	return f.Sentence
}
