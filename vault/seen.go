package vault

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/gofrs/flock"

	"kapu/internal/disk"
	"kapu/seal"
)

// seen is what one machine remembers of a vault's history, in a file of its own that holds no secret. If it is lost,
// nothing is claimed of what was before. docs/formats.md specifies it.
type seen struct {
	Vault string `json:"vault"` // path
	// Writer is the name of this replica, and Wrote what it saved last under that name: an intent record, for it is
	// written before the vault.
	Writer string `json:"writer,omitempty"`
	Wrote  Mark   `json:"wrote,omitzero"`
	// Heads are the saves that this machine has seen and of which none descends from another: the vault as it was last
	// read here, then those that it does not descend from.
	Heads []head   `json:"heads,omitempty"`
	Log   []LogEnd `json:"log,omitempty"`
}

// head is a save of which this machine keeps a copy.
type head struct {
	Mark
	Saved time.Time `json:"saved"`
}

// keepVersions is how long a copy stays that was merged or discarded.
const keepVersions = keepDays * 24 * time.Hour

func (d Door) seenFile() string   { return d.stateFile("-seen.json") }
func (d Door) versionDir() string { return d.stateFile("-versions") }

// readSeen returns nothing seen where nothing is remembered.
func (d Door) readSeen() (s seen) {
	if d.State == "" {
		return s
	}
	data, err := disk.ReadTrusted(d.seenFile())
	if err != nil || json.Unmarshal(data, &s) != nil || s.Vault != d.path() {
		return seen{}
	}
	return s
}

// changeSeen is a read-modify-write of what is remembered, exclusive between processes as far as the folder has locks.
// Without a state folder it is remembered by the handle alone. The change returns false to leave all as it is.
func (m *memory) changeSeen(change func(*seen) bool) error {
	if m.door.State == "" {
		change(&m.own)
		return nil
	}
	if err := disk.TrustedFolder(m.door.State); err != nil {
		return err
	}
	lock := flock.New(m.door.stateFile("-seen.lock"), flock.SetPermissions(0o600))
	if leave, err := lockFile(context.Background(), lock, m.door.seenFile()); err == nil {
		defer leave()
		removeUnfinished(m.door.seenFile()) // of processes that were killed
	}
	s := m.door.readSeen()
	s.Vault = m.door.path()
	if !change(&s) {
		return nil
	}
	data, err := json.Marshal(s)
	if err == nil {
		_, err = writeFile(m.door.seenFile(), append(data, '\n'))
	}
	return err
}

// remembered is what this machine has seen.
func (m *memory) remembered() seen {
	if m.door.State == "" {
		m.mu.Lock()
		defer m.mu.Unlock()
		return m.own
	}
	return m.door.readSeen()
}

// beginWrite gives contents that are about to be saved the name of their writer, and records the save before it
// happens. A replica whose last save is no forerunner of this one (it was lost or hidden, or a crash left it open
// whether it happened) takes a new name, so that one name always stands for one chain. The same for a machine that
// cannot remember.
func (m *memory) beginWrite(c *Contents, encode func() ([]byte, error)) (plain []byte, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	failed := m.changeSeen(func(s *seen) bool {
		if s.Writer == "" || !c.descends(s.Wrote) {
			s.Writer = newID()
		}
		c.by = s.Writer
		if plain, err = encode(); err != nil {
			return false
		}
		c.digest = digestOf(plain)
		s.Wrote = c.Mark()
		return true
	})
	if err == nil && failed != nil {
		c.by = newID()
		if plain, err = encode(); err == nil {
			c.digest = digestOf(plain)
		}
	}
	return plain, err
}

// saw records a save that was read or written, with its sealed bytes, of which this machine keeps a copy, and what was
// written into the log ahead of it. What it had seen before and that this save does not descend from stays beside it.
// What was read while another process saved is nothing new: stale says that the file has been replaced since; a process
// renames the file before it records the save.
func (m *memory) saw(c *Contents, sealed []byte, id *seal.Identity, written appended, stale func() bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	_ = m.changeSeen(func(s *seen) bool { // best effort: no reason to refuse a person their codes
		before := s.Heads
		missing := slices.DeleteFunc(slices.Clone(before), func(h head) bool {
			return c.MayDescend(h.Mark) || m.door.foreign(h, id)
		})
		if len(missing) > 0 && stale() {
			return false
		}
		m.apart = m.door.apart(c, missing, id)
		log := s.Log
		if !m.door.ownLog() {
			log = joinEnds(s.Log, c.logEnds)
		}
		log = written.into(log)
		if len(before) > 0 && before[0].Mark == c.Mark() && len(before) == len(missing)+1 && slices.Equal(log, s.Log) {
			return false
		}
		s.Heads, s.Log = append([]head{{c.Mark(), c.Saved}}, missing...), log
		m.door.keepVersion(s.Heads[0], sealed)
		m.door.tidyVersions(c, before, s.Heads)
		return true
	})
}

// foreign says whether a head is another vault's, which lay in the same place: another identity's.
func (d Door) foreign(h head, id *seal.Identity) bool {
	_, err := d.openVersion(h.file(), id)
	return errors.Is(err, seal.ErrNotAddressed)
}

// file is the name of a head's copy in the folder of versions.
func (h head) file() string { return versionName(h.Generation, h.Digest) }

// keepVersion writes the copy of a head.
func (d Door) keepVersion(h head, sealed []byte) {
	if d.State == "" || disk.Folder(d.versionDir()) != nil {
		return
	}
	path := filepath.Join(d.versionDir(), h.file())
	if _, err := os.Stat(path); err != nil {
		_, _ = writeFile(path, sealed)
	}
}

// tidyVersions deletes the copy of what the vault has gone on from. One that was apart from the vault and is so no
// more, or is of a former identity, stays for thirty days.
func (d Door) tidyVersions(c *Contents, before, now []head) {
	if d.State == "" {
		return
	}
	needed := func(h head) bool {
		return slices.ContainsFunc(now, func(n head) bool { return n.Mark == h.Mark })
	}
	for i, h := range before {
		path := filepath.Join(d.versionDir(), h.file())
		switch {
		case needed(h):
		case i == 0 && c.MayDescend(h.Mark):
			_ = disk.Remove(path)
		default:
			_ = os.Chtimes(path, time.Time{}, time.Now())
		}
	}
	entries, _ := os.ReadDir(d.versionDir())
	for _, e := range entries {
		info, err := e.Info()
		kept := slices.ContainsFunc(now, func(n head) bool { return n.file() == e.Name() })
		if _, ours := versionOf(e.Name()); err == nil && !kept && ours && time.Since(info.ModTime()) > keepVersions {
			_ = disk.Remove(filepath.Join(d.versionDir(), e.Name()))
		}
	}
	removeUnfinished(filepath.Join(d.versionDir(), "*.age"))
}

// logged records how far the log goes after this machine has written it, and no vault.
func (m *memory) logged(log appended) {
	if len(log.ends) == 0 {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	_ = m.changeSeen(func(s *seen) bool {
		ends := log.into(s.Log)
		changed := !slices.Equal(ends, s.Log)
		s.Log = ends
		return changed
	})
}

// newest is the highest generation this machine knows of.
func (m *memory) newest() (generation uint64) {
	for _, h := range m.remembered().Heads {
		generation = max(generation, h.Generation)
	}
	return generation
}

// marks are the saves that this machine has seen, for a vault that is made anew where one was.
func (m *memory) marks() (marks []Mark) {
	for _, h := range m.remembered().Heads {
		marks = append(marks, h.Mark)
	}
	return marks
}

// versionName names the copy of a save.
func versionName(generation uint64, digest string) string {
	return backupNumber(generation) + "-" + digest + backupEnd
}

// versionOf says which generation a version's name stands for.
func versionOf(name string) (generation uint64, ok bool) {
	number, digest, ok1 := strings.Cut(strings.TrimSuffix(name, backupEnd), "-")
	generation, ok2 := parseNumber(number)
	_, err := digestForm.DecodeString(strings.ToUpper(digest))
	return generation, ok1 && ok2 && err == nil && len(digest) == 52 && strings.HasSuffix(name, backupEnd)
}
