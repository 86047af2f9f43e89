package agent

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"net/http"

	"kapu/lang"
)

// maxRequest is the largest request taken: an import of 100,000 clients is a third of it.
const maxRequest = 128 << 20

// newServer is the agent's API. Every handler is one line: the work is the keeper's.
func newServer(k *keeper, e endpoint, g *guests) http.Handler {
	api := http.NewServeMux()
	api.Handle("POST /v1/status", answer(k.status))
	api.Handle("POST /v1/list", answer(k.list))
	api.Handle("POST /v1/find", answer(k.findClient))
	api.Handle("POST /v1/code", answer(k.code))
	api.Handle("POST /v1/copy", answer(k.copy))
	api.Handle("POST /v1/copy-or-show", answer(k.copyOrShow))
	api.Handle("POST /v1/add", answer(k.add))
	api.Handle("POST /v1/edit", answer(k.edit))
	api.Handle("POST /v1/edit-many", answer(k.editMany))
	api.Handle("POST /v1/remove", answer(k.remove))
	api.Handle("POST /v1/undo", answer(k.undo))
	api.Handle("POST /v1/undos", answer(k.undos))
	api.Handle("POST /v1/details", answer(k.details))
	api.Handle("POST /v1/log", answer(k.log))
	api.Handle("POST /v1/deadlines", answer(k.deadlines))
	api.Handle("POST /v1/settings", answer(k.readSettings))
	api.Handle("POST /v1/configure", answer(k.configure))
	api.Handle("POST /v1/import", answer(k.importEntries))
	api.Handle("POST /v1/stage", answer(k.stage))
	api.Handle("POST /v1/take-staged", answer(k.takeStaged))
	api.Handle("POST /v1/drop-staged", answer(k.dropStaged))
	api.Handle("POST /v1/protect", answer(k.protect))
	api.Handle("POST /v1/recovery-key", answer(k.recoveryKey))
	api.Handle("POST /v1/export", answer(k.export))
	api.Handle("POST /v1/archive", answer(k.archive))
	api.Handle("POST /v1/recovery-kept", answer(k.recoveryKept))
	api.Handle("POST /v1/backups", answer(k.backups))
	api.Handle("POST /v1/restore", answer(k.restore))
	api.Handle("POST /v1/unlock-folder", answer(k.unlockFolder))
	api.Handle("POST /v1/link", answer(k.link))
	api.Handle("POST /v1/lock", answer(k.lock))
	api.Handle("POST /v1/office/view", answer(k.officeView))
	api.Handle("POST /v1/office/create", answer(k.officeCreate))
	api.Handle("POST /v1/office/invite", answer(k.officeInvite))
	api.Handle("POST /v1/office/withdraw", answer(k.officeWithdraw))
	api.Handle("POST /v1/office/join", answer(k.officeJoin))
	api.Handle("POST /v1/office/recover", answer(k.officeRecover))
	api.Handle("POST /v1/office/store", answer(k.officeSetStore))
	api.Handle("POST /v1/office/approve", answer(k.officeApprove))
	api.Handle("POST /v1/office/refuse", answer(k.officeRefuse))
	api.Handle("POST /v1/office/grant", answer(k.officeGrant))
	api.Handle("POST /v1/office/revoke", answer(k.officeRevoke))
	api.Handle("POST /v1/office/remove-member", answer(k.officeRemoveMember))
	api.Handle("POST /v1/office/remove-device", answer(k.officeRemoveDevice))
	api.Handle("POST /v1/office/role", answer(k.officeRole))
	api.Handle("POST /v1/office/configure", answer(k.officeConfigure))
	api.Handle("POST /v1/office/sync", answer(k.officeSync))
	api.Handle("POST /v1/office/history", answer(k.officeHistory))
	api.Handle("POST /v1/office/worklist", answer(k.officeWorklist))
	api.Handle("POST /v1/office/rights", answer(k.officeRights))
	api.Handle("POST /v1/office/journal", answer(k.officeJournal))
	api.Handle("POST /v1/office/seen", answer(k.officeSeen))
	api.Handle("POST /v1/office/share", answer(k.officeShare))
	api.Handle("POST /v1/office/leave", answer(k.officeLeave))
	api.HandleFunc("POST /v1/events", k.serveEvents)

	open := http.NewServeMux()
	open.HandleFunc("GET /v1/hello", func(w http.ResponseWriter, r *http.Request) {
		_, _ = w.Write([]byte(prove(e.Token, r.Header.Get(nonceHeader))))
	})
	open.Handle("/", withToken(e.Token, g, tidily(api)))
	return onlyHere(e.Address, open)
}

// onlyHere turns away what a web page in this person's browser could send: requests under another host's name
// (DNS rebinding) and requests that come from another site.
func onlyHere(address string, next http.Handler) http.Handler {
	crossOrigin := http.NewCrossOriginProtection()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		origin := r.Header.Get("Origin")
		if r.Host != address || (origin != "" && origin != "http://"+address) || crossOrigin.Check(r) != nil {
			refuse(w, http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// withToken lets only those in who could read the endpoint file: this user's programs.
func withToken(token string, g *guests, next http.Handler) http.Handler {
	want := []byte("Bearer " + token)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if subtle.ConstantTimeCompare([]byte(r.Header.Get("Authorization")), want) != 1 {
			refuse(w, http.StatusUnauthorized)
			return
		}
		g.known(r)
		r.Body = http.MaxBytesReader(w, r.Body, maxRequest)
		next.ServeHTTP(w, r)
	})
}

// refuse says nothing but no: a stranger needs no explanation.
func refuse(w http.ResponseWriter, status int) { http.Error(w, http.StatusText(status), status) }

// answer serves a method of the keeper: JSON in, JSON out, errors as failures.
func answer[Request, Answer any](method func(context.Context, Request) (Answer, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var request Request
		d := json.NewDecoder(r.Body)
		d.DisallowUnknownFields()
		err := d.Decode(&request)
		var tooBig *http.MaxBytesError
		var result Answer
		switch {
		case errors.As(err, &tooBig):
			err = lang.E("request-big", "Most", maxRequest>>20)
		case err == nil:
			result, err = method(r.Context(), request)
		}
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Cache-Control", "no-store")
		if err != nil {
			f, status := newFailure(err)
			w.WriteHeader(status)
			_ = json.NewEncoder(w).Encode(f)
			return
		}
		_ = json.NewEncoder(w).Encode(result)
	})
}
