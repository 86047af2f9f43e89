package tray

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"kapu/internal/disk"
	"kapu/session"
)

// unheardFile, in the state folder, has the desktops, one a line, of which the person was told once that they do not
// say when the screen is locked.
const unheardFile = "unheard-desktops"

// unheardAfter is how long the session has to start everything that begins with it, screen savers too.
const unheardAfter = 20 * time.Second

// unheard says whether nothing on this desktop is known to tell of a locked screen.
func (a realAgents) unheard(ctx context.Context) bool {
	return !session.Hears(ctx, session.Locked)
}

// tellUnheard tells it the person once: Kapu stays unlocked behind such a locker, unless the same key locks both.
// `kapu doctor` says it each time.
func (t *tray) tellUnheard() {
	if !t.cfg.Lock.OnScreenLock || slices.Contains(t.unheardDesktops(), desktopName()) {
		return
	}
	line := "sh -c 'kapu lock; exec i3lock'"
	if os.Getenv("WAYLAND_DISPLAY") != "" {
		line = "sh -c 'kapu lock; exec swaylock'"
	}
	go func() {
		select {
		case <-time.After(unheardAfter):
		case <-t.ctx.Done():
			return
		}
		if !t.agents.unheard(t.ctx) || t.ctx.Err() != nil {
			return
		}
		t.post(func() {
			t.notices.show(note{text: t.texts.T("tray-unheard", "Line", line), problem: true, log: true})
			t.rememberUnheard()
		})
	}()
}

// desktopName is how the session calls itself; a machine may have several.
func desktopName() string {
	return strings.Join(strings.Fields(os.Getenv("XDG_CURRENT_DESKTOP")+" "+os.Getenv("XDG_SESSION_TYPE")), " ")
}

// unheardDesktops are those that the person was told of; none if there is no such file.
func (t *tray) unheardDesktops() []string {
	data, err := disk.ReadTrusted(filepath.Join(t.paths.State, unheardFile))
	if err != nil {
		return nil
	}
	return strings.Split(strings.TrimSuffix(string(data), "\n"), "\n")
}

// rememberUnheard is best effort: what cannot be written is told once more.
func (t *tray) rememberUnheard() {
	told := append(t.unheardDesktops(), desktopName())
	if disk.TrustedFolder(t.paths.State) == nil {
		_ = disk.Replace(filepath.Join(t.paths.State, unheardFile), []byte(strings.Join(told, "\n")+"\n"))
	}
}
