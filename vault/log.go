package vault

import (
	"bytes"
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
	Restored  Act = "restored"
	Undone    Act = "undone"
	Lost      Act = "lost" // a month's file was damaged and begun anew

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
	logFormat  = 1
	// logYears is how far back the log goes; older lines are not shown, and their files are deleted.
	logYears = 1
)

// logBody is the JSON in a month's file; docs/formats.md specifies it.
type logBody struct {
	Log     int        `json:"log"` // logFormat
	Entries []LogEntry `json:"entries"`
}

// Note appends audit records that belong to no change of the vault.
func (v *Vault) Note(ctx context.Context, entries ...LogEntry) error {
	_, err := v.Update(ctx, func(tx *Tx) error {
		tx.Note(entries...)
		return nil
	})
	return err
}

// Log returns the log of the last year, newest first.
func (v *Vault) Log() ([]LogEntry, error) {
	v.writing.Lock()
	defer v.writing.Unlock()
	var all []LogEntry
	from := time.Now().AddDate(-logYears, 0, 0)
	for _, month := range v.logMonths() {
		entries, err := v.readMonth(month)
		if err != nil {
			return nil, lang.E("log-unreadable", "Path", v.logFile(month), "Reason", err)
		}
		slices.Reverse(entries) // of one second too, the last comes first
		all = append(all, slices.DeleteFunc(entries, func(e LogEntry) bool { return e.At.Before(from) })...)
	}
	slices.SortStableFunc(all, func(a, b LogEntry) int { return b.At.Compare(a.At) })
	return all, nil
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
		entries, err := v.readMonth(month)
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

// appendLog appends to this month's file and returns its compensation, which restores the file as it was. The caller
// holds the vault's lock.
func (v *Vault) appendLog(entries []LogEntry, now time.Time) (rollback func(), err error) {
	month := now.Format(logMonth)
	path := v.logFile(month)
	if err := disk.Subfolder(filepath.Dir(path)); err != nil {
		return nil, lang.E("log-unwritable", "Path", path, "Reason", err)
	}
	before, err := disk.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, lang.E("log-unwritable", "Path", path, "Reason", err)
	}
	var body logBody
	if err == nil {
		if body.Entries, err = v.openMonth(before); errors.Is(err, ErrNewer) {
			return nil, err
		}
		if err != nil { // it stays beside the new one, which begins by saying so
			aside := strings.TrimSuffix(path, backupEnd) + "-damaged-" + now.UTC().Format(backupStamp) + backupEnd
			if err := disk.Rename(path, aside); err != nil {
				return nil, lang.E("log-unwritable", "Path", path, "Reason", err)
			}
			entries = append([]LogEntry{{Act: Lost, Name: filepath.Base(aside)}}, entries...)
		}
	}
	for i := range entries {
		if entries[i].At.IsZero() {
			entries[i].At = now
		}
		entries[i].At = entries[i].At.UTC().Truncate(time.Second)
		entries[i].By = by()
	}
	body.Log, body.Entries = logFormat, append(body.Entries, entries...)
	plain, err := json.Marshal(body)
	if err != nil {
		return nil, err
	}
	sealed, err := seal.Seal(logContext, plain, v.id, v.id.Public())
	if err == nil {
		_, err = writeFile(path, sealed)
	}
	if err != nil {
		return nil, lang.E("log-unwritable", "Path", path, "Reason", err)
	}
	v.deleteOldMonths(now)
	return func() {
		if before == nil {
			_ = os.Remove(path)
			return
		}
		_, _ = writeFile(path, before)
	}, nil
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
	oldest := now.AddDate(-logYears, 0, 0).Format(logMonth)
	for _, month := range v.logMonths() {
		if month < oldest {
			_ = os.Remove(v.logFile(month)) // tried again with the next line
		}
	}
}

func (v *Vault) readMonth(month string) ([]LogEntry, error) {
	data, err := disk.ReadFile(v.logFile(month))
	if err != nil {
		return nil, err
	}
	return v.openMonth(data)
}

func (v *Vault) openMonth(data []byte) ([]LogEntry, error) {
	plain, err := seal.Open(logContext, data, v.id, v.id.Public())
	if err != nil {
		return nil, err
	}
	var body logBody
	d := json.NewDecoder(bytes.NewReader(plain))
	d.DisallowUnknownFields()
	if err := d.Decode(&body); body.Log <= logFormat {
		lang.Clean(&body, cleanKept)
		return body.Entries, err
	}
	return nil, lang.E("vault-newer-envelope", "Version", body.Log).Kind(ErrNewer)
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
