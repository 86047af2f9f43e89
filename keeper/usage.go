package keeper

import (
	"context"
	"maps"
	"runtime/debug"
	"sync"
	"time"

	"kapu/agent"
	"kapu/vault"
)

// usage is a write-behind buffer of when clients' codes were taken. Faces see it at once; the vault and its log are
// written usageDelay later, because a save of the whole vault is too much for each of several clicks. The end of the
// agent flushes it.
type usage struct {
	mu        sync.Mutex
	seen      map[string]time.Time // client → last use in this agent's life
	pending   map[string]time.Time // what the vault does not know yet
	notes     []vault.LogEntry     // what the log does not know yet
	idleTimer *time.Timer          // locks when no code was taken for long; nil if never
}

// usageDelay is how long uses are gathered.
const usageDelay = 5 * time.Second

// recordUse notes that a client's code was taken, and how.
func (k *keeper) recordUse(client indexedClient, act vault.Act) {
	k.groups.used(client.groups)
	k.desk.pollOften(activeTime)
	k.usage.mu.Lock()
	now := time.Now().UTC().Truncate(time.Second)
	if len(k.usage.notes) == 0 {
		time.AfterFunc(usageDelay, func() { k.reportProblem(k.saveUsage()) })
	}
	k.usage.seen[client.ID], k.usage.pending[client.ID] = now, now
	k.usage.notes = append(k.usage.notes, vault.LogEntry{At: now, Act: act, Client: client.ID, Name: client.Label()})
	k.restartIdleTimer()
	k.usage.mu.Unlock()
	k.events.send(agent.Event{Type: agent.Changed})
}

// restartIdleTimer restarts the timer that locks a vault of which no code is taken.
func (k *keeper) restartIdleTimer() {
	after := k.settings.Load().Lock.Unused.Duration
	switch {
	case k.usage.idleTimer == nil && after > 0:
		k.usage.idleTimer = time.AfterFunc(after, func() {
			k.audit.ending("unused")
			k.stop()
		})
	case after > 0:
		k.usage.idleTimer.Reset(after)
	case k.usage.idleTimer != nil:
		k.usage.idleTimer.Stop()
	}
}

// last returns when a client's code was last taken, here or by another session.
func (u *usage) last(c agent.Client) time.Time {
	u.mu.Lock()
	defer u.mu.Unlock()
	if t := u.seen[c.ID]; t.After(c.LastUsed) {
		return t
	}
	return c.LastUsed
}

func (k *keeper) saveUsage() error {
	u := &k.usage
	u.mu.Lock()
	pending, notes := u.pending, u.notes
	u.pending, u.notes = map[string]time.Time{}, nil
	u.mu.Unlock()
	if len(notes) == 0 {
		return nil
	}
	before := k.vault.Contents()
	_, err := k.vault.Update(context.Background(), func(tx *vault.Tx) error {
		for id, at := range pending {
			tx.Used(id, at)
		}
		tx.Note(notes...)
		return nil
	})
	if err != nil { // told with the next use, or at the end
		u.mu.Lock()
		maps.Copy(pending, u.pending)
		u.pending, u.notes = pending, append(notes, u.notes...)
		u.mu.Unlock()
	}
	k.index.carry(before, k.vault.Contents())
	time.AfterFunc(tidyTime, debug.FreeOSMemory)
	return err
}
