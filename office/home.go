package office

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"

	"kapu/internal/disk"
	"kapu/lang"
	"kapu/vault"
)

// VaultHome is the Home of the program: the files of the office lie in a folder beside the open vault, so that they go
// where the vault goes.
type VaultHome struct {
	*vault.Vault
}

const homeDir = "office"

func (h VaultHome) path(name string) string { return h.Beside(filepath.Join(homeDir, name)) }

// Read implements Home.
func (h VaultHome) Read(name string) ([]byte, error) { return disk.ReadFile(h.path(name)) }

// Write implements Home.
func (h VaultHome) Write(name string, data []byte) error {
	if err := disk.Subfolder(filepath.Dir(h.path(name))); err != nil {
		return err
	}
	return disk.Replace(h.path(name), data)
}

// Remove implements Home.
func (h VaultHome) Remove(name string) error {
	if err := disk.Subfolder(filepath.Dir(h.path(name))); err != nil {
		return err
	}
	return disk.Remove(h.path(name))
}

// Revision implements Home.
func (h VaultHome) Revision(name string) string {
	info, err := os.Stat(h.path(name))
	if err != nil {
		return ""
	}
	return fmt.Sprint(info.ModTime().UnixNano(), info.Size())
}

// lockTime is the timeout of the lock: how long one session waits for another that may be sealing many records anew.
const lockTime = 20 * time.Second

// Lock implements Home.
func (h VaultHome) Lock(ctx context.Context) (func(), error) {
	if err := disk.Subfolder(h.path("")); err != nil {
		return nil, lang.E("office-state-unwritable", "Reason", err)
	}
	l := flock.New(h.path("lock"), flock.SetFlag(os.O_CREATE|os.O_RDONLY|disk.NoFollow), flock.SetPermissions(0o600))
	ctx, cancel := context.WithTimeout(ctx, lockTime)
	defer cancel()
	ok, err := l.TryLockContext(ctx, 20*time.Millisecond)
	if errors.Is(err, context.DeadlineExceeded) || err == nil && !ok {
		return nil, lang.E("office-busy").Kind(ErrInUse)
	}
	if err != nil {
		return nil, lang.E("office-state-unwritable", "Reason", err)
	}
	return func() { _ = l.Close() }, nil
}
