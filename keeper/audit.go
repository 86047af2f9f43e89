package keeper

import (
	"context"
	"errors"
	"sync/atomic"

	"kapu/config"
	"kapu/internal/audit"
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

// authenticate is the step-up check before what only who can unlock may do.
func (k *keeper) authenticate(ctx context.Context, secret string) error {
	err := k.door.Authenticate(ctx, k.vault, secret)
	k.audit.refused("unlocked", err)
	return err
}
