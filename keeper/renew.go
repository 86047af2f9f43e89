package keeper

import (
	"context"
	"time"

	"kapu/agent"
	"kapu/internal/audit"
	"kapu/lang"
	"kapu/office"
	"kapu/vault"
)

// answerTime is for how long an answer may be on its way to who asked, through the page too, once it was given.
const answerTime = 200 * time.Millisecond

// endAfter ends this process when a request has been answered.
func (k *keeper) endAfter(request context.Context) {
	context.AfterFunc(request, func() { time.AfterFunc(answerTime, k.stop) })
}

// renewIdentity gives the vault a new identity. It ends this process, which has the old one: the vault is locked after
// the answer. In an office the device gets a new key too, for which the store has to be within reach.
func (k *keeper) renewIdentity(ctx context.Context, r agent.Renew) (agent.Renewed, error) {
	if locked := k.groups.locked(); locked != nil { // its clients belong on the list of keys, which a face makes before
		return agent.Renewed{}, k.groups.lockedError(locked)
	}
	secret, _ := ctx.Value(authenticatedKey{}).(string) // what was right at the gate protects the new identity too
	renewal := vault.Renewal{Secret: secret, Backups: r.Backups}
	switch r.Backups {
	case vault.KeepBackups, vault.ResealBackups, vault.DeleteBackups:
	default:
		return agent.Renewed{}, lang.E("renew-backups-unknown", "Value", r.Backups).Kind(vault.ErrInvalid)
	}
	k.saveUsage()
	if s := k.desk.current.Load(); s != nil {
		if !k.desk.admin() {
			return agent.Renewed{}, lang.E("office-renew-staff").Kind(office.ErrNotAdmin)
		}
		if _, err := k.desk.sync(ctx, true); err != nil { // nothing waits here that only the old key could send
			return agent.Renewed{}, err
		}
		k.desk.syncing.Lock()
		defer k.desk.syncing.Unlock()
		o, err := k.desk.connect()
		if err != nil {
			return agent.Renewed{}, err
		}
		renewal.Prepare = o.PrepareRenewal(ctx)
	}
	var done agent.Renewed
	if r.Backups == vault.KeepBackups {
		done.Backups = len(k.vault.Backups()) + 1
	}
	k.renewing.Store(true)
	if err := k.door.Renew(context.WithoutCancel(ctx), k.vault, renewal); err != nil { // also if nobody waits any more
		k.renewing.Store(false)
		if _, broken := k.vault.Refresh(); broken != nil { // it counts already, and the next unlocking finishes it
			k.endAfter(ctx)
		}
		return agent.Renewed{}, err
	}
	k.audit.log.Write(audit.Protected, "what", "identity")
	k.audit.ending("asked")
	k.endAfter(ctx)
	return done, nil
}
