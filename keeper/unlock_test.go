package keeper

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kapu/agent"
	"kapu/lang"
	"kapu/vault"
)

// Why a backup cannot be read is said, whatever kind of error it is.
func TestUnreadableArchive(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "kapu-mentes.age")
	_, err := restoreArchive(t.Context(), vault.Door{}, agent.StartOptions{Archive: missing}, "")
	sentence, ok := err.(*lang.Error)
	if !ok || sentence.ID != "archive-unreadable" {
		t.Fatalf("%#v", err)
	}
	if reason, ok := sentence.Values["Reason"].(error); !ok || !errors.Is(reason, fs.ErrNotExist) || strings.Contains(reason.Error(), missing) {
		t.Errorf("%#v", sentence)
	}
	plain := errors.New("the share is away")
	for _, err := range []error{
		plain, &fs.PathError{Op: "read", Path: missing, Err: plain},
		errors.Join(&fs.PathError{Op: "read", Path: missing, Err: plain}, os.ErrClosed),
	} {
		if got := withoutPath(err); got != plain {
			t.Errorf("%v is said as %v", err, got)
		}
	}
}
