package vault

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"

	"kapu/internal/disk"
	"kapu/lang"
	"kapu/seal"
)

// Key rotation: a vault gets a new identity, and all that lies beside it is sealed anew. The commit point is the moment
// at which the keychain's item or vault.key has the new identity. Before it the old one opens everything; from then on
// renewal.age, sealed to the new one, says what is still to be done, and whoever opens the vault does it first
// (level-triggered), however often it is cut off.

// What becomes of the backups, which the old identity opens.
const (
	KeepBackups   = "keep"   // they stay as they are
	ResealBackups = "reseal" // to the new identity
	DeleteBackups = "delete"
)

// Renewal is what a new identity is to come with.
type Renewal struct {
	Secret  string // the PIN or password of now, which opens the new identity too
	Backups string // KeepBackups, ResealBackups or DeleteBackups
	// Prepare is called with the public half of the new identity, before anything is decided; nil is nothing.
	Prepare func(*seal.Public) error
}

const (
	renewalFile    = "renewal.age"
	renewalContext = "renewal"
	renewedFile    = "vault.renewed"
)

// sealedBeside are the files beside the vault that are sealed to its identity, with their contexts, but for log and
// backups. The state of an office is the office's own affair, but who opens a vault need not know whether it is in one.
var sealedBeside = [][2]string{{"office/state.age", "office-state"}, {storeKeysFile, storeKeysContext}}

// intent is the record of a renewal that has to be finished.
type intent struct {
	Old     string    `json:"old"` // the former identity
	Backups string    `json:"backups"`
	At      time.Time `json:"at"`
}

// Renew gives an open vault a new identity, by the same method and secret. The vault's handle is good for nothing
// afterwards: unlock anew. After an error the vault has its old identity, or the new one and finishes at the next
// unlocking.
func (d Door) Renew(ctx context.Context, v *Vault, r Renewal) error {
	method := v.Method()
	if method != Keychain && IsRecoveryKey(r.Secret) {
		return lang.E("renew-secret").Kind(ErrSecret)
	}
	next, err := seal.NewIdentity()
	if err != nil {
		return err
	}
	if r.Prepare != nil {
		if err := r.Prepare(next.Public()); err != nil {
			return err
		}
	}
	v.writing.Lock()
	defer v.writing.Unlock()
	unlock, err := v.lock(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	if _, err := v.Refresh(); err != nil {
		return err
	}
	now := time.Now().UTC().Truncate(time.Second)
	if err := d.intend(next, intent{v.id.String(), r.Backups, now}); err != nil {
		return err
	}
	d.reached("intended")
	if err := d.rewrap(ctx, next, method, r.Secret); err != nil {
		return err
	}
	d.reached("wrapped")
	if err := d.finishRenewal(ctx, next, method); err != nil {
		return err
	}
	if method != Password {
		_ = keychain{d.path()}.removeCopies(ctx, v.id) // what they would open is not this vault
	}
	return nil
}

func (d Door) intend(next *seal.Identity, i intent) error {
	body, err := json.Marshal(i)
	if err != nil {
		return err
	}
	sealed, err := seal.Seal(renewalContext, body, next, next.Public())
	if err == nil {
		err = disk.Replace(d.beside(renewalFile), sealed)
	}
	if err != nil {
		return lang.E("vault-unwritable", "Path", d.beside(renewalFile), "Reason", err)
	}
	return nil
}

// rewrap puts the new identity into the place of the old one: the commit point. If that fails, what is there now says
// whether it has; where even that cannot be read, the intent stays, and the next unlocking sees.
func (d Door) rewrap(ctx context.Context, next *seal.Identity, method, secret string) error {
	leave, err := d.exclusive(ctx)
	if err != nil {
		return err
	}
	defer leave()
	if method == Password {
		if err = d.writeKeyFile(next, secret); err == nil {
			return nil
		}
		if id, e := d.openKeyFile(secret); e == nil && id.String() == next.String() {
			return nil
		} else if e == nil {
			_ = disk.Remove(d.beside(renewalFile))
		}
		return err
	}
	text := next.String()
	if method == PIN {
		if text, err = d.sealPIN(next, secret); err != nil {
			_ = disk.Remove(d.beside(renewalFile))
			return err
		}
	}
	k := keychain{d.path()}
	if err = k.store(ctx, text); err == nil {
		return nil
	}
	switch there, e := k.load(ctx); {
	case e != nil:
	case there == text:
		return nil
	default:
		_ = disk.Remove(d.beside(renewalFile))
	}
	return err
}

// resumeRenewal finishes a renewal that was cut off after its commit point, with the identity that the vault is being
// opened with; what is left of one that never came so far it deletes.
func (d Door) resumeRenewal(id *seal.Identity, method string) error {
	if _, err := os.Lstat(d.beside(renewalFile)); err != nil {
		return nil
	}
	ctx := context.Background()
	unlock, err := at(d.Dir, id).lock(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	sealed, err := disk.ReadFile(d.beside(renewalFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil // another process was quicker
	}
	if err != nil {
		return lang.E("vault-unreadable", "Path", d.beside(renewalFile), "Reason", err)
	}
	if _, err := seal.Open(renewalContext, sealed, id, id.Public()); err == nil {
		return d.finishRenewal(ctx, id, method)
	}
	if d.opens(id) {
		_ = disk.Remove(d.beside(renewalFile))
	}
	return nil
}

// finishRenewal seals anew what the old identity still opens. Idempotent. The vault itself is first: from then on no
// process that has the old identity writes anything. The caller holds the vault's lock.
func (d Door) finishRenewal(ctx context.Context, next *seal.Identity, method string) error {
	sealed, err := disk.ReadFile(d.beside(renewalFile))
	var body []byte
	if err == nil {
		body, err = seal.Open(renewalContext, sealed, next, next.Public())
	}
	var i intent
	if err == nil {
		err = json.Unmarshal(body, &i)
	}
	var old *seal.Identity
	if err == nil {
		old, err = seal.ParseIdentity(i.Old)
	}
	if err != nil {
		return lang.E("vault-unreadable", "Path", d.beside(renewalFile), "Reason", err)
	}
	v, former := d.at(next, method), d
	former.State = "" // what the former identity reads of the vault now is nothing to be remembered
	before := former.at(old, method)
	if err := before.announceRenewal(i.At); err != nil {
		return err
	}
	for _, name := range d.versions() { // first, so that what the vault does not descend from is this vault's still
		if err := reseal(filepath.Join(d.versionDir(), name), sealContext, old, next); err != nil {
			return err
		}
	}
	d.reached("versions")
	if err := v.inherit(before, i.Backups); err != nil {
		return err
	}
	d.reached("vault")
	for _, month := range v.logMonths() {
		if err := reseal(v.logFile(month), logContext, old, next); err != nil {
			return err
		}
	}
	d.reached("log")
	if err := d.resealOffice(ctx, old, next); err != nil {
		return err
	}
	d.reached("office")
	if err := v.backups.renew(i.Backups, old, next); err != nil {
		return err
	}
	d.reached("backups")
	_, _ = v.appendLog([]LogEntry{{Act: Renewed}}, time.Now()) // it is done, noted or not
	d.rememberRecovery(false)
	if err := disk.Remove(d.beside(renewalFile)); err != nil {
		return lang.E("vault-unwritable", "Path", d.beside(renewalFile), "Reason", err)
	}
	return nil
}

// inherit makes the vault's file that of another identity, as its next generation.
func (v *Vault) inherit(old *Vault, backups string) error {
	if _, err := v.onlyRead(); err == nil {
		return nil // done before
	}
	if _, err := old.Refresh(); err != nil {
		return err
	}
	now := old.Contents()
	if backups != DeleteBackups {
		if err := old.backups.keep(old.path, now); err != nil {
			return err
		}
	}
	return v.save(newTx(now).Contents, appended{})
}

// reseal replaces an envelope of the old identity by one of the new with the same body. What neither opens was damaged
// before and stays.
func reseal(path, context string, old, next *seal.Identity) error {
	sealed, err := disk.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return lang.E("vault-unreadable", "Path", path, "Reason", err)
	}
	body, err := seal.Open(context, sealed, old, old.Public())
	if err != nil {
		return nil
	}
	sealed, err = seal.Seal(context, body, next, next.Public())
	if err == nil {
		_, err = writeFile(path, sealed)
	}
	if err != nil {
		return lang.E("vault-unwritable", "Path", path, "Reason", err)
	}
	return nil
}

// resealOffice seals the files of an office anew, while no process syncs.
func (d Door) resealOffice(ctx context.Context, old, next *seal.Identity) error {
	lock := d.beside("office/lock")
	if _, err := os.Stat(filepath.Dir(lock)); err != nil {
		return nil
	}
	unlock, err := lockFile(ctx, flock.New(lock, flock.SetPermissions(0o600)), lock)
	if err != nil {
		return err
	}
	defer unlock()
	for _, f := range sealedBeside {
		if err := reseal(d.beside(f[0]), f[1], old, next); err != nil {
			return err
		}
	}
	return nil
}

// renew does with the backups what was chosen.
func (b backups) renew(choice string, old, next *seal.Identity) error {
	for _, name := range b.list() {
		path := filepath.Join(b.dir, name)
		switch choice {
		case ResealBackups:
			if err := reseal(path, sealContext, old, next); err != nil {
				return err
			}
		case DeleteBackups:
			data, err := disk.ReadFile(path)
			if err == nil {
				if _, e := seal.Open(sealContext, data, old, old.Public()); e == nil {
					err = disk.Remove(path)
				}
			}
			if err != nil && !errors.Is(err, fs.ErrNotExist) {
				return lang.E("backup-unwritable", "Path", path, "Reason", err)
			}
		}
	}
	return nil
}

// renewed is the statement beside the vault, signed by a former identity, that there is a newer one: it tells a machine
// whose keychain has the former one from a machine whose vault is damaged.
type renewed struct {
	Signer    string    `json:"signer"`
	At        time.Time `json:"at"`
	Signature []byte    `json:"signature"`
}

func (r *renewed) statement() []byte { return []byte("renewed " + r.At.UTC().Format(time.RFC3339)) }

// renewedPath is beside the file itself, for whoever has a link to it.
func (v *Vault) renewedPath() string { return filepath.Join(v.Dir(), renewedFile) }

// announceRenewal is of the vault as its former identity has it.
func (v *Vault) announceRenewal(at time.Time) error {
	if v.renewedAt() != nil {
		return nil
	}
	r := renewed{Signer: v.id.Public().SigningKey(), At: at}
	r.Signature = v.id.Sign(renewalContext, r.statement())
	path := v.renewedPath()
	data, err := json.Marshal(append(readRenewed(path), r))
	if err == nil {
		_, err = writeFile(path, append(data, '\n'))
	}
	if err != nil {
		return lang.E("vault-unwritable", "Path", path, "Reason", err)
	}
	return nil
}

func readRenewed(path string) []renewed {
	var list []renewed
	if data, err := disk.ReadFile(path); err == nil {
		_ = json.Unmarshal(data, &list)
	}
	return list
}

// renewedAt is nil, or since when this identity is a former one of the vault.
func (v *Vault) renewedAt() *time.Time {
	if v.id == nil {
		return nil
	}
	for _, r := range readRenewed(v.renewedPath()) {
		if r.Signer == v.id.Public().SigningKey() && seal.Verify(r.Signer, renewalContext, r.statement(), r.Signature) {
			return &r.At
		}
	}
	return nil
}

// sayRenewed is the error of a vault that is opened with a former identity, or nil.
func (v *Vault) sayRenewed() error {
	if at := v.renewedAt(); at != nil {
		return lang.E("vault-renewed", "Path", v.path, "Time", at.Local().Format("2006-01-02 15:04")).Kind(ErrNoKey)
	}
	return nil
}
