package vault

import (
	"encoding/json"
	"os"
	"slices"
	"testing"
	"time"

	"kapu/seal"
)

func writeSealed(v *Vault, path, context string, body []byte) error {
	sealed, err := seal.Seal(context, body, v.id, v.id.Public())
	if err == nil {
		_, err = writeFile(path, sealed)
	}
	return err
}

// The vectors of docs/formats.md: which saves descend from which, and what the log's chain comes to.
func TestHistoryVectors(t *testing.T) {
	var vectors struct {
		Digest  []struct{ Body, Digest string }
		Descent []struct {
			What string
			Body string
			Seen Mark
			Want bool
		}
		Log []struct {
			What    string
			File    string
			Digests []string
			Known   LogEnd
			Gap     bool
		}
	}
	data, err := os.ReadFile("testdata/history.json")
	check(t, err)
	check(t, json.Unmarshal(data, &vectors))
	for _, d := range vectors.Digest {
		if got := digestOf([]byte(d.Body)); got != d.Digest {
			t.Errorf("digest of %s: %s", d.Body, got)
		}
	}
	for _, d := range vectors.Descent {
		c, err := decode([]byte(d.Body))
		check(t, err)
		c.digest = digestOf([]byte(d.Body))
		if got := c.MayDescend(d.Seen); got != d.Want {
			t.Errorf("%s: %v (its digest is %s)", d.What, got, c.digest)
		}
	}
	for _, l := range vectors.Log {
		var file logBody
		check(t, json.Unmarshal([]byte(l.File), &file))
		got := file.digests()
		if !slices.Equal(got, l.Digests) {
			t.Errorf("%s: the chain comes to %q", l.What, got)
		}
		if gap := file.lacks(l.Known); gap != l.Gap {
			t.Errorf("%s: a gap %v", l.What, gap)
		}
	}
	if len(vectors.Digest) == 0 || len(vectors.Descent) < 6 || len(vectors.Log) < 4 {
		t.Error("vectors are missing")
	}
}

// No body makes the parser or what is asked of a history panic, and what is read is written the same.
func FuzzHistory(f *testing.F) {
	f.Add([]byte(`{"vault":6,"generation":2,"saved":"2026-11-22T00:00:00Z","by":"a","forerunners":[{"by":"b","generation":1,"digest":"x"}],` +
		`"log":[{"month":"2026-11","lines":3,"digest":"y"}],"accounts":[],"clients":[]}`))
	f.Add([]byte(`{"vault":6,"generation":18446744073709551615,"forerunners":[{"generation":0,"digest":""},{"generation":0,"digest":"z"}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := decode(data)
		if err != nil {
			return
		}
		c.digest = digestOf(data)
		for _, m := range c.lineage() {
			if !c.descends(m) {
				t.Errorf("%+v is no forerunner of its own", m)
			}
		}
		next := newContents(nil, nil)
		next.follow(c)
		if !next.MayDescend(c.Mark()) {
			t.Error("the next save does not descend from it")
		}
		again, err := decode(must(encode(c, "")))
		if err != nil || len(again.forerunners) != len(c.forerunners) || len(again.logEnds) != len(c.logEnds) {
			t.Errorf("written again: %v", err)
		}
	})
}

// No month's file makes the chain panic; its own end is no gap, and one line less is.
func FuzzLogChain(f *testing.F) {
	f.Add([]byte(`{"log":2,"before":{"month":"2026-10","lines":1,"digest":"x"},"entries":[{"at":"2026-11-22T00:00:00Z","by":"a@b","act":"copied"}]}`), 0)
	f.Add([]byte(`{"log":1,"entries":[null,1,"x"]}`), -1)
	f.Fuzz(func(t *testing.T, data []byte, lines int) {
		var b logBody
		if json.Unmarshal(data, &b) != nil {
			return
		}
		_, _ = b.parse()
		end := b.end("2026-11")
		if b.lacks(end) || !b.lacks(LogEnd{"2026-11", len(b.Entries) + 1, end.Digest}) {
			t.Error("its end is not its end")
		}
		_ = gaps(map[string]*logBody{"2026-11": &b}, []LogEnd{{"2026-11", lines, "x"}}, time.Date(2026, 11, 30, 0, 0, 0, 0, time.UTC))
	})
}

// What a machine remembers may be anything: it is believed or not, and never in the way.
func FuzzSeen(f *testing.F) {
	f.Add([]byte(`{"vault":"x","writer":"a","wrote":{"by":"a","generation":1,"digest":"x"},"heads":[{"generation":1,"digest":"x","saved":"2026-11-22T00:00:00Z"}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		d := Door{Dir: t.TempDir(), State: t.TempDir()}
		check(t, os.WriteFile(d.seenFile(), data, 0o600))
		_, _ = d.Apart()
		m := &memory{door: d}
		_, _, _ = m.newest(), m.marks(), d.versions()
	})
}
