package vault

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"path/filepath"
	"sync"

	"github.com/gofrs/flock"

	"kapu/internal/disk"
	"kapu/lang"
)

// recalled is this machine's cache of a vault between two unlockings, in a file of its own that holds no secret and may
// be lost: how it is unlocked, and what the person was told. docs/formats.md specifies it.
type recalled struct {
	Vault  string `json:"vault"` // path
	Method string `json:"method"`
	// RecoveryKept means that the person has the recovery key on paper, as far as this machine can know.
	RecoveryKept bool `json:"recovery_kept,omitempty"`
	// PINOffered means that the person was told once that nothing is asked before a key is shown.
	PINOffered bool `json:"pin_offered,omitempty"`
}

// changing is an intent record in the place of the method: whoever finds it knows that a change was cut off.
const changing = "changing"

// memory is what an open vault's machine remembers of it, and the detector of rollbacks and forks.
type memory struct {
	door  Door
	mu    sync.Mutex
	own   seen        // of a handle whose machine remembers nothing
	apart *lang.Error // a save that this machine has seen is no forerunner of the vault
}

func (d Door) stateFile(end string) string {
	name := sha256.Sum256([]byte(d.path()))
	return filepath.Join(d.State, "vault-"+hex.EncodeToString(name[:8])+end)
}

func (d Door) recall() recalled {
	var r recalled
	if d.State != "" {
		if data, err := disk.ReadTrusted(d.stateFile(".json")); err != nil || json.Unmarshal(data, &r) != nil || r.Vault != d.path() {
			return recalled{}
		}
	}
	return r
}

// remember updates the cache, best effort: failing to is no reason to refuse a person their codes.
func (d Door) remember(change func(*recalled)) {
	if d.State == "" {
		return
	}
	was := d.recall()
	r := was
	r.Vault = d.path()
	if change(&r); r == was {
		return
	}
	data, err := json.Marshal(r)
	if err == nil && disk.TrustedFolder(d.State) == nil {
		_, _ = writeFile(d.stateFile(".json"), append(data, '\n'))
	}
}

func (d Door) rememberMethod(method string) { d.remember(func(r *recalled) { r.Method = method }) }

// exclusive is a mutex between processes, for trying a PIN and changing the method. Without a state folder there is
// none.
func (d Door) exclusive(ctx context.Context) (leave func(), err error) {
	if d.State == "" {
		return func() {}, nil
	}
	if err := disk.TrustedFolder(d.State); errors.Is(err, disk.ErrForeign) {
		return nil, err
	} else if err != nil {
		return func() {}, nil
	}
	leave, err = lockFile(ctx, flock.New(d.stateFile(".lock"), flock.SetPermissions(0o600)), d.path())
	if err == nil {
		// Of processes that were killed. An agent may be writing down a generation just now; that may be lost.
		removeUnfinished(d.stateFile(".json"))
		removeUnfinished(d.keyFile())
	}
	return leave, err
}

// RecoveryKept says whether this machine has seen the recovery key being put away.
func (d Door) RecoveryKept() bool { return d.recall().RecoveryKept }

func (d Door) rememberRecovery(kept bool) { d.remember(func(r *recalled) { r.RecoveryKept = kept }) }

// KeepRecovery records that the person has the recovery key, best effort.
func (v *Vault) KeepRecovery() {
	v.memory.mu.Lock()
	defer v.memory.mu.Unlock()
	v.memory.door.rememberRecovery(true)
}

// PINOffered says whether this machine has offered a PIN to the person whose vault asks nothing.
func (d Door) PINOffered() bool { return d.recall().PINOffered }

// OfferPIN records that it has, best effort.
func (v *Vault) OfferPIN() {
	v.memory.mu.Lock()
	defer v.memory.mu.Unlock()
	v.memory.door.remember(func(r *recalled) { r.PINOffered = true })
}

// Warning is what the person should know about an open vault, or nil: it does not descend from what this machine has
// seen. It stays until the two are merged, or the person has discarded the other.
func (v *Vault) Warning() error {
	v.memory.mu.Lock()
	defer v.memory.mu.Unlock()
	if v.memory.apart == nil {
		return nil
	}
	return v.memory.apart
}
