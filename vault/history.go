package vault

import (
	"cmp"
	"crypto/sha256"
	"encoding/base32"
	"slices"
	"strings"
)

// Mark names one save of a vault: the replica that wrote it, its generation, and the digest of the signed body. A
// replica is what remembers in one place: a machine's state folder. It has a random name, and what it writes under one
// name is a chain: each save descends from the one before (see memory.beginWrite).
type Mark struct {
	By         string `json:"by,omitempty"` // "" before format 6
	Generation uint64 `json:"generation"`
	Digest     string `json:"digest"`
}

// maxForerunners is how many replicas a vault names, the newest: some 30 kB. A replica more comes with each machine and
// each loss of a machine's state.
const maxForerunners = 256

var digestForm = base32.StdEncoding.WithPadding(base32.NoPadding)

// digestOf is the SHA-256 of bytes in small Base32 letters: 52 characters.
func digestOf(data []byte) string {
	sum := sha256.Sum256(data)
	return strings.ToLower(digestForm.EncodeToString(sum[:]))
}

// Mark names a save that was read or written.
func (c *Contents) Mark() Mark { return Mark{c.by, c.Generation, c.digest} }

// lineage is the version vector: of each replica the last save that these contents descend from, with their own if they
// were saved.
func (c *Contents) lineage() []Mark {
	if c.digest == "" {
		return c.forerunners
	}
	return joinMarks(c.forerunners, []Mark{c.Mark()})
}

// descends says whether contents are a save or come from it (happened-before): of its replica they name that save or a
// later one.
func (c *Contents) descends(from Mark) bool {
	return slices.ContainsFunc(c.lineage(), func(m Mark) bool {
		return m.By == from.By && (m.Generation > from.Generation || m.Digest == from.Digest)
	})
}

// MayDescend is descends, or so many replicas have written that those of so old a save are named no more: then nothing
// is claimed.
func (c *Contents) MayDescend(from Mark) bool {
	lineage := c.lineage()
	return c.descends(from) || len(lineage) == maxForerunners && from.Generation < lineage[len(lineage)-1].Generation
}

// follow makes contents the successor of saves: they name what those name, and those themselves.
func (c *Contents) follow(saves ...*Contents) {
	for _, s := range saves {
		c.forerunners = joinMarks(c.forerunners, s.lineage())
		c.logEnds = joinEnds(c.logEnds, s.logEnds)
	}
}

// fork is the newest save that two branches have in common, and whether there is one. Who wrote it goes on under the
// same name in one branch at most, so that the other still names it.
func fork(a, b *Contents) (common Mark, ok bool) {
	for _, m := range slices.Concat(a.lineage(), b.lineage()) {
		if a.descends(m) && b.descends(m) && (!ok || m.Generation > common.Generation) {
			common, ok = m, true
		}
	}
	return common, ok
}

// joinMarks is the join of version vectors, the newest first: of each replica the last save. Two of one generation, as
// the copy of a machine can make them, both stay.
func joinMarks(vectors ...[]Mark) []Mark {
	all := slices.Concat(vectors...)
	last := map[string]uint64{}
	for _, m := range all {
		last[m.By] = max(last[m.By], m.Generation)
	}
	all = slices.DeleteFunc(all, func(m Mark) bool { return m.Generation < last[m.By] })
	slices.SortFunc(all, func(x, y Mark) int {
		return cmp.Or(cmp.Compare(y.Generation, x.Generation), strings.Compare(x.By, y.By), strings.Compare(x.Digest, y.Digest))
	})
	all = slices.Compact(all)
	return all[:min(len(all), maxForerunners)]
}
