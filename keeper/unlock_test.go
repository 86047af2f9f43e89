package keeper

import (
	"errors"
	"io/fs"
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
	if reason, ok := sentence.Values["Reason"].(error); !ok || !errors.Is(reason, fs.ErrNotExist) {
		t.Errorf("%#v", sentence)
	}
	if said := lang.In(lang.Hungarian).Error(err); strings.Count(said, missing) != 1 {
		t.Errorf("the path is said once and its reason once: %s", said)
	}
}
