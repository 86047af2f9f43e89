// Package vault keeps the accounts and clients, and the one file they live in: an encrypted single-file database.
//
// Its promise: nothing that was confirmed is ever lost. Every change is an ACID transaction: take the advisory file
// lock, read what is there now, apply the change, write a new file beside it, sync, rename (atomic replace). Two
// sessions of one person never lose each other's changes, a crash leaves the old file or the new one, and a file that
// cannot be read is never written over.
//
// What is kept:
//
//	account.go    account, client and key: the records, and the form in which they are kept
//	contents.go   the immutable snapshot that readers get, and its JSON
//	code.go       one-time codes out of a key (RFC 6238, RFC 4226)
//
// How it changes:
//
//	vault.go      open, refresh, update: the transaction from lock to rename
//	tx.go         what a transaction may do
//	undo.go       inverse operations that are kept for thirty days
//	log.go        the audit log, a file a month; written before the deed (write-ahead); logchain.go its hash chain
//	backup.go     earlier generations, as hard links; restore.go puts one back
//	archive.go    everything in one file under a passphrase, for another machine
//	history.go    where a save comes from: a version vector of digests
//	seen.go       what this machine has seen of it; versions.go the copies it keeps, unite.go takes over from one
//	former.go     names and keys that were superseded
//	merge.go      one client made of two
//	label.go      what tells clients of one name apart
//	file.go       atomic writes, and what killed writers have left
//
// How it is unlocked (key wrapping):
//
//	door.go       where the root secret is found; protect.go changes that; memory.go what this machine remembers
//	renew.go      another root secret in its place, and everything sealed anew
//	keychain.go   the system's keychain, behind a time limit
//	pin.go        a PIN on top of it, with a try counter
//	password.go   a password instead of it
//	storekeys.go  credentials for an office's store, kept in the same way
//
// docs/formats.md specifies what is on disk.
package vault

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/gofrs/flock"

	"kapu/internal/build"
	"kapu/internal/disk"
	"kapu/lang"
	"kapu/seal"
)

// The kinds of failure a caller may want to tell apart. Every error of this package is a lang sentence.
var (
	ErrNone    = errors.New("there is no vault yet")
	ErrExists  = errors.New("there is a vault already")
	ErrDamaged = errors.New("the vault is damaged")
	ErrNewer   = errors.New("the vault was written by a newer program")
	ErrNoKey   = errors.New("the keychain does not hold the key of this vault")
	ErrInvalid = errors.New("not a valid entry")
)

const (
	fileName    = "vault.age"
	lockName    = "vault.lock"
	sealContext = "vault"
)

// lockTime is how long a change waits for another process to finish its own. A save of the largest vault takes
// a fifth of a second.
const lockTime = 15 * time.Second

// Vault is a handle to an open vault: the key, the newest snapshot, and the lock for the next. Safe for concurrent use.
type Vault struct {
	path    string // of vault.age itself, at the end of all links
	home    string // the folder that was given, with what lies beside the vault
	id      *seal.Identity
	backups backups
	memory  *memory

	writing sync.Mutex // one transaction of this process at a time; readers do not wait for it

	mu     sync.Mutex // guards what follows
	method string     // with which it was unlocked, or that has been set since
	now    *Contents
	onDisk os.FileInfo // of the file that now was read from
}

// Path returns where the vault of a folder lies, with symbolic links followed so that a save replaces the file
// and not a link to it.
func Path(dir string) string {
	path := filepath.Join(home(dir), fileName)
	if real, err := filepath.EvalSymlinks(path); err == nil {
		return real
	}
	return path
}

// home is a vault's folder, with links followed. There lies all that is beside the vault, also where vault.age alone
// is a link to elsewhere (docs/decisions/linked-vault.md). The lock, and what is said of a renewal, is beside the file
// itself, for whoever has a link to it.
func home(dir string) string {
	if real, err := filepath.EvalSymlinks(dir); err == nil {
		return real
	}
	return dir
}

// Exists says whether there is a vault in a folder.
func Exists(dir string) (bool, error) {
	switch _, err := os.Stat(Path(dir)); {
	case err == nil:
		return true, nil
	case errors.Is(err, fs.ErrNotExist):
		// A link to a drive that is away: a new vault in its place would hide the one there.
		if target, err := os.Readlink(Path(dir)); err == nil {
			return false, lang.E("vault-link", "Path", Path(dir), "Target", target)
		}
		return false, nil
	default:
		return false, lang.E("vault-unreadable", "Path", Path(dir), "Reason", err)
	}
}

// Create writes an empty vault that an identity opens. It never replaces a file.
func Create(dir string, id *seal.Identity) (*Vault, error) {
	v := at(dir, id)
	return v, v.create(newContents(nil, nil))
}

// create saves the first contents of a vault.
func (v *Vault) create(contents *Contents) error {
	if err := disk.Folder(v.home); err != nil {
		return lang.E("vault-unwritable", "Path", v.home, "Reason", err)
	}
	unlock, err := v.lock(context.Background())
	if err != nil {
		return err
	}
	defer unlock()
	switch exists, err := Exists(v.memory.door.Dir); {
	case err != nil:
		return err
	case exists:
		return lang.E("vault-exists", "Path", v.path).Kind(ErrExists)
	}
	// Backups without a vault mean that the file was lost or its share is away: a new vault in its place
	// would look as if all clients were gone.
	if newest, ok := v.backups.newest(); ok {
		return lang.E("vault-missing", "Path", v.path, "Backup", newest)
	}
	return v.save(contents, appended{})
}

// Open reads the vault of a folder.
func Open(dir string, id *seal.Identity) (*Vault, error) {
	v := at(dir, id)
	_, err := v.Refresh()
	return v, err
}

func at(dir string, id *seal.Identity) *Vault {
	home := home(dir)
	return &Vault{
		path: Path(dir), home: home, id: id, backups: backups{filepath.Join(home, "backups")},
		memory: &memory{door: Door{Dir: dir}},
	}
}

// Path returns the path of the vault's file.
func (v *Vault) Path() string { return v.path }

// Beside returns the path of something that lies beside the vault.
func (v *Vault) Beside(name string) string { return filepath.Join(v.home, name) }

// Dir returns the folder to watch for changes of the file.
func (v *Vault) Dir() string { return filepath.Dir(v.path) }

// Identity is the root secret of an open vault, which is also this device's identity in an office.
func (v *Vault) Identity() *seal.Identity { return v.id }

// Method is the method with which the vault was unlocked, or that has been set since; unlike Door.Method, which goes by
// files, nobody who sits at an unlocked screen can change it.
func (v *Vault) Method() string {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.method
}

// Contents returns the snapshot of when the vault was last read or saved. It reads no file.
func (v *Vault) Contents() *Contents {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.now
}

// Refresh revalidates the snapshot: it reads the file again if another process has replaced it, and says whether it
// had. On an error the former snapshot stays usable.
func (v *Vault) Refresh() (changed bool, err error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	f, err := disk.Open(v.path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, lang.E("vault-none", "Path", v.path).Kind(ErrNone)
	}
	if err != nil {
		return false, lang.E("vault-unreadable", "Path", v.path, "Reason", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err == nil && sameFile(info, v.onDisk) {
		return false, nil
	}
	if err != nil {
		return false, lang.E("vault-unreadable", "Path", v.path, "Reason", err)
	}
	data, err := readAll(f, info.Size())
	if err != nil {
		return false, lang.E("vault-unreadable", "Path", v.path, "Reason", err)
	}
	contents, err := v.unseal(data)
	if err != nil {
		return false, v.explain(err)
	}
	v.now, v.onDisk = contents, info
	v.memory.saw(contents, data, v.id, appended{}, func() bool {
		now, err := os.Stat(v.path)
		return err == nil && !sameFile(now, info)
	})
	return true, nil
}

func (v *Vault) unseal(data []byte) (*Contents, error) {
	plain, err := seal.Open(sealContext, data, v.id, v.id.Public())
	if err != nil {
		return nil, err
	}
	c, err := decode(plain)
	if err != nil {
		return nil, err
	}
	c.digest = digestOf(plain)
	return c, nil
}

// explain maps what is wrong with the file to a sentence with a way out.
func (v *Vault) explain(err error) error {
	var version *seal.VersionError
	switch {
	case errors.Is(err, ErrNewer):
		return err
	case errors.As(err, &version):
		return lang.E("vault-newer-envelope", "Version", version.Version).Kind(ErrNewer)
	}
	if renewed := v.sayRenewed(); renewed != nil {
		return renewed // older backups are no way out of that
	}
	good := v.newestGood()
	if good != "" {
		return lang.E("vault-damaged-backup", "Path", v.path, "Backup", good, "Reason", err).Kind(ErrDamaged)
	}
	if errors.Is(err, seal.ErrNotAddressed) {
		return lang.E("vault-other-key", "Path", v.path).Kind(ErrDamaged)
	}
	return lang.E("vault-damaged", "Path", v.path, "Reason", err).Kind(ErrDamaged)
}

// sameFile says that a file is the very one read before. A save renames a new file into place, so a change
// always shows in the file's identity, even where times are coarse.
func sameFile(a, b os.FileInfo) bool {
	return a != nil && b != nil && os.SameFile(a, b) && a.Size() == b.Size() && a.ModTime().Equal(b.ModTime())
}

// Update runs a serializable transaction. The function sees what is on disk now and changes it through the Tx; if it
// returns an error, nothing happens (rollback). Another session may have committed since the caller last looked, so
// the function should go by ids, not by what was seen before. It waits for the lock up to 15 s, then it is an error.
func (v *Vault) Update(ctx context.Context, change func(*Tx) error) (Changes, error) {
	v.writing.Lock()
	defer v.writing.Unlock()
	unlock, err := v.lock(ctx)
	if err != nil {
		return Changes{}, err
	}
	defer unlock()
	if _, err := v.Refresh(); err != nil {
		return Changes{}, err // a failed load never leads to a save
	}
	before := v.Contents()
	tx := newTx(before)
	if err := change(tx); err != nil {
		return Changes{}, err
	}
	// Write-ahead: nothing is done that the log does not tell. If the commit then fails, the log is rolled back.
	log := appended{rollback: func() {}}
	if len(tx.notes) > 0 {
		if log, err = v.appendLog(tx.notes, tx.time); err != nil {
			return Changes{}, err
		}
		if !v.memory.door.ownLog() {
			tx.logEnds = log.ends
		}
	}
	if tx.changes.empty() && !log.broken {
		v.memory.logged(log)
		return tx.changes, nil
	}
	err = v.commit(tx, before, log)
	if err != nil && v.Contents() != tx.Contents { // else it is in its place, and only the folder could not be synced
		log.rollback()
	}
	return tx.changes, err
}

// commit retains the file as a backup, completes the undo record and saves the next snapshot. log is what was written
// ahead of it.
func (v *Vault) commit(tx *Tx, before *Contents, log appended) error {
	if !tx.changes.OnlyUse {
		if err := v.backups.keep(v.path, before); err != nil {
			return err
		}
		tx.remember(before)
	}
	return v.save(tx.Contents, log)
}

// save writes the contents atomically, as the next generation, and publishes the snapshot to readers. log is what was
// written ahead of them.
func (v *Vault) save(c *Contents, log appended) error {
	c.Generation++
	if c.Saved.IsZero() { // else the time of the transaction
		c.Saved = time.Now().UTC().Truncate(time.Millisecond)
	}
	plain, err := v.memory.beginWrite(c, func() ([]byte, error) { return encode(c, "kapu "+build.Version) })
	if err != nil {
		return err
	}
	sealed, err := seal.Seal(sealContext, plain, v.id, v.id.Public())
	if err != nil {
		return err
	}
	removeUnfinished(v.path)
	// Whoever looks at the file meanwhile (the watcher wakes at the rename) finds the old state with the old file or
	// the new with the new, and need not read and decrypt what this process has just written.
	err = disk.Place(v.path, sealed, func(info os.FileInfo, rename func() error) error {
		v.mu.Lock()
		defer v.mu.Unlock()
		err := rename()
		if err == nil {
			v.now, v.onDisk = c, info
			v.memory.door.reached("renamed")
		}
		return err
	})
	if v.Contents() == c { // it writes a file too: not while readers wait
		v.memory.saw(c, sealed, v.id, log, func() bool { return false })
	}
	if err != nil {
		return lang.E("vault-unwritable", "Path", v.path, "Reason", err)
	}
	return nil
}

// lock takes the advisory file lock that writers of all processes share, until the returned function is called. The
// system releases that of a process that dies.
func (v *Vault) lock(ctx context.Context) (unlock func(), err error) {
	return lockFile(ctx, flock.New(filepath.Join(filepath.Dir(v.path), lockName), flock.SetFlag(os.O_CREATE|os.O_RDONLY|disk.NoFollow), flock.SetPermissions(0o600)), v.path)
}

func lockFile(ctx context.Context, l *flock.Flock, path string) (unlock func(), err error) {
	ctx, cancel := context.WithTimeout(ctx, lockTime)
	defer cancel()
	if ok, err := l.TryLockContext(ctx, 5*time.Millisecond); err != nil || !ok {
		if errors.Is(err, context.DeadlineExceeded) || err == nil {
			return nil, lang.E("vault-busy", "Path", path)
		}
		return nil, lang.E("vault-unwritable", "Path", path, "Reason", err)
	}
	return func() { _ = l.Close() }, nil
}
