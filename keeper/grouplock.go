package keeper

import (
	"context"
	"errors"
	"strings"

	"kapu/agent"
	"kapu/lang"
	"kapu/vault"
)

// What the keeper shows and refuses while groups are locked.

// visible is what a face may see now: the clients of groups that are open.
func (k *keeper) visible() *index {
	return k.index.of(k.contents()).without(k.groups.locked())
}

// resolve returns the only client a query means. What it means does not change while a group is locked: else the code
// of one client could be taken for that of another, whose name the query is but who is not there to see.
func (k *keeper) resolve(query string) (indexedClient, error) {
	all := k.index.of(k.contents())
	locked := k.groups.locked()
	found, err := all.resolve(query)
	if locked == nil || strings.TrimSpace(query) == "" || (err == nil && !intersects(found.groups, locked)) {
		return found, err
	}
	if _, err := all.without(locked).resolve(query); errors.Is(err, agent.ErrAmbiguous) {
		return indexedClient{}, err
	}
	return indexedClient{}, k.groups.lockedError(locked)
}

// mayTouch refuses to change a client of a locked group.
func (k *keeper) mayTouch(c *vault.Client) error {
	if locked := k.groups.locked(); intersects(k.groups.of(c), locked) {
		return k.groups.lockedError(locked)
	}
	return nil
}

// groupLapsed is what happens when a group locks itself: its names go from the faces, its code from the clipboard.
func (k *keeper) groupLapsed(number int) {
	k.copies.clearOf(number)
	k.events.send(agent.Event{Type: agent.Changed})
}

// unlockFolder opens a group again for the person who shows that they may, as at the door.
func (k *keeper) unlockFolder(ctx context.Context, r agent.UnlockRequest) (agent.None, error) {
	n := k.groups.number(r.Folder)
	if n < 0 {
		return agent.None{}, lang.E("group-unknown", "Folder", r.Folder).Kind(agent.ErrNotFound)
	}
	if !k.groups.locked()[n] {
		return agent.None{}, nil
	}
	if err := k.challenge(ctx, r.Secret); err != nil {
		return agent.None{}, err
	}
	k.groups.begin([]int{n})
	k.events.send(agent.Event{Type: agent.Changed})
	return agent.None{}, nil
}

// prompt asks in the language of the settings.
func (k *keeper) prompt() prompt { return prompt{lang.In(k.settings.Load().Language)} }

// challenge authenticates the person by the PIN or password, which a dialog asks for if it does not come along. One
// challenge at a time; a lock closes it.
func (k *keeper) challenge(ctx context.Context, secret string) error {
	if !k.asking.TryLock() {
		return lang.E("unlock-under-way").Kind(agent.ErrLocked)
	}
	defer k.asking.Unlock()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(k.ending, cancel)() // a lock closes the question
	for wrong := error(nil); ; {
		given := secret
		if method := k.method(); method != vault.Keychain {
			var err error
			if given, err = k.prompt().ask(secret, wrong)(ctx, method); err != nil {
				return err
			}
		}
		err := k.authenticate(ctx, given)
		switch {
		case k.ending.Err() != nil:
			return k.audit.stayedLocked()
		case secret != "" || !errors.Is(err, vault.ErrSecret):
			return err
		}
		wrong = err // mistyped in a dialog: it comes again, with the reason
	}
}
