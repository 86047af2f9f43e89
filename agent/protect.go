package agent

import (
	"context"

	"kapu/vault"
)

// protect changes the method. Whoever sits at an unlocked screen has to show first that they may.
func (k *keeper) protect(ctx context.Context, p Protect) (struct{}, error) {
	if err := k.door.Authenticate(ctx, k.vault, p.Current); err != nil {
		return struct{}{}, err
	}
	err := k.door.Protect(ctx, k.vault, p.Method, p.Secret)
	if err == nil {
		k.events.send(Event{Type: Changed})
	}
	return struct{}{}, err
}

func (k *keeper) recoveryKey(ctx context.Context, r recoveryRequest) (RecoveryKey, error) {
	if err := k.door.Authenticate(ctx, k.vault, r.Current); err != nil {
		return RecoveryKey{}, err
	}
	return RecoveryKey{k.vault.RecoveryKey()}, nil
}

func (k *keeper) backups(context.Context, struct{}) ([]vault.Backup, error) {
	return append([]vault.Backup{}, k.vault.Backups()...), nil
}

func (k *keeper) restore(ctx context.Context, r restoreRequest) (Restored, error) {
	aside, err := k.vault.Restore(ctx, r.Name)
	if err == nil {
		k.events.send(Event{Type: Changed})
	}
	return Restored{aside}, err
}
