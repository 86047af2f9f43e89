package keeper

import (
	"context"

	"kapu/agent"
	"kapu/internal/audit"
	"kapu/office"
	"kapu/vault"
)

// protect changes the method. Whoever sits at an unlocked screen has to show first that they may.
func (k *keeper) protect(ctx context.Context, p agent.Protect) (agent.None, error) {
	policy, err := k.policy()
	if err == nil {
		err = policy.AllowsMethod(p.Method)
	}
	if err != nil {
		return agent.None{}, err
	}
	if err := k.door.Protect(ctx, k.vault, p.Method, p.Secret); err != nil {
		return agent.None{}, err
	}
	k.audit.log.Write(audit.Protected, "method", p.Method)
	k.events.send(agent.Event{Type: agent.Changed})
	k.reportProblem(k.vault.Note(ctx, vault.LogEntry{Act: vault.Protected, Name: p.Method})) // it is done, noted or not
	return agent.None{}, nil
}

func (k *keeper) recoveryKey(ctx context.Context, _ agent.None) (agent.RecoveryKey, error) {
	if err := k.vault.Note(ctx, vault.LogEntry{Act: vault.Revealed}); err != nil {
		return agent.RecoveryKey{}, err
	}
	k.audit.log.Write(audit.Revealed, "what", "recovery-key")
	return agent.RecoveryKey{Key: k.vault.RecoveryKey()}, nil
}

// archive makes a backup of everything. It holds the recovery key, so it is given to who may see that. What is the
// office's is in those of admins only; others get it back from the office.
func (k *keeper) archive(ctx context.Context, m agent.MakeArchive) ([]byte, error) {
	k.contents() // what another process has saved belongs into it
	rights := k.desk.rights()
	if rights != nil && rights.broken != nil {
		return nil, rights.broken
	}
	data, err := k.vault.Archive(m.Config, m.Passphrase, func(a *vault.Account) bool {
		return !rights.allows(a, office.Full)
	})
	if err != nil {
		return nil, err
	}
	if err := k.vault.Note(ctx, vault.LogEntry{Act: vault.Exported, Name: "backup"}); err != nil {
		return nil, err
	}
	k.audit.log.Write(audit.Exported, "format", "backup")
	return data, nil
}

// recoveryKept ends the reminding.
func (k *keeper) recoveryKept(context.Context, agent.None) (agent.None, error) {
	k.vault.KeepRecovery()
	k.events.send(agent.Event{Type: agent.Changed})
	return agent.None{}, nil
}

// pinOffered ends the offering.
func (k *keeper) pinOffered(context.Context, agent.None) (agent.None, error) {
	k.vault.OfferPIN()
	return agent.None{}, nil
}

func (k *keeper) backups(context.Context, agent.None) ([]vault.Backup, error) {
	return append([]vault.Backup{}, k.vault.Backups()...), nil
}

func (k *keeper) restore(ctx context.Context, r agent.RestoreRequest) (agent.Restored, error) {
	if locked := k.groups.locked(); locked != nil { // in an older state its clients may be filed elsewhere, and open
		return agent.Restored{}, k.groups.lockedError(locked)
	}
	done, err := k.desk.beforeRestore(ctx)
	if err != nil {
		return agent.Restored{}, err
	}
	aside, err := k.vault.Restore(ctx, r.Name)
	done()
	k.desk.requestSync()
	if err != nil {
		return agent.Restored{}, err
	}
	k.events.send(agent.Event{Type: agent.Changed})
	k.reportProblem(k.vault.Note(ctx, vault.LogEntry{Act: vault.Restored, Name: r.Name}))
	return agent.Restored{Aside: aside}, nil
}
