// Package audit writes into the log of the system: syslog (and so the journal) on Unix, the event log of Windows.
//
// Its promise: a line says what happened, to whose vault, in which session, and nothing of clients, codes or keys. A
// system without such a log costs nothing: Open says so, and what is written to a nil Log goes nowhere.
package audit

import (
	"os/user"
	"strings"
)

// Event is what happened. Its number is the event's in Windows' log; both are documented in docs/admin.md.
type Event struct {
	id     uint32
	name   string
	failed bool
}

// The events.
var (
	Unlocked  = Event{1, "unlocked", false}
	Refused   = Event{2, "refused", true} // a wrong PIN, password or recovery key, or too many of them
	Locked    = Event{3, "locked", false}
	Exported  = Event{4, "exported", false}
	Protected = Event{5, "protected", false} // another method of unlocking
	Revealed  = Event{6, "revealed", false}  // the recovery key
)

// source is the name under which the system keeps the lines.
const source = "Kapu"

// Log is the system's log, open for writing.
type Log struct {
	system
	who string
}

// Open finds the system's log. Lines say in which session they were written.
func Open(session string) (*Log, error) {
	s, err := open()
	if err != nil {
		return nil, err
	}
	return &Log{s, fields("user", userName(), "session", session)}, nil
}

// Write writes a line: the event, then pairs of a name and a value. It is best effort: what it cannot write keeps
// nobody from their codes.
func (l *Log) Write(e Event, pairs ...string) {
	if l != nil {
		_ = l.write(e, e.name+l.who+fields(pairs...))
	}
}

// fields are pairs as " name=value". A value is one word.
func fields(pairs ...string) string {
	var b strings.Builder
	for i := 0; i+1 < len(pairs); i += 2 {
		value := strings.Map(func(r rune) rune {
			if r <= ' ' || r == '=' || r == 0x7f {
				return '_'
			}
			return r
		}, pairs[i+1])
		b.WriteString(" " + pairs[i] + "=" + value)
	}
	return b.String()
}

func userName() string {
	u, err := user.Current()
	if err != nil {
		return "?"
	}
	return u.Username
}
