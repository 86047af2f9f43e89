package vault

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"kapu/internal/disk"
	"kapu/lang"
	"kapu/seal"
)

// The methods of key wrapping: where the root secret lies and what the person must know to get at it. At every moment
// at least one of them opens the vault; the recovery key, which is the root secret itself, always does.
const (
	Keychain = "keychain" // in the system's keychain, as it is
	PIN      = "pin"      // in the system's keychain, sealed to a PIN whose wrong tries are counted
	Password = "password" // in vault.key beside the vault, sealed to a password: needs no keychain
)

// The kinds of failure of unlocking.
var (
	ErrSecret = errors.New("not the PIN, the password or the recovery key") // asking again may help
	ErrWait   = errors.New("not yet")                                       // too many wrong tries
	ErrWeak   = errors.New("not fit for a PIN or a password")
)

// Door is the unlocker of the vault in a folder: it finds the root secret by the vault's method and opens the vault
// with it. It holds no secret itself.
type Door struct {
	Dir   string // of the vault
	State string // folder for what this machine remembers of its vaults; "" remembers nothing

	// Of tests: the time, what a try costs, and where the process ends.
	now   func() time.Time
	cheap bool
	step  func(string)
}

// Ask is a callback that prompts the person for the PIN or password of a method.
type Ask func(ctx context.Context, method string) (string, error)

// Given is an Ask that prompts nobody: the answer is known already.
func Given(secret string) Ask {
	return func(context.Context, string) (string, error) { return secret, nil }
}

func (d Door) path() string    { return Path(d.Dir) }
func (d Door) keyFile() string { return d.beside(keyName) }

// beside returns the path of something that lies beside the vault, by its name with slashes.
func (d Door) beside(name string) string { return filepath.Join(home(d.Dir), filepath.FromSlash(name)) }

// Method is the vault's method as far as this machine knows without asking the keychain, and so at once. Whether the
// keychain's item wants a PIN is cached from the last unlocking; a lost cache is corrected when unlocking.
func (d Door) Method() string {
	if _, err := os.Stat(d.keyFile()); err == nil {
		return Password
	}
	if d.recall().Method == PIN {
		return PIN
	}
	return Keychain
}

// Unlock opens the vault with its method.
func (d Door) Unlock(ctx context.Context, ask Ask) (*Vault, error) {
	if err := d.Missing(); err != nil {
		return nil, err
	}
	method := Keychain
	id, err := d.identity(ctx, noting(&method, ask))
	if err != nil {
		return nil, err
	}
	return d.open(id, method)
}

// Missing returns ErrNone in a sentence if there is no vault, or why that cannot be said; nil if there is one.
func (d Door) Missing() error {
	exists, err := Exists(d.Dir)
	if err == nil && !exists {
		err = d.none()
	}
	return err
}

// noting wraps an Ask and records which method prompted.
func noting(method *string, ask Ask) Ask {
	return func(ctx context.Context, m string) (string, error) {
		*method = m
		return ask(ctx, m)
	}
}

// UnlockBackups is Unlock for a vault that may be damaged or gone: what it returns is good for Backups and
// Restore only.
func (d Door) UnlockBackups(ctx context.Context, ask Ask) (*Vault, error) {
	if !d.HasBackups() {
		return nil, lang.E("backup-none", "Path", d.path()).Kind(ErrNone)
	}
	method := Keychain
	id, err := d.identity(ctx, noting(&method, ask))
	if err != nil {
		return nil, err
	}
	return d.at(id, method), nil
}

// none is the error ErrNone; its sentence tells a vault that is gone, of which backups are left, from one that never
// was.
func (d Door) none() error {
	if newest, ok := d.newestBackup(); ok {
		return lang.E("vault-missing", "Path", d.path(), "Backup", newest).Kind(ErrNone)
	}
	return lang.E("vault-none", "Path", d.path()).Kind(ErrNone)
}

func (d Door) at(id *seal.Identity, method string) *Vault {
	v := at(d.Dir, id)
	v.method, v.memory.door = method, d
	return v
}

func (d Door) open(id *seal.Identity, method string) (*Vault, error) {
	v := d.at(id, method)
	if err := d.resumeRenewal(id, method); err != nil {
		return v, err
	}
	_, err := v.Refresh()
	return v, err
}

// identity finds the root secret.
func (d Door) identity(ctx context.Context, ask Ask) (*seal.Identity, error) {
	if _, err := os.Stat(d.keyFile()); !errors.Is(err, fs.ErrNotExist) {
		password, err := ask(ctx, Password)
		if err != nil {
			return nil, err
		}
		id, err := d.openKeyFile(password)
		if err == nil && d.recall().Method != Password {
			d.finishPassword(ctx, id)
		}
		return id, err
	}
	k := keychain{d.path()}
	text, err := k.load(ctx)
	if errors.Is(err, ErrNoKey) {
		id, other := d.movedKey(ctx, ask)
		if id == nil && other == nil {
			other = err
		}
		return id, other
	}
	if err != nil {
		return nil, err
	}
	return d.openItem(ctx, k, text, ask)
}

// openItem gets the root secret out of an item of the keychain.
func (d Door) openItem(ctx context.Context, k keychain, text string, ask Ask) (*seal.Identity, error) {
	if isPIN(text) {
		d.rememberMethod(PIN) // before asking: a command line without a desktop learns from it what to ask for
		return d.openPIN(ctx, k, text, ask)
	}
	id, err := seal.ParseIdentity(text)
	if err != nil {
		return nil, lang.E("keychain-bad-key", "Item", k.item()).Kind(ErrNoKey)
	}
	d.rememberMethod(Keychain)
	return id, nil
}

// movedKey recovers the key of a vault that was moved: its keychain item has the name of the old path. Without one it
// returns nil and nil. What it finds it stores under the new path.
func (d Door) movedKey(ctx context.Context, ask Ask) (*seal.Identity, error) {
	k := keychain{d.path()}
	items, err := k.loadAll(ctx)
	if err != nil {
		return nil, err
	}
	var sealed []keychain
	for other, text := range items {
		if isPIN(text) {
			if _, err := os.Stat(other.vault); err != nil { // else it belongs to the vault that is still there
				sealed = append(sealed, other)
			}
		} else if id, err := seal.ParseIdentity(text); err == nil && d.opens(id) {
			return id, k.store(ctx, text)
		}
	}
	if len(sealed) != 1 {
		return nil, nil // a PIN is tried only where it must belong: a wrong try counts
	}
	id, err := d.openItem(ctx, sealed[0], items[sealed[0]], ask)
	if err != nil || !d.opens(id) {
		return nil, err
	}
	text, err := sealed[0].load(ctx)
	if err == nil {
		err = k.store(ctx, text)
	}
	if err == nil && sealed[0].movedAway() {
		_ = sealed[0].remove(ctx) // else the old PIN would open it for ever
	}
	return id, err
}

// movedAway is whether the vault has surely left its folder: the folder is there, with the lock file that every vault
// leaves in it. A missing folder may be a drive's that comes back with a copy of the vault, which will need the item.
func (k keychain) movedAway() bool {
	_, vault := os.Lstat(k.vault)
	_, lock := os.Stat(filepath.Join(filepath.Dir(k.vault), lockName))
	return errors.Is(vault, fs.ErrNotExist) && lock == nil
}

func (d Door) opens(id *seal.Identity) bool {
	_, err := Open(d.Dir, id)
	return err == nil
}

// Create makes an empty vault with a method, "" being the keychain. The key is stored first: a vault without a key is
// worth nothing. A key that is already there for this path is reused, never
// overwritten, because the vault it belongs to may only be out of reach.
func (d Door) Create(ctx context.Context, method string, ask Ask) (*Vault, error) {
	if err := disk.Folder(d.Dir); err != nil {
		return nil, lang.E("vault-unwritable", "Path", d.Dir, "Reason", err)
	}
	if d.HasBackups() {
		return nil, d.none()
	}
	if _, err := Exists(d.Dir); err != nil {
		return nil, err // before a key is kept that nothing needs
	}
	opened := Keychain
	id, err := d.newKey(ctx, method, noting(&opened, ask))
	if err == nil {
		err = d.at(id, opened).create(newContents(nil, nil))
	}
	if err != nil {
		return nil, err
	}
	d.rememberRecovery(false) // an earlier vault's, of the same path, opens nothing here
	return d.open(id, opened)
}

func (d Door) newKey(ctx context.Context, method string, ask Ask) (*seal.Identity, error) {
	_, err := os.Stat(d.keyFile())
	if left := err == nil; left || method == Password {
		password, err := ask(ctx, Password)
		if err != nil {
			return nil, err
		}
		if left {
			return d.openKeyFile(password)
		}
		id, err := seal.NewIdentity()
		if err != nil {
			return nil, err
		}
		return id, d.protect(ctx, id, Password, password)
	}
	k := keychain{d.path()}
	text, err := k.load(ctx)
	if errors.Is(err, ErrNoKey) {
		var id *seal.Identity
		if id, err = seal.NewIdentity(); err != nil {
			return nil, err
		}
		if method == PIN {
			return id, d.newPIN(ctx, id, ask)
		}
		text = id.String()
		err = k.store(ctx, text)
	}
	if errors.Is(err, ErrKeychain) {
		return nil, lang.E("vault-no-keychain", "Reason", err).Kind(err)
	}
	if err != nil {
		return nil, err
	}
	return d.openItem(ctx, k, text, ask)
}

// newPIN seals a new key to a PIN, so that it never lies in the keychain without one.
func (d Door) newPIN(ctx context.Context, id *seal.Identity, ask Ask) error {
	pin, err := ask(ctx, PIN)
	if err != nil {
		return err
	}
	return d.protect(ctx, id, PIN, pin)
}

// HasBackups says whether there are backups, or copies on this machine, whether or not there is a vault.
func (d Door) HasBackups() bool {
	_, ok := d.newestBackup()
	return ok
}

func (d Door) newestBackup() (path string, ok bool) {
	if versions := d.versions(); len(versions) > 0 {
		return filepath.Join(d.versionDir(), versions[0]), true
	}
	return at(d.Dir, nil).backups.newest()
}

// clock is the wall clock, injectable by tests. It may be wrong: see mayTry.
func (d Door) clock() time.Time {
	if d.now != nil {
		return d.now().UTC()
	}
	return time.Now().UTC()
}

// work is scrypt's work factor (log2 N): the usual one, or next to nothing in tests.
func (d Door) work(usual int) int {
	if d.cheap {
		return 4
	}
	return usual
}

// reached is a failpoint: tests end the process there.
func (d Door) reached(name string) {
	if d.step != nil {
		d.step(name)
	}
}
