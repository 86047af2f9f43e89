package keeper

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"net/http"

	"kapu/agent"
	"kapu/lang"
)

// maxRequest is the largest request taken: an import of 100,000 clients is a third of it.
const maxRequest = 128 << 20

// newServer is the agent's API. Every handler is one line: the work is the keeper's.
func newServer(k *keeper, l agent.Locator, g *guests) http.Handler {
	api := http.NewServeMux()
	handle(api, agent.GetStatus, k.status)
	handle(api, agent.ListClients, k.list)
	handle(api, agent.FindClient, k.findClient)
	handle(api, agent.MakeCode, k.code)
	handle(api, agent.CopyText, k.copy)
	handle(api, agent.CopyOrShow, k.copyOrShow)
	handle(api, agent.AddClient, k.add)
	handle(api, agent.EditClient, k.edit)
	handle(api, agent.EditClients, k.editMany)
	handle(api, agent.RemoveClients, k.remove)
	handle(api, agent.PlanRemoval, k.planRemoval)
	handle(api, agent.MergeClients, k.merge)
	handle(api, agent.UndoChange, k.undo)
	handle(api, agent.ListUndos, k.undos)
	handle(api, agent.GetDetails, k.details)
	handle(api, agent.ReadUses, k.uses)
	handle(api, agent.ReadLog, k.log)
	handle(api, agent.ListDeadlines, k.deadlines)
	handle(api, agent.ReadSettings, k.readSettings)
	handle(api, agent.WriteSettings, k.configure)
	handle(api, agent.ImportEntries, k.importEntries)
	handle(api, agent.StageFile, k.stage)
	handle(api, agent.ImportStaged, k.takeStaged)
	handle(api, agent.DiscardStaged, k.discardStaged)
	handle(api, agent.ChangeMethod, k.protect)
	handle(api, agent.GetRecoveryKey, k.recoveryKey)
	handle(api, agent.ExportClients, k.export)
	handle(api, agent.ExportArchive, k.archive)
	handle(api, agent.SetRecoveryKept, k.recoveryKept)
	handle(api, agent.SetPINOffered, k.pinOffered)
	handle(api, agent.GetBackups, k.backups)
	handle(api, agent.RestoreBackup, k.restore)
	handle(api, agent.UnlockFolder, k.unlockFolder)
	handle(api, agent.OpenPage, k.link)
	handle(api, agent.LockVault, k.lock)
	officeRoutes(api, k)
	api.HandleFunc("POST "+agent.StreamEvents.Path(), k.serveEvents)

	open := http.NewServeMux()
	open.HandleFunc("GET "+agent.HelloPath, func(w http.ResponseWriter, r *http.Request) {
		_, _ = w.Write([]byte(l.Prove(r.Header.Get(agent.NonceHeader))))
	})
	open.Handle("/", withToken(l.Token, g, freeWhenIdle(api)))
	return onlyHere(l.Address, open)
}

// officeRoutes are those of the office.
func officeRoutes(api *http.ServeMux, k *keeper) {
	handle(api, agent.GetOffice, k.officeView)
	handle(api, agent.CreateOffice, k.officeCreate)
	handle(api, agent.InviteMember, k.officeInvite)
	handle(api, agent.WithdrawInvite, k.officeWithdraw)
	handle(api, agent.JoinOffice, k.officeJoin)
	handle(api, agent.RecoverOffice, k.officeRecover)
	handle(api, agent.MoveStore, k.officeSetStore)
	handle(api, agent.ApproveDevice, k.officeApprove)
	handle(api, agent.RefuseDevice, k.officeRefuse)
	handle(api, agent.SetRights, k.officeSetRights)
	handle(api, agent.GetReach, k.officeReach)
	handle(api, agent.StandIn, k.officeStandIn)
	handle(api, agent.RevokeRights, k.officeRevoke)
	handle(api, agent.RemoveMember, k.officeRemoveMember)
	handle(api, agent.RemoveDevice, k.officeRemoveDevice)
	handle(api, agent.SetRole, k.officeRole)
	handle(api, agent.ConfigureOffice, k.officeConfigure)
	handle(api, agent.SyncOffice, k.officeSync)
	handle(api, agent.ReadHistory, k.officeHistory)
	handle(api, agent.ReadWorklist, k.officeWorklist)
	handle(api, agent.ReadRights, k.officeRights)
	handle(api, agent.ReadJournal, k.officeJournal)
	handle(api, agent.ReadLastSeen, k.officeSeen)
	handle(api, agent.ShareClients, k.officeShare)
	handle(api, agent.LeaveOffice, k.officeLeave)
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

// withToken lets only those in who could read the locator: this user's programs.
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

// handle serves an endpoint by a method of the keeper: JSON in, JSON out, errors as failures.
func handle[Request, Answer any](
	mux *http.ServeMux, at agent.Endpoint[Request, Answer], method func(context.Context, Request) (Answer, error),
) {
	mux.HandleFunc("POST "+at.Path(), func(w http.ResponseWriter, r *http.Request) {
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
			f, status := agent.NewFailure(err)
			w.WriteHeader(status)
			_ = json.NewEncoder(w).Encode(f)
			return
		}
		_ = json.NewEncoder(w).Encode(result)
	})
}
