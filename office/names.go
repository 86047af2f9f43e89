package office

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// The namespace of the store: the name of each kind of object. docs/formats.md specifies it.

const (
	prefixOffice   = "office/" // + its id
	prefixRoster   = "roster/"
	prefixAccounts = "accounts/"
	prefixBooks    = "books/"
	prefixJoins    = "joins/"
	prefixJournal  = "journal/"
	prefixSeen     = "seen/"
	prefixFeed     = "feed/"
	prefixTurns    = "turns/"
)

var errName = errors.New("not a name of this office's objects")

// isID says whether a part of a name is base 32 of a length. Names come out of the feed, which anybody may write who
// can write into the store.
func isID(s string, length int) bool {
	return len(s) == length && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz234567") == ""
}

func splitBundleName(name string) (record, part, sum string, err error) {
	parts := strings.Split(name, "/")
	part = partRecord
	if len(parts) == 4 && parts[2] == "admin" {
		part = partPrivate
		parts = append(parts[:2:2], parts[3])
	}
	if len(parts) != 3 || parts[0]+"/" != prefixAccounts || !isID(parts[1], idLength) || !isID(parts[2], hashLength) {
		return "", "", "", errName
	}
	return parts[1], part, parts[2], nil
}

// feedName is flat, for a folder that is watched costs something.
func feedName(device string, number int) string {
	return fmt.Sprintf("%s%s-%012d", prefixFeed, device, number)
}

func splitFeedName(name string) (feedEntry, error) {
	rest, ok := strings.CutPrefix(name, prefixFeed)
	device, _, dash := strings.Cut(rest, "-")
	if !ok || !dash || !isID(device, idLength) {
		return feedEntry{}, errName
	}
	number, err := numberOf(rest, device+"-")
	return feedEntry{device, number}, err
}

func journalName(device string, seq int) string { return fmt.Sprintf("journal/%s/%012d", device, seq) }

func splitJoinName(name string) (device string, ok bool) {
	device, ok = strings.CutPrefix(name, prefixJoins)
	return device, ok && isID(device, idLength)
}

func joinName(device string) string { return prefixJoins + device }

func seenName(device string, day time.Time) string {
	return prefixSeen + device + "/" + day.UTC().Format("20060102")
}

// turnName is the name of a turn: its day in UTC, by which old ones are found, and a tag.
func turnName(window time.Time, tag string) string {
	return prefixTurns + window.UTC().Format("20060102") + "/" + tag
}

// numberOf is the sequence number at the end of a name, which has twelve digits so that names sort by it.
func numberOf(name, prefix string) (int, error) {
	rest, ok := strings.CutPrefix(name, prefix)
	n, err := strconv.Atoi(rest)
	if !ok || err != nil || n < 0 || fmt.Sprintf("%012d", n) != rest {
		return 0, errName
	}
	return n, nil
}

// bookName is the name of a book: of which record, for which device, from when until when, and by a fingerprint of what
// it was made from. So every admin's device sees in a listing which books are there, and making one is idempotent: two
// that make the same one use the same name. It has no seconds: the end is rounded up, since a book that ended before
// its grant would be deleted and made again for the rest of that minute.
func bookName(record, device string, from, until time.Time, fingerprint string) string {
	until = until.Add(time.Minute - 1).Truncate(time.Minute)
	span := from.UTC().Format(bookTime) + "-" + until.UTC().Format(bookTime)
	return prefixBooks + record + "/" + device + "/" + span + "-" + fingerprint
}

const bookTime = "200601021504"

// bookLabel is a decoded bookName.
type bookLabel struct {
	record, device, fingerprint string
	from, until                 time.Time
}

func splitBookName(name string) (bookLabel, error) {
	parts := strings.Split(name, "/")
	if len(parts) != 4 || parts[0]+"/" != prefixBooks || !isID(parts[1], idLength) || !isID(parts[2], idLength) {
		return bookLabel{}, errName
	}
	tail := strings.Split(parts[3], "-")
	if len(tail) != 3 || !isID(tail[2], printLength) {
		return bookLabel{}, errName
	}
	from, err1 := time.Parse(bookTime, tail[0])
	until, err2 := time.Parse(bookTime, tail[1])
	if err1 != nil || err2 != nil {
		return bookLabel{}, errName
	}
	return bookLabel{parts[1], parts[2], tail[2], from, until}, nil
}
