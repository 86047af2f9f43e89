package keeper

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"io"
	"net/http"

	"kapu/agent"
	"kapu/lang"
)

// maxRequest is the largest request taken: an import of 100,000 clients is a third of it.
const maxRequest = 128 << 20

// newServer is the agent's API. Every handler is one line: the work is the keeper's.
func newServer(k *keeper, l agent.Locator, g *guests) http.Handler {
	api := http.NewServeMux()
	handle(api, k, agent.GetStatus, k.status)
	handle(api, k, agent.ListClients, k.list)
	handle(api, k, agent.FindClient, k.findClient)
	handle(api, k, agent.MakeCode, k.code)
	handle(api, k, agent.CopyText, k.copy)
	handle(api, k, agent.CopyOrShow, k.copyOrShow)
	handle(api, k, agent.AddClient, k.add)
	handle(api, k, agent.EditClient, k.edit)
	handle(api, k, agent.EditClients, k.editMany)
	handle(api, k, agent.RemoveClients, k.remove)
	handle(api, k, agent.PlanRemoval, k.planRemoval)
	handle(api, k, agent.MergeClients, k.merge)
	handle(api, k, agent.UndoChange, k.undo)
	handle(api, k, agent.ListUndos, k.undos)
	handle(api, k, agent.GetDetails, k.details)
	handle(api, k, agent.ReadUses, k.uses)
	handle(api, k, agent.ReadLog, k.log)
	handle(api, k, agent.ListDeadlines, k.deadlines)
	handle(api, k, agent.ReadSettings, k.readSettings)
	handle(api, k, agent.WriteSettings, k.configure)
	handle(api, k, agent.ImportEntries, k.importEntries)
	handle(api, k, agent.StageFile, k.stage)
	handle(api, k, agent.ImportStaged, k.takeStaged)
	handle(api, k, agent.DiscardStaged, k.discardStaged)
	handle(api, k, agent.ChangeMethod, k.protect)
	handle(api, k, agent.GetRecoveryKey, k.recoveryKey)
	handle(api, k, agent.RenewIdentity, k.renewIdentity)
	handle(api, k, agent.ExportClients, k.export)
	handle(api, k, agent.ExportArchive, k.archive)
	handle(api, k, agent.SetRecoveryKept, k.recoveryKept)
	handle(api, k, agent.SetPINOffered, k.pinOffered)
	handle(api, k, agent.GetBackups, k.backups)
	handle(api, k, agent.RestoreBackup, k.restore)
	handle(api, k, agent.UniteVersions, k.unite)
	handle(api, k, agent.UnlockFolder, k.unlockFolder)
	handle(api, k, agent.OpenPage, k.link)
	handle(api, k, agent.LockVault, k.lock)
	officeRoutes(api, k)
	api.HandleFunc("POST "+agent.StreamEvents.Path(), k.serveEvents)

	open := http.NewServeMux()
	open.HandleFunc("GET "+agent.HelloPath, func(w http.ResponseWriter, r *http.Request) {
		_, _ = w.Write([]byte(l.Prove(r.Header.Get(agent.NonceHeader))))
	})
	open.Handle("/", withToken(l.Token, g, freeWhenIdle(api)))
	return whileOpen(k.ending, onlyHere(l.Address, open))
}

// whileOpen breaks what comes once the end has begun: who is told nothing waits for the end, and is not served by an
// agent that will be gone in a moment.
func whileOpen(ending context.Context, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if ending.Err() != nil {
			panic(http.ErrAbortHandler)
		}
		next.ServeHTTP(w, r)
	})
}

// officeRoutes are those of the office.
func officeRoutes(api *http.ServeMux, k *keeper) {
	handle(api, k, agent.GetOffice, k.officeView)
	handle(api, k, agent.CreateOffice, k.officeCreate)
	handle(api, k, agent.InviteMember, k.officeInvite)
	handle(api, k, agent.WithdrawInvite, k.officeWithdraw)
	handle(api, k, agent.JoinOffice, k.officeJoin)
	handle(api, k, agent.RecoverOffice, k.officeRecover)
	handle(api, k, agent.MoveStore, k.officeSetStore)
	handle(api, k, agent.ApproveDevice, k.officeApprove)
	handle(api, k, agent.RefuseDevice, k.officeRefuse)
	handle(api, k, agent.SetRights, k.officeSetRights)
	handle(api, k, agent.GetReach, k.officeReach)
	handle(api, k, agent.StandIn, k.officeStandIn)
	handle(api, k, agent.RevokeRights, k.officeRevoke)
	handle(api, k, agent.RemoveMember, k.officeRemoveMember)
	handle(api, k, agent.RemoveDevice, k.officeRemoveDevice)
	handle(api, k, agent.SetRole, k.officeRole)
	handle(api, k, agent.ConfigureOffice, k.officeConfigure)
	handle(api, k, agent.SyncOffice, k.officeSync)
	handle(api, k, agent.ReadHistory, k.officeHistory)
	handle(api, k, agent.ReadWorklist, k.officeWorklist)
	handle(api, k, agent.ReadRights, k.officeRights)
	handle(api, k, agent.ReadJournal, k.officeJournal)
	handle(api, k, agent.ReadLastSeen, k.officeSeen)
	handle(api, k, agent.ShareClients, k.officeShare)
	handle(api, k, agent.LeaveOffice, k.officeLeave)
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

// decode reads a request, and the file behind its JSON where it has one.
func decode(r *http.Request, request any) error {
	d := json.NewDecoder(r.Body)
	d.DisallowUnknownFields()
	err := d.Decode(request)
	if attached, ok := request.(agent.Attached); ok && err == nil {
		file := make([]byte, min(max(r.ContentLength-d.InputOffset(), 0), maxRequest)) // in one piece, of the right size
		_, err = io.ReadFull(io.MultiReader(d.Buffered(), r.Body), file)
		*attached.Attachment() = file
	}
	return err
}

// handle serves an endpoint by a method of the keeper, once the gate has let the request through: JSON in, JSON out,
// errors as failures.
func handle[Request, Answer any](
	mux *http.ServeMux, k *keeper, at agent.Endpoint[Request, Answer], method func(context.Context, Request) (Answer, error),
) {
	mux.HandleFunc("POST "+at.Path(), func(w http.ResponseWriter, r *http.Request) {
		var request Request
		err := decode(r, &request)
		var tooBig *http.MaxBytesError
		var result Answer
		ctx := r.Context()
		switch {
		case errors.As(err, &tooBig):
			err = lang.E("request-big", "Most", maxRequest>>20)
		case err == nil:
			if ctx, err = k.gate(ctx, at.Asks(), &request, agent.SecretIn(r.Header)); err == nil {
				result, err = method(ctx, request)
			}
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
