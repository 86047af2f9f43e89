package tray

import (
	"kapu/agent"
	"kapu/config"
	"kapu/lang"
)

// hotkey is a global shortcut: it opens the search from whatever window is in front.
type hotkey struct {
	keys  string // as in the settings
	letGo func() // nil if nothing is held
}

// holdHotkey registers the shortcut that the settings name, in the place of the former. Idempotent.
func (t *tray) holdHotkey() {
	h := &t.hotkey
	if h.keys == t.cfg.SearchHotkey {
		return
	}
	t.letHotkeyGo()
	h.keys = t.cfg.SearchHotkey
	keys, wanted := config.ParseHotkey(h.keys)
	if !wanted {
		return
	}
	letGo, err := grab(keys, func() { go t.post(t.searchNow) })
	if err != nil {
		t.report(lang.E("tray-hotkey-taken", "Keys", h.keys))
		return
	}
	h.letGo = letGo
}

func (t *tray) letHotkeyGo() {
	if t.hotkey.letGo != nil {
		t.hotkey.letGo()
		t.hotkey.letGo = nil
	}
}

// searchNow opens the search, and unlocks before if need be. It makes no vault: keys are pressed by mistake too.
func (t *tray) searchNow() {
	if exists, err := agent.HasVault(t.paths); t.attached != nil || exists || err != nil {
		t.withAgent(func(*attachment) { t.search() })
	}
}
