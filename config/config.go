// Package config is the settings: it parses and edits config.toml, the person's and the machine's, and knows where the
// program's files lie.
//
//	config.go    the parsed settings, their defaults and validation
//	load.go      the layers: defaults, the machine's file, the person's, and the policy over all of them
//	policy.go    what an administrator has decided; policykeys_*.go where else than in the file it may stand
//	explain.go   each setting with where it comes from
//	save.go      edits of the file that keep its comments; document.go its text
//	groups.go    the folders of the menu
//	page.go      the page's table of clients
//	hotkey.go    the global hotkey
//	paths.go     directories, by the XDG rules, and the id of the desktop session
//	newfile.go   exclusive creation of a file
//	fault.go     sentences for what the TOML parser says
//
// Its promise: a missing file means the documented defaults; an unknown key or a bad value is an error that
// names the line; nothing is guessed.
package config

import (
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/BurntSushi/toml"

	"kapu/lang"
)

// Config is the parsed settings file. docs/config.md documents every key.
type Config struct {
	// Language of the interface: "hu", "en", or "" for the desktop's.
	Language string `toml:"language"`
	// NTPServer is asked by `kapu doctor` whether the clock is right.
	NTPServer string `toml:"ntp_server"`
	// SearchHotkey opens the quick search from anywhere, where the system lets a program ask for it; "" for none.
	SearchHotkey string  `toml:"search_hotkey"`
	Copy         Copy    `toml:"copy"`
	Lock         Lock    `toml:"lock"`
	Office       Office  `toml:"office"`
	Import       Import  `toml:"import"`
	Page         Page    `toml:"page"`
	Groups       []Group `toml:"group"`
	// Policy stands in the machine's file only.
	Policy Policy `toml:"policy"`
}

// Copy says how codes are copied.
type Copy struct {
	// FreshFor is the life a code must have left to be copied at once; with less, the next one is waited for.
	FreshFor Duration `toml:"fresh_for"`
	// ClearAfter is the time after which a copied code is removed from the clipboard.
	ClearAfter Duration `toml:"clear_after"`
	// ShowCode says when the notice shows the digits, for typing: ShowNever, ShowAuto or ShowAlways.
	ShowCode string `toml:"show_code"`
}

// When a notice shows the digits. ShowAuto is where they cannot be pasted, or not on the machine in front of the
// person.
const (
	ShowNever  = "never"
	ShowAuto   = "auto"
	ShowAlways = "always"
)

// Lock says what locks the vault by itself.
type Lock struct {
	// Idle locks when keyboard and mouse have rested so long; 0 never.
	Idle Duration `toml:"idle"`
	// Unused locks when no code was taken for so long; 0 never.
	Unused       Duration `toml:"unused"`
	OnScreenLock bool     `toml:"on_screen_lock"`
	OnSleep      bool     `toml:"on_sleep"`      // also a jump of the clock, which a sleep may be behind
	OnLogout     bool     `toml:"on_logout"`     // of the desktop session
	OnSwitch     bool     `toml:"on_switch"`     // to another user
	OnDisconnect bool     `toml:"on_disconnect"` // of a remote desktop
	OnTrayEnd    bool     `toml:"on_tray_end"`   // of the tray that unlocked it
	// UnlockWithSession unlocks again, by the tray, when the person comes back after one of these; only by the
	// keychain, which asks nothing.
	UnlockWithSession bool `toml:"unlock_with_session"`
}

// Office says how this machine keeps up with the office.
type Office struct {
	// Poll is how often the store is asked what is new. What this machine changes goes out at once.
	Poll Duration `toml:"poll"`
	// Turns lets those who use one client's codes know of each other, so that two do not take the same code.
	Turns bool `toml:"turns"`
}

// Duration is a time.Duration written as "30s" or "5m".
type Duration struct{ time.Duration }

// UnmarshalText reads "30s", "1m30s".
func (d *Duration) UnmarshalText(text []byte) (err error) {
	if d.Duration, err = time.ParseDuration(string(text)); err != nil {
		return fmt.Errorf("%s%s", notDuration, text)
	}
	return nil
}

// MarshalText writes "15m".
func (d Duration) MarshalText() ([]byte, error) { return []byte(short(d.Duration)), nil }

// Default is the configuration of a missing or empty file.
func Default() Config {
	return Config{
		NTPServer:    "pool.ntp.org",
		SearchHotkey: "Ctrl+Alt+Shift+K",
		Copy:         Copy{FreshFor: Duration{8 * time.Second}, ClearAfter: Duration{30 * time.Second}, ShowCode: ShowAuto},
		Office:       Office{Poll: Duration{15 * time.Second}, Turns: true},
		Page:         Page{FoldColumns: true},
		Lock: Lock{
			Idle:         Duration{15 * time.Minute},
			OnScreenLock: true, OnSleep: true, OnLogout: true, OnSwitch: true, OnDisconnect: true, OnTrayEnd: true,
		},
	}
}

// known says whether a type has a key, spelt exactly so. The library matches names without case; a file with both
// "Group" and "group" would mean now this and now that.
func known(t reflect.Type, key toml.Key) bool {
	for _, name := range key {
		if t.Kind() == reflect.Slice {
			t = t.Elem()
		}
		if t.Kind() != reflect.Struct {
			return false
		}
		field, ok := fieldOf(t, name)
		if !ok {
			return false
		}
		t = field.Type
	}
	return true
}

func fieldOf(t reflect.Type, name string) (reflect.StructField, bool) {
	for i := range t.NumField() {
		if tag, _, _ := strings.Cut(t.Field(i).Tag.Get("toml"), ","); tag == name {
			return t.Field(i), true
		}
	}
	return reflect.StructField{}, false
}

// Limits that keep the settings useful: a code lives 30 s, so that every second code at most is waited for, and a
// code left for over ten minutes is a code forgotten.
const (
	maxFreshFor   = 15 * time.Second
	minClearAfter = 5 * time.Second
	maxClearAfter = 10 * time.Minute
	minLockAfter  = 30 * time.Second
	maxLockAfter  = 24 * time.Hour
	minPoll       = 2 * time.Second
	maxPoll       = time.Hour
)

// check validates the settings. It returns the first fault, in the order in which the keys are documented.
func (c Config) check() error {
	if c.Language != "" && c.Language != lang.Hungarian && c.Language != lang.English {
		return lang.E("config-language", "Value", c.Language)
	}
	if _, ok := ParseHotkey(c.SearchHotkey); !ok && c.SearchHotkey != "" {
		return lang.E("config-hotkey", "Value", c.SearchHotkey)
	}
	if err := checkRange("copy.fresh_for", c.Copy.FreshFor, 0, maxFreshFor); err != nil {
		return err
	}
	if err := checkRange("copy.clear_after", c.Copy.ClearAfter, minClearAfter, maxClearAfter); err != nil {
		return err
	}
	if show := c.Copy.ShowCode; show != ShowNever && show != ShowAuto && show != ShowAlways {
		return lang.E("config-show-code", "Value", show)
	}
	if err := checkLockTime("lock.idle", c.Lock.Idle.Duration); err != nil {
		return err
	}
	if err := checkLockTime("lock.unused", c.Lock.Unused.Duration); err != nil {
		return err
	}
	if err := checkRange("office.poll", c.Office.Poll, minPoll, maxPoll); err != nil {
		return err
	}
	if _, err := c.Import.Fields(); err != nil {
		return err
	}
	if err := c.Page.check(); err != nil {
		return err
	}
	if err := checkGroups(c.Groups); err != nil {
		return err
	}
	return c.Policy.check()
}

// checkRange wants a duration between two limits, both included.
func checkRange(key string, d Duration, least, most time.Duration) error {
	if d.Duration < least || d.Duration > most {
		return lang.E("config-range", "Key", key, "Value", d.String(), "Least", least.String(), "Most", most.String())
	}
	return nil
}

func checkGroups(groups []Group) error {
	seen := map[string]bool{}
	for i, g := range groups {
		if strings.TrimSpace(g.Folder) == "" {
			return lang.E("config-group-folder", "Number", i+1)
		}
		if seen[lang.Fold(g.Folder)] {
			return lang.E("config-group-twice", "Folder", g.Folder)
		}
		seen[lang.Fold(g.Folder)] = true
		if err := checkLockTime("group.lock_after", g.LockAfter.Duration); err != nil {
			return err
		}
	}
	return nil
}

func checkLockTime(key string, d time.Duration) error {
	if d != 0 && (d < minLockAfter || d > maxLockAfter) {
		return lang.E("config-lock-time", "Key", key, "Value", d.String(),
			"Least", minLockAfter.String(), "Most", maxLockAfter.String())
	}
	return nil
}
