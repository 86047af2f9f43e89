package store

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"syscall"
	"time"

	"kapu/lang"
)

// A claim is a lock (mutex) on one name, for folders without hard links: sticks, and shares whose mounts know none. No
// lock of the system will do there, because such mounts do not tell the server of it, nor does O_EXCL, which several of
// them check against what they remember. What the servers themselves refuse is a second folder of one name. The two
// ways to make one are both asked for, since each is somebody's only one:
//
//	.kapu/SUM.claim           made by mkdir, which one wins on SMB, SFTP, and on WebDAV by davfs2
//	.kapu/SUM.claim/holder/X  renamed to here, which one wins on SMB, SFTP, and on WebDAV by rclone
//
// A claim stays for claimAge when its object is written: a mount that remembers for minutes that the name was free
// would write over it. One whose holder died is taken over after tornTimeout.
const (
	claimEnd    = ".claim"
	claimHolder = "/holder"
)

// claimAge is after how long the claim of a written object is garbage. Mounts remember what a folder holds for some
// minutes at most (rclone: five).
const claimAge = time.Hour

// errClaimed: somebody else holds the claim.
var errClaimed = errors.New("store: the name is claimed")

// claim is a claim that this Put holds.
type claim struct {
	put
	path   string
	holder string // a random name, the holder's own
}

// claimPath is where the claim of a name is.
func claimPath(name string) string {
	return fmt.Sprintf("%s/%x%s", tempFolder, sha256.Sum256([]byte(name)), claimEnd)
}

// claim takes the claim of a name, or is errClaimed.
func (p put) claim(name string) (claim, error) {
	path := claimPath(name)
	c, err := p.acquire(path)
	if errors.Is(err, errClaimed) && p.takeOver(path) {
		c, err = p.acquire(path)
	}
	return c, err
}

// acquire makes a claim. Of an error that does not say so itself it finds out whether the name is why: a mount that
// does not see yet what others made has the strangest words for it.
func (p put) acquire(path string) (claim, error) {
	c, err := p.make(path)
	if err == nil || errors.Is(err, errClaimed) {
		return c, err
	}
	fresh, freshErr := p.make(tempFolder + "/" + strings.ToLower(rand.Text()) + claimEnd)
	if freshErr != nil {
		return claim{}, freshErr
	}
	fresh.release()
	return claim{}, errClaimed
}

func (p put) make(path string) (claim, error) {
	c := claim{p, path, strings.ToLower(rand.Text())}
	err := p.tree.Mkdir(path, p.folders.Perm())
	if errors.Is(err, fs.ErrExist) {
		return c, errClaimed
	}
	if err != nil {
		return c, err
	}
	if err = errors.Join(grant(p.tree, path, p.folders), c.enter()); err != nil {
		_ = p.tree.Remove(path) // which does nothing where somebody else is in it
	}
	return c, err
}

// enter makes the folder aside that is renamed into the claim.
func (c claim) enter() error {
	aside := tempFolder + "/" + c.holder + tempEnd
	for _, folder := range []string{aside, aside + "/" + c.holder} {
		if err := c.tree.Mkdir(folder, c.folders.Perm()); err != nil {
			return err
		}
		if err := grant(c.tree, folder, c.folders); err != nil {
			return err
		}
	}
	err := c.tree.Rename(aside, c.path+claimHolder)
	if err != nil {
		_ = c.tree.Remove(aside + "/" + c.holder)
		_ = c.tree.Remove(aside)
	}
	if isPuzzling(err) { // folders can be made here, but not renamed
		err = fmt.Errorf("%w: %w", errors.ErrUnsupported, err)
	}
	return err
}

// isPuzzling says whether an error is what mounts answer to what they cannot do.
func isPuzzling(err error) bool {
	return errors.Is(err, syscall.EPERM) || errors.Is(err, syscall.EIO) || errors.Is(err, syscall.EINVAL) ||
		errors.Is(err, syscall.EXDEV)
}

// isHeld reads back whether the claim is still this Put's: while a machine slept, others may have taken it for dead.
func (c claim) isHeld() bool { return c.holderOf(c.path) == c.holder }

// holderOf is who holds a claim; "" is nobody.
func (p put) holderOf(path string) string {
	entries, err := p.tree.ReadDir(path + claimHolder)
	if err != nil || len(entries) != 1 {
		return ""
	}
	return entries[0].Name()
}

// release gives the claim back.
func (c claim) release() { c.removeClaim(c.path, c.holder) }

// takeOver removes a claim whose holder is taken for dead, by the clock of the file system. Of several who want to one
// is told true: the one who has the claim of succeeding just this holder.
func (p put) takeOver(path string) bool {
	info, err := p.tree.Stat(path)
	if err != nil {
		return false
	}
	holder := p.holderOf(path)
	now, err := p.now()
	if err != nil || now.Sub(info.ModTime()) <= tornTimeout {
		return false
	}
	if _, err := p.claim(path + "/" + holder); err != nil {
		return false
	}
	return p.removeClaim(path, holder)
}

// removeClaim removes a claim of this holder. In between somebody else may have done so, and have another there: that
// one goes back.
func (p put) removeClaim(path, holder string) bool {
	away := tempFolder + "/" + strings.ToLower(rand.Text()) + tempEnd
	if err := p.tree.Rename(path, away); err != nil {
		return false
	}
	if p.holderOf(away) != holder {
		_ = p.tree.Rename(away, path)
		return false
	}
	p.removeFolder(away)
	return true
}

// removeFolder removes a claim that has been renamed: three folders in each other.
func (p put) removeFolder(path string) {
	entries, _ := p.tree.ReadDir(path)
	for _, e := range entries {
		if e.IsDir() {
			p.removeFolder(path + "/" + e.Name())
		}
	}
	_ = p.tree.Remove(path)
}

// putClaimed writes a file in its place, under the name's claim. Nothing is believed: it is read back before it is
// said to be safe.
func (p put) putClaimed(ctx context.Context, name string, file []byte) error {
	if err := errors.Join(p.folder(tempFolder), p.folder(above(name))); err != nil {
		return err
	}
	c, err := p.claim(name)
	if errors.Is(err, errClaimed) {
		return p.awaitHolder(ctx, name, file)
	}
	if err != nil {
		return p.careless(err)
	}
	p.removeStale(c.path)
	done, err := c.write(name, file)
	if !done {
		c.release()
	}
	return err
}

// write writes the file. It is false where nothing of it is there, so that the claim can be given back.
func (c claim) write(name string, file []byte) (bool, error) {
	if _, err := c.tree.Stat(name); err == nil {
		if !c.isAbandoned(name) {
			return false, c.compare(name, file)
		}
		if err := c.tree.Remove(name); err != nil {
			return false, err
		}
	}
	f, err := c.create(name)
	if errors.Is(err, fs.ErrExist) {
		return false, c.compare(name, file)
	}
	if err != nil {
		if _, missing := c.tree.Stat(name); missing == nil {
			return false, c.compare(name, file)
		}
		return false, err
	}
	if err := c.fill(f, name, file); err != nil {
		if !c.isHeld() {
			return true, err
		}
		return c.tree.Remove(name) != nil, err // the claim says that it is ours
	}
	if !c.isHeld() {
		return true, c.compare(name, file)
	}
	if _, err := read(c.tree, name); err != nil {
		return true, err
	}
	return true, errors.Join(c.compare(name, file), c.tree.Sync(above(name)))
}

// holderTime is how long a Put waits for the file of the claim's holder, which may have the same content.
const holderTime = 2 * time.Second

// awaitHolder is nil if a file with this content appears, else ErrExists.
func (p put) awaitHolder(ctx context.Context, name string, file []byte) error {
	deadline := time.Now().Add(holderTime)
	for wait := 5 * time.Millisecond; ; wait = min(2*wait, holderTime/8) {
		if _, err := read(p.tree, name); err == nil || time.Now().After(deadline) {
			return p.compare(name, file)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(wait):
		}
	}
}

// probeClaims is nil if a claim that is there already, of the object with this name, is given to nobody else.
func (p put) probeClaims(name string) error {
	c, err := p.acquire(claimPath(name))
	if errors.Is(err, errClaimed) {
		return nil
	}
	if err == nil {
		c.release()
		err = errors.ErrUnsupported
	}
	return p.careless(err)
}

// careless is the sentence for a folder in which no name can be given to one only.
func (d *dir) careless(err error) error {
	if errors.Is(err, errors.ErrUnsupported) {
		return lang.E("store-folder-careless", "Path", d.root)
	}
	return err
}
