package keeper

import (
	"context"
	"errors"
	"sync/atomic"

	"kapu/agent"
	"kapu/config"
	"kapu/internal/audit"
	"kapu/lang"
	"kapu/session"
	"kapu/vault"
)

// auditor tells the system's log, where the policy wants it, what the vault's own log cannot: who could not unlock, and
// when nobody could read. Without that policy it writes nothing.
type auditor struct {
	log    *audit.Log
	reason atomic.Pointer[string] // of the end; the first counts
}

func newAuditor(p config.Policy) *auditor {
	a := &auditor{}
	if p.Audit == config.AuditSystem {
		a.log, _ = audit.Open(config.Session()) // `kapu doctor` says where there is none
	}
	return a
}

// refused writes that somebody did not know the secret, if that is what the error says.
func (a *auditor) refused(at string, err error) {
	switch {
	case errors.Is(err, vault.ErrWait):
		a.log.Write(audit.Refused, "at", at, "reason", "too-many-tries")
	case errors.Is(err, vault.ErrSecret):
		a.log.Write(audit.Refused, "at", at, "reason", "wrong-secret")
	}
}

// ending remembers why the agent is about to end.
func (a *auditor) ending(reason string) { a.reason.CompareAndSwap(nil, &reason) }

// locked writes that the agent ends.
func (a *auditor) locked() {
	a.ending("signal")
	a.log.Write(audit.Locked, "reason", *a.reason.Load())
}

// stayedLocked is the error of an unlocking that the end came into, with its reason.
func (a *auditor) stayedLocked() error {
	a.ending("signal")
	return lang.E("stayed-locked", "Reason", endCause(*a.reason.Load())).Kind(agent.ErrLocked)
}

// endCause is the clause that says a reason of the end.
func endCause(reason string) error {
	switch session.Reason(reason) {
	case session.Locked:
		return lang.Cause("cause-screen-locked")
	case session.Sleep:
		return lang.Cause("cause-sleep")
	case session.Logout:
		return lang.Cause("cause-logout")
	case session.Switched:
		return lang.Cause("cause-switched")
	case session.Disconnected:
		return lang.Cause("cause-disconnected")
	case session.Idle:
		return lang.Cause("cause-idle")
	case session.Clock:
		return lang.Cause("cause-clock")
	}
	return lang.Cause("cause-ended")
}

// authenticate is the step-up check before what only who can unlock may do.
func (k *keeper) authenticate(ctx context.Context, secret string) error {
	err := k.door.Authenticate(ctx, k.vault, secret)
	k.audit.refused("unlocked", err)
	return err
}
