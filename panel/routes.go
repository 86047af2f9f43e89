package panel

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"kapu/agent"
	"kapu/lang"
)

// routes is where a page says what its script may ask for.
type routes struct {
	site *site
	mux  *http.ServeMux
}

// known lets only those in who have a session. Whoever opens the page without one is told how to.
func (r *routes) known(next http.HandlerFunc) http.HandlerFunc { return r.within(maxBody, next) }

// within is known for requests that may be larger.
func (r *routes) within(size int64, next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, q *http.Request) {
		if r.site.tickets.open(q) {
			q.Body = http.MaxBytesReader(w, q.Body, size)
			next(w, q.WithContext(agent.WithSecret(q.Context(), agent.SecretIn(q.Header))))
			return
		}
		if q.Header.Get("Sec-Fetch-Dest") == "document" {
			r.site.show(w, http.StatusUnauthorized, page{title: "page-closed", html: "closed.html", small: true})
			return
		}
		refuse(w, http.StatusUnauthorized)
	}
}

// api serves a method: JSON in, JSON out. It needs no more than one line of a page, because the work is the agent's.
func api[Request, Answer any](r *routes, path string, method func(context.Context, Request) (Answer, error)) {
	sized(r, path, maxBody, method)
}

// sized is api for requests of at most so many bytes.
func sized[Request, Answer any](r *routes, path string, size int64, method func(context.Context, Request) (Answer, error)) {
	r.mux.HandleFunc("POST /api/"+path, r.within(size, func(w http.ResponseWriter, q *http.Request) {
		var request Request
		d := json.NewDecoder(q.Body)
		d.DisallowUnknownFields()
		if err := d.Decode(&request); err != nil {
			var tooBig *http.MaxBytesError
			if errors.As(err, &tooBig) {
				refuse(w, http.StatusRequestEntityTooLarge)
			} else {
				refuse(w, http.StatusBadRequest)
			}
			return
		}
		answer, err := method(q.Context(), request)
		r.site.answer(w, answer, err)
	}))
}

// problem is an error as the page's script shows it. That the vault is locked needs no mark: the page's server ends
// then.
type problem struct {
	Problem string `json:"problem"`
	Folder  string `json:"folder,omitempty"` // of the group that is locked
	// Doubtful is set if the same request is accepted once it says that the person has confirmed it.
	Doubtful bool `json:"doubtful,omitempty"`
	// Asked is set if the same request is looked at once it brings the right PIN or password along.
	Asked bool `json:"asked,omitempty"`
}

// answer sends what a method returned; an error becomes a sentence in the person's language.
func (s *site) answer(w http.ResponseWriter, answer any, err error) {
	w.Header().Set("Content-Type", "application/json")
	if err == nil {
		_ = json.NewEncoder(w).Encode(answer)
		return
	}
	sentence := (*lang.Error)(nil)
	if !errors.As(err, &sentence) {
		sentence = lang.E("agent-error", "Reason", err)
	}
	said := problem{
		Problem:  upright(s.texts().Error(sentence)),
		Doubtful: errors.Is(err, agent.ErrDoubtful), Asked: agent.WantsSecret(err),
	}
	if errors.Is(err, agent.ErrGroupLocked) {
		said.Folder, _ = sentence.Values["Folder"].(string)
	}
	w.WriteHeader(http.StatusUnprocessableEntity)
	_ = json.NewEncoder(w).Encode(said)
}
