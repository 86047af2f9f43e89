package vault

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// logGaps are those that a handle finds.
func logGaps(t testing.TB, v *Vault) []LogGap {
	t.Helper()
	_, gaps, err := v.Log()
	check(t, err)
	return gaps
}

// wholeLog is a vault on a machine that remembers, with a month of lines before this one.
func wholeLog(t *testing.T) (v *Vault, last, month string) {
	t.Helper()
	_, v = remembered(t)
	now := time.Now()
	before := time.Date(now.Year(), now.Month(), 1, 12, 0, 0, 0, time.Local).AddDate(0, -1, 0)
	done, err := v.appendLog([]LogEntry{{Act: Copied}, {Act: Shown}}, before)
	check(t, err)
	v.memory.logged(done)
	for _, act := range []Act{Added, Edited, Exported} {
		_, err := v.Update(t.Context(), func(tx *Tx) error {
			tx.Note(LogEntry{Act: act})
			_, err := put(tx, string(act))
			return err
		})
		check(t, err)
	}
	if gaps := logGaps(t, v); len(gaps) != 0 {
		t.Fatalf("a whole log has gaps: %+v", gaps)
	}
	return v, before.Format(logMonth), now.Format(logMonth)
}

// rewriteLog lets somebody who has the vault's key change the lines of a month.
func rewriteLog(t *testing.T, v *Vault, month string, change func([]json.RawMessage) []json.RawMessage) {
	t.Helper()
	body, _, err := v.readMonth(month)
	check(t, err)
	body.Entries = change(body.Entries)
	sealMonth(t, v, month, body)
}

func sealMonth(t *testing.T, v *Vault, month string, body *logBody) {
	t.Helper()
	check(t, writeSealed(v, v.logFile(month), logContext, must(json.Marshal(body))))
}

func TestGapsInTheLog(t *testing.T) {
	for name, tt := range map[string]struct {
		harm func(t *testing.T, v *Vault, last, month string)
		want func(last, month string) []LogGap
	}{
		"all deleted": {
			func(t *testing.T, v *Vault, _, _ string) { check(t, os.RemoveAll(filepath.Join(v.Dir(), logDir))) },
			func(last, month string) []LogGap { return []LogGap{{last, 2, 0}, {month, 3, 0}} },
		},
		"a month deleted": {
			func(t *testing.T, v *Vault, last, _ string) { check(t, os.Remove(v.logFile(last))) },
			func(last, _ string) []LogGap { return []LogGap{{last, 2, 0}} },
		},
		"this month deleted": {
			func(t *testing.T, v *Vault, _, month string) { check(t, os.Remove(v.logFile(month))) },
			func(_, month string) []LogGap { return []LogGap{{month, 3, 0}} },
		},
		"cut short": {
			func(t *testing.T, v *Vault, _, month string) {
				rewriteLog(t, v, month, func(l []json.RawMessage) []json.RawMessage { return l[:1] })
			},
			func(_, month string) []LogGap { return []LogGap{{month, 3, 1}} },
		},
		"a line taken out": {
			func(t *testing.T, v *Vault, _, month string) {
				rewriteLog(t, v, month, func(l []json.RawMessage) []json.RawMessage { return slices.Delete(l, 1, 2) })
			},
			func(_, month string) []LogGap { return []LogGap{{month, 3, 2}} },
		},
		"two lines swapped": {
			func(t *testing.T, v *Vault, last, _ string) {
				rewriteLog(t, v, last, func(l []json.RawMessage) []json.RawMessage { l[0], l[1] = l[1], l[0]; return l })
			},
			func(last, _ string) []LogGap { return []LogGap{{last, 2, 2}} },
		},
		"a line taken out and another put in": {
			func(t *testing.T, v *Vault, _, month string) {
				rewriteLog(t, v, month, func(l []json.RawMessage) []json.RawMessage { return append(l[1:], l[0]) })
			},
			func(_, month string) []LogGap { return []LogGap{{month, 3, 3}} },
		},
		"the file of another month": {
			func(t *testing.T, v *Vault, last, month string) {
				check(t, os.WriteFile(v.logFile(month), must(os.ReadFile(v.logFile(last))), 0o600))
			},
			func(_, month string) []LogGap { return []LogGap{{month, 3, 2}} },
		},
		"lines more": { // written before a change that then came to nothing, or by another program
			func(t *testing.T, v *Vault, last, _ string) {
				rewriteLog(t, v, last, func(l []json.RawMessage) []json.RawMessage { return append(l, l[0]) })
			},
			func(string, string) []LogGap { return nil },
		},
	} {
		t.Run(name, func(t *testing.T) {
			v, last, month := wholeLog(t)
			tt.harm(t, v, last, month)
			want := tt.want(last, month)
			stranger := open(t, v.memory.door.Dir, v.id) // knows only what the vault says
			for who, v := range map[string]*Vault{"this machine": v, "another, by the vault": stranger} {
				if got := logGaps(t, v); !slices.Equal(got, want) {
					t.Errorf("%s: %+v, want %+v", who, got, want)
				}
			}
			// The next line tells it for ever, and the log goes on from there.
			check(t, v.Note(t.Context(), LogEntry{Act: Revealed}))
			add(t, v, "Újabb")
			entries, gaps, err := v.Log()
			check(t, err)
			told := slices.ContainsFunc(entries, func(e LogEntry) bool { return e.Act == Gap && strings.HasPrefix(e.Name, month) })
			ours := slices.ContainsFunc(want, func(g LogGap) bool { return g.Month == month })
			if told != ours {
				t.Errorf("a line of it: %v, want %v: %+v", told, ours, entries)
			}
			if slices.ContainsFunc(gaps, func(g LogGap) bool { return g.Month == month }) {
				t.Errorf("this machine goes on telling: %+v", gaps)
			}
		})
	}
}

// An old vault and an old log of the same day fit each other; the machine that has seen more says what is missing.
func TestOldVaultWithItsOldLog(t *testing.T) {
	v, _, month := wholeLog(t)
	old := t.TempDir()
	check(t, os.CopyFS(old, os.DirFS(v.Dir())))
	check(t, v.Note(t.Context(), LogEntry{Act: Exported}))
	if len(logGaps(t, open(t, v.Dir(), v.id))) != 0 {
		t.Error("the log is ahead of the vault, and a gap is told")
	}
	for _, name := range []string{fileName, filepath.Join(logDir, month+backupEnd)} {
		check(t, os.WriteFile(filepath.Join(v.Dir(), name), must(os.ReadFile(filepath.Join(old, name))), 0o600))
	}
	if got := logGaps(t, open(t, v.Dir(), v.id)); len(got) != 0 {
		t.Errorf("who knows only the vault: %+v", got)
	}
	if got := logGaps(t, v); !slices.Equal(got, []LogGap{{month, 4, 3}}) {
		t.Errorf("this machine: %+v", got)
	}
}

// What is no gap: a backup that is put back, a save that failed after its line, months over a year old, and a log from
// before the chain.
func TestNoGap(t *testing.T) {
	v, last, _ := wholeLog(t)
	backups := slices.DeleteFunc(v.Backups(), func(b Backup) bool { return b.Here })
	must(v.Restore(t.Context(), backups[len(backups)-1].Name))
	if got := logGaps(t, v); len(got) != 0 {
		t.Errorf("restored: %+v", got)
	}
	blocked := filepath.Join(v.Dir(), "backups")
	check(t, os.Rename(blocked, blocked+".away"))
	check(t, os.WriteFile(blocked, nil, 0o600))
	if _, err := v.Update(t.Context(), func(tx *Tx) error {
		tx.Note(LogEntry{Act: Removed})
		_, err := put(tx, "Alfa")
		return err
	}); err == nil {
		t.Error("saved without a backup")
	}
	if got := logGaps(t, v); len(got) != 0 {
		t.Errorf("a failed save: %+v", got)
	}
	known := []LogEnd{{time.Now().AddDate(-logYears, -1, 0).Format(logMonth), 7, "x"}}
	if got := gaps(map[string]*logBody{}, known, time.Now()); len(got) != 0 {
		t.Errorf("forgotten after a year: %+v", got)
	}
	before, _, err := v.readMonth(last)
	check(t, err)
	sealMonth(t, v, last, &logBody{Log: 1, Entries: before.Entries})
	if got := logGaps(t, v); len(got) != 0 {
		t.Errorf("a month of the first format: %+v", got)
	}
}

// A log that a program before the chain has left is known from the first line on.
func TestLogOfTheFirstFormat(t *testing.T) {
	_, v := remembered(t)
	last := time.Now().AddDate(0, 0, -time.Now().Day()).Format(logMonth)
	check(t, os.Mkdir(filepath.Join(v.Dir(), logDir), 0o700))
	line := json.RawMessage(`{"at":"2026-10-01T08:00:00Z","by":"anna@pc","act":"copied","client":"c","name":"Alfa"}`)
	sealMonth(t, v, last, &logBody{Log: 1, Entries: []json.RawMessage{line, line}})
	if got := logGaps(t, v); len(got) != 0 {
		t.Errorf("nothing is known of it: %+v", got)
	}
	check(t, v.Note(t.Context(), LogEntry{Act: Copied}))
	check(t, os.Remove(v.logFile(last)))
	if got := logGaps(t, v); !slices.Equal(got, []LogGap{{last, 2, 0}}) {
		t.Errorf("%+v", got)
	}
}

// Two machines that write one log by the vault's lock find no gap, whoever looks and whenever.
func TestTwoMachinesOneLog(t *testing.T) {
	id, doors := replicas(t, 2)
	var vaults []*Vault
	for _, d := range doors {
		vaults = append(vaults, unlocked(t, d, id))
	}
	done := make(chan error, len(vaults))
	for i, v := range vaults {
		go func() {
			var err error
			for n := 0; n < 8 && err == nil; n++ {
				if n%3 == i {
					err = v.Note(t.Context(), LogEntry{Act: Exported})
				} else {
					_, err = v.Update(t.Context(), func(tx *Tx) error {
						tx.Note(LogEntry{Act: Added})
						_, err := put(tx, "Alfa")
						return err
					})
				}
				if _, gaps, e := v.Log(); e != nil || len(gaps) > 0 {
					t.Errorf("%+v, %v", gaps, e)
				}
			}
			done <- err
		}()
	}
	for range vaults {
		check(t, <-done)
	}
	for _, v := range vaults {
		must(v.Refresh())
		if entries, gaps, err := v.Log(); err != nil || len(entries) != 16 || len(gaps) > 0 || v.Warning() != nil {
			t.Errorf("%d lines, %+v, %v, %v", len(entries), gaps, err, v.Warning())
		}
	}
}
