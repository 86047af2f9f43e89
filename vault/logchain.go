package vault

import (
	"bytes"
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"kapu/lang"
	"kapu/seal"
)

// The log is a hash chain: each line's digest covers the lines before it, and the first line of a month the end of the
// month before. How far it went is remembered by the vault's body and by each machine, so that lines which are missing,
// replaced or in another order show; also a whole month's.

// LogEnd is a place in the chain: after so many lines of a month, the digest is this.
type LogEnd struct {
	Month  string `json:"month"` // "2026-11"
	Lines  int    `json:"lines"`
	Digest string `json:"digest"`
}

// LogGap is a break in the chain: so many lines of a month were known, and so many are there. If they are as many or
// more, they are not the ones that were known.
type LogGap struct {
	Month string `json:"month"`
	Known int    `json:"known"`
	Found int    `json:"found"`
}

// chainLabel is the domain of the chain's digests.
const chainLabel = "kapu/v1 log chain\n"

// logBody is the JSON in a month's file; docs/formats.md specifies it. The lines stay as they were written: the chain
// is made of their bytes.
type logBody struct {
	Log     int               `json:"log"` // logFormat
	Before  *LogEnd           `json:"before,omitempty"`
	Entries []json.RawMessage `json:"entries"`
}

// digests are those of the chain: before the first line, and after each.
func (b *logBody) digests() []string {
	before, _ := json.Marshal(b.Before)
	digest := digestOf([]byte(chainLabel + string(before)))
	all := append(make([]string, 0, len(b.Entries)+1), digest)
	for _, e := range b.Entries {
		digest = digestOf(slices.Concat([]byte(digest), []byte{'\n'}, e))
		all = append(all, digest)
	}
	return all
}

// newMonth is a month's file without lines. It names the end of the month before it.
func newMonth(month string, known []LogEnd) *logBody {
	b := &logBody{}
	for _, e := range joinEnds(known) {
		if e.Month < month {
			b.Before = &e
		}
	}
	return b
}

// of are the ends that are known of one month.
func of(month string, known []LogEnd) []LogEnd {
	return slices.DeleteFunc(slices.Clone(known), func(e LogEnd) bool { return e.Month != month })
}

// String names a gap in a line of the log.
func (g LogGap) String() string { return fmt.Sprintf("%s: %d → %d", g.Month, g.Known, g.Found) }

func (b *logBody) end(month string) LogEnd {
	digests := b.digests()
	return LogEnd{month, len(b.Entries), digests[len(b.Entries)]}
}

// lacks says whether a month's lines do not continue what is known of it. There may be more than are known: one is
// written before the change that it tells, and some change nothing.
func (b *logBody) lacks(known LogEnd) bool {
	digests := b.digests()
	return known.Lines < 0 || known.Lines >= len(digests) || digests[known.Lines] != known.Digest
}

// parse returns the lines of a month.
func (b *logBody) parse() ([]LogEntry, error) {
	entries := make([]LogEntry, len(b.Entries))
	for i, line := range b.Entries {
		d := json.NewDecoder(bytes.NewReader(line))
		d.DisallowUnknownFields()
		if err := d.Decode(&entries[i]); err != nil {
			return nil, err
		}
	}
	return entries, nil
}

func (v *Vault) openMonth(data []byte) (*logBody, []LogEntry, error) {
	plain, err := seal.Open(logContext, data, v.id, v.id.Public())
	if err != nil {
		return nil, nil, err
	}
	var body logBody
	d := json.NewDecoder(bytes.NewReader(plain))
	d.DisallowUnknownFields()
	err = d.Decode(&body)
	if body.Log > logFormat {
		return nil, nil, lang.E("vault-newer-envelope", "Version", body.Log).Kind(ErrNewer)
	}
	if err != nil {
		return nil, nil, err
	}
	entries, err := body.parse()
	lang.Clean(&entries, cleanKept)
	return &body, entries, err
}

// gaps compares the months that were read with what is known of them: with what their successors, the vault and this
// machine say. A month that is over a year old has been deleted, and is no gap.
func gaps(months map[string]*logBody, known []LogEnd, now time.Time) (found []LogGap) {
	for _, b := range months {
		if b.Before != nil {
			known = append(slices.Clip(known), *b.Before)
		}
	}
	worst := map[string]LogGap{}
	for _, e := range known {
		if e.Month < oldestMonth(now) {
			continue
		}
		b, there := months[e.Month]
		if there && !b.lacks(e) {
			continue
		}
		gap := LogGap{Month: e.Month, Known: max(e.Lines, worst[e.Month].Known)}
		if there {
			gap.Found = len(b.Entries)
		}
		worst[e.Month] = gap
	}
	for _, gap := range worst {
		found = append(found, gap)
	}
	slices.SortFunc(found, func(a, b LogGap) int { return strings.Compare(a.Month, b.Month) })
	return found
}

// firstEnds are the ends of months that were written before anything was known of them: by a program before the chain.
func (v *Vault) firstEnds(but string) (ends []LogEnd) {
	for _, month := range v.logMonths() {
		if body, _, err := v.readMonth(month); err == nil && month != but {
			ends = append(ends, body.end(month))
		}
	}
	return joinEnds(ends)
}

// joinEnds are the ends that are known on either side, the further one of each month, oldest first. Ends of months that
// are not kept any more go.
func joinEnds(lists ...[]LogEnd) []LogEnd {
	furthest := map[string]LogEnd{}
	for _, e := range slices.Concat(lists...) {
		if known, ok := furthest[e.Month]; (!ok || e.Lines > known.Lines) && e.Month >= oldestMonth(time.Now()) {
			furthest[e.Month] = e
		}
	}
	var ends []LogEnd
	for _, e := range furthest {
		ends = append(ends, e)
	}
	slices.SortFunc(ends, func(a, b LogEnd) int { return strings.Compare(a.Month, b.Month) })
	return ends
}

// withEnd are ends with that of one month in place of what was known of it.
func withEnd(ends []LogEnd, end LogEnd) []LogEnd {
	others := slices.DeleteFunc(slices.Clone(ends), func(e LogEnd) bool { return e.Month == end.Month })
	return joinEnds(others, []LogEnd{end})
}

// ownLog says whether the vault is a link to another folder, and its log not beside it: then the vault says nothing of
// this log, for it knows that of those who open it where it is.
func (d Door) ownLog() bool { return home(d.Dir) != filepath.Dir(d.path()) }

// knownEnds are the ends of the log that the vault and this machine remember.
func (v *Vault) knownEnds() []LogEnd {
	known := v.memory.remembered().Log
	if c := v.Contents(); c != nil && !v.memory.door.ownLog() {
		known = slices.Concat(known, c.logEnds)
	}
	return known
}
