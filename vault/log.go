package vault

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"kapu/internal/disk"
	"kapu/lang"
	"kapu/seal"
)

// Act is the kind of an audit event.
type Act string

// The acts that the log tells.
const (
	Copied    Act = "copied" // a code, to the clipboard
	Shown     Act = "shown"  // a code, to the screen or a program
	Added     Act = "added"
	Edited    Act = "edited"
	Removed   Act = "removed"
	Merged    Act = "merged" // the second client named into the first
	Imported  Act = "imported"
	Exported  Act = "exported"
	Revealed  Act = "revealed" // a key, a deletion code or the recovery key
	Protected Act = "protected"
	Renewed   Act = "renewed" // the identity
	Restored  Act = "restored"
	Undone    Act = "undone"
	Lost      Act = "lost"      // a month's file was damaged and begun anew
	Gap       Act = "gap"       // lines of this month that were known are missing, or others are in their place
	United    Act = "united"    // what another version of the vault had was taken over
	Discarded Act = "discarded" // another version of the vault was, and the vault went on from its own

	// Of the office: who was given what, so that a key or a right to one has left this vault.
	Founded    Act = "founded"
	AskedIn    Act = "asked-in" // to be let into an office
	Entered    Act = "entered"
	Left       Act = "left"
	Moved      Act = "moved"     // to another store
	Invited    Act = "invited"   // a member
	Admitted   Act = "admitted"  // a member's machine
	Granted    Act = "granted"   // the right to codes, to a member
	GaveUse    Act = "gave-use"  // likewise, with the key
	GaveEdit   Act = "gave-edit" // likewise
	MadeAdmin  Act = "made-admin"
	Configured Act = "configured" // the settings: codes ahead, machines that are away
	Shared     Act = "shared"     // a client of the person's own with the office
	Opened     Act = "opened"     // a client to further members, by filing it elsewhere
)

// LogEntry is an audit record (a line of the napló): who did what and when. It holds no code and no key.
type LogEntry struct {
	At     time.Time `json:"at"`
	By     string    `json:"by"` // user@machine
	Act    Act       `json:"act"`
	Client string    `json:"client,omitempty"` // id
	Name   string    `json:"name,omitempty"`   // of the client as it was called then, of a format, of a method
	N      int       `json:"n,omitempty"`      // how many clients, if not one
}

const (
	logDir     = "log"
	logContext = "log"
	logMonth   = "2006-01"
	logFormat  = 2 // version 1 had no chain
	// logYears is how far back the log goes; older lines are not shown, and their files are deleted.
	logYears = 1
)

// Note appends audit records that belong to no change of the vault.
func (v *Vault) Note(ctx context.Context, entries ...LogEntry) error {
	_, err := v.Update(ctx, func(tx *Tx) error {
		tx.Note(entries...)
		return nil
	})
	return err
}

// Log returns the log of the last year, newest first, and where it is not whole.
func (v *Vault) Log() ([]LogEntry, []LogGap, error) {
	v.writing.Lock()
	defer v.writing.Unlock()
	known := v.knownEnds() // before the files: they only grow
	var all []LogEntry
	months := map[string]*logBody{}
	now := time.Now()
	for _, month := range v.logMonths() {
		body, entries, err := v.readMonth(month)
		if err != nil {
			return nil, nil, lang.E("log-unreadable", "Path", v.logFile(month), "Reason", err)
		}
		months[month] = body
		slices.Reverse(entries) // of one second too, the last comes first
		all = append(all, slices.DeleteFunc(entries, func(e LogEntry) bool { return e.At.Before(now.AddDate(-logYears, 0, 0)) })...)
	}
	slices.SortStableFunc(all, func(a, b LogEntry) int { return b.At.Compare(a.At) })
	return all, gaps(months, known, now), nil
}

// LogPlace is a cursor in the log: so many lines of a month have been read. The zero value is before everything.
type LogPlace struct {
	Month string `json:"month"` // "2026-11"
	Lines int    `json:"lines"`
}

// LogAfter reads from a cursor: the lines after it, oldest first, and the cursor behind them.
func (v *Vault) LogAfter(place LogPlace) ([]LogEntry, LogPlace, error) {
	v.writing.Lock()
	defer v.writing.Unlock()
	var after []LogEntry
	months := v.logMonths()
	slices.Reverse(months)
	for _, month := range months {
		if month < place.Month {
			continue
		}
		_, entries, err := v.readMonth(month)
		if err != nil {
			return nil, place, lang.E("log-unreadable", "Path", v.logFile(month), "Reason", err)
		}
		read := 0
		if month == place.Month && place.Lines <= len(entries) {
			read = place.Lines // else the file was begun anew
		}
		after = append(after, entries[read:]...)
		place = LogPlace{month, len(entries)}
	}
	return after, place, nil
}

// appended is what came of lines that were written: how far the log goes now, in this month and in all, and the
// compensation, which restores the month's file as it was.
type appended struct {
	end      LogEnd
	ends     []LogEnd
	broken   bool // a gap was told, and the vault has to know that: else it would be told again
	rollback func()
}

// into brings known ends up to date with what was written, if anything was.
func (a appended) into(known []LogEnd) []LogEnd {
	if len(a.ends) == 0 {
		return known
	}
	return withEnd(joinEnds(known, a.ends), a.end)
}

// appendLog appends to this month's file. Where lines are missing that the vault or this machine knows of, it says so
// in a line of its own, and goes on from what is there. The caller holds the vault's lock.
func (v *Vault) appendLog(entries []LogEntry, now time.Time) (done appended, err error) {
	month := now.Format(logMonth)
	path := v.logFile(month)
	if err := disk.Subfolder(filepath.Dir(path)); err != nil {
		return done, lang.E("log-unwritable", "Path", path, "Reason", err)
	}
	before, err := disk.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return done, lang.E("log-unwritable", "Path", path, "Reason", err)
	}
	known := v.knownEnds()
	if len(known) == 0 {
		known = v.firstEnds(month)
	}
	body, told, err := v.thisMonth(month, before, known, now)
	if err != nil {
		return done, err
	}
	if err := body.add(append(told, entries...), now); err != nil {
		return done, err
	}
	plain, err := json.Marshal(body)
	if err != nil {
		return done, err
	}
	sealed, err := seal.Seal(logContext, plain, v.id, v.id.Public())
	if err == nil {
		_, err = writeFile(path, sealed)
	}
	if err != nil {
		return done, lang.E("log-unwritable", "Path", path, "Reason", err)
	}
	v.deleteOldMonths(now)
	end := body.end(month)
	return appended{end, withEnd(known, end), len(told) > 0, func() {
		if before == nil {
			_ = os.Remove(path)
			return
		}
		_, _ = writeFile(path, before)
	}}, nil
}

// thisMonth is what this month's file holds, to be written on, and what has to be told of it first. One that is damaged
// is set aside.
func (v *Vault) thisMonth(month string, data []byte, known []LogEnd, now time.Time) (body *logBody, told []LogEntry, err error) {
	if data != nil {
		if body, _, err = v.openMonth(data); errors.Is(err, ErrNewer) {
			return nil, nil, err
		}
		if err != nil { // it stays beside the new one, which begins by saying so
			path := v.logFile(month)
			aside := strings.TrimSuffix(path, backupEnd) + "-damaged-" + now.UTC().Format(backupStamp) + backupEnd
			if err := disk.Rename(path, aside); err != nil {
				return nil, nil, lang.E("log-unwritable", "Path", path, "Reason", err)
			}
			return newMonth(month, known), []LogEntry{{Act: Lost, Name: filepath.Base(aside)}}, nil
		}
	}
	if body == nil {
		body = newMonth(month, known)
	}
	for _, gap := range gaps(map[string]*logBody{month: body}, of(month, known), now) {
		if gap.Month == month {
			told = append(told, LogEntry{Act: Gap, Name: gap.String()})
		}
	}
	return body, told, nil
}

// add appends lines, with who wrote them and when.
func (b *logBody) add(entries []LogEntry, now time.Time) error {
	b.Log = logFormat
	for _, e := range entries {
		if e.At.IsZero() {
			e.At = now
		}
		e.At = e.At.UTC().Truncate(time.Second)
		e.By = by()
		line, err := json.Marshal(e)
		if err != nil {
			return err
		}
		b.Entries = append(b.Entries, line)
	}
	return nil
}

func (v *Vault) logFile(month string) string {
	return v.Beside(filepath.Join(logDir, month+backupEnd))
}

// logMonths lists the months there are, newest first. Other files in the folder are not ours.
func (v *Vault) logMonths() []string {
	files, _ := os.ReadDir(v.Beside(logDir))
	var months []string
	for _, f := range files {
		month, ok := strings.CutSuffix(f.Name(), backupEnd)
		if _, err := time.Parse(logMonth, month); ok && err == nil {
			months = append(months, month)
		}
	}
	slices.Sort(months)
	slices.Reverse(months)
	return months
}

// deleteOldMonths enforces the retention of a year.
func (v *Vault) deleteOldMonths(now time.Time) {
	for _, month := range v.logMonths() {
		if month < oldestMonth(now) {
			_ = os.Remove(v.logFile(month)) // tried again with the next line
		}
	}
}

// oldestMonth is the first that is kept.
func oldestMonth(now time.Time) string { return now.AddDate(-logYears, 0, 0).Format(logMonth) }

// readMonth reads a month's file.
func (v *Vault) readMonth(month string) (*logBody, []LogEntry, error) {
	data, err := disk.ReadFile(v.logFile(month))
	if err != nil {
		return nil, nil, err
	}
	return v.openMonth(data)
}

// By names the person and the machine, as the log does.
func By() string { return by() }

// by names the person and the machine, as the system knows them.
var by = sync.OnceValue(func() string {
	name := "?"
	if u, err := user.Current(); err == nil {
		name = u.Username
	}
	host, err := os.Hostname()
	if err != nil {
		host = "?"
	}
	return name + "@" + host
})
