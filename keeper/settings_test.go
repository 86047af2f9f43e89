package keeper

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kapu/agent"
	"kapu/config"
)

// What can count at once does; a group that has locked itself is not opened by a change of the settings.
func TestConfigure(t *testing.T) {
	k := testKeeper(t, t.TempDir())
	k.paths.Config = filepath.Join(t.TempDir(), "config.toml")
	news := k.events.listen()
	defer k.events.leave(news)
	before, err := k.readSettings(t.Context(), struct{}{})
	if err != nil || before.Path != k.paths.Config {
		t.Fatal(before, err)
	}
	to := before.Config
	to.Language = "en"
	to.Copy.ClearAfter.Duration = 10 * time.Second
	to.Lock.Unused.Duration = time.Hour
	to.Lock.Idle.Duration = time.Hour
	to.Groups = []config.Group{{Folder: "Kft-k", LockAfter: config.Duration{Duration: time.Minute}}}
	if _, err := k.configure(t.Context(), agent.Configure{From: before.Config, To: to}); err != nil {
		t.Fatal(err)
	}
	if e := <-news; e.Type != agent.Changed {
		t.Errorf("told %v", e.Type)
	}
	if now := k.settings.Load(); now.Language != "en" || now.Copy != to.Copy || now.Lock.Unused != to.Lock.Unused ||
		now.Lock.Idle != before.Config.Lock.Idle || len(now.Groups) != 0 || k.usage.idleTimer == nil {
		t.Errorf("counts now: %+v", now)
	}
	saved, err := config.Load(k.paths)
	if err != nil || !saved.Equal(to) {
		t.Errorf("saved %+v, %v", saved, err)
	}

	// Who has not seen what the file says now does not overwrite it, and nothing wrong is written.
	if _, err := k.configure(t.Context(), agent.Configure{From: before.Config, To: to}); err == nil || !strings.Contains(err.Error(), k.paths.Config) {
		t.Errorf("a change of what is there no more: %v", err)
	}
	wrong := to
	wrong.Copy.ClearAfter.Duration = time.Hour
	if _, err := k.configure(t.Context(), agent.Configure{From: to, To: wrong}); err == nil {
		t.Error("a wrong value was taken")
	}
	if err := os.WriteFile(k.paths.Config, []byte("kutya = 1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := k.readSettings(t.Context(), struct{}{}); err == nil || !strings.Contains(err.Error(), "kutya") {
		t.Errorf("a mistake in the file: %v", err)
	}
}
