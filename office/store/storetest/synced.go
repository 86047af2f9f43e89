package storetest

import (
	"bytes"
	"context"
	"maps"
	"slices"
)

// Synced simulates eventual consistency: a folder that a program carries between devices. Each device has a copy,
// and a name is given once in each copy only: of two devices that take the same name before their copies meet, both are
// told yes, and then the object of the one that meets the others later is gone. (It becomes a conflict copy, which is
// no object.) What uses a store must get over that.
type Synced struct {
	server Mem
	copies map[int]*replica
}

type replica struct {
	Mem
	known map[string][]byte // what the copy and the server had in common when they last met
}

// Copy is a device's own copy.
func (s *Synced) Copy(device int) *Mem {
	if s.copies == nil {
		s.copies = map[int]*replica{}
	}
	if s.copies[device] == nil {
		s.copies[device] = &replica{known: map[string][]byte{}}
	}
	return &s.copies[device].Mem
}

// Sync brings a device's copy and what the others have handed in together.
func (s *Synced) Sync(device int) {
	mine := s.Copy(device)
	known := s.copies[device].known
	for _, name := range slices.Sorted(maps.Keys(known)) {
		// What was deleted on one side goes on the other, unless it was changed there.
		switch last := known[name]; {
		case !mine.has(name) && bytes.Equal(s.server.objects[name], last):
			s.server.drop(name)
		case !s.server.has(name) && bytes.Equal(mine.objects[name], last):
			mine.drop(name)
		}
	}
	for _, name := range slices.Clone(mine.names) {
		body := mine.objects[name]
		there, taken := s.server.objects[name]
		last, met := known[name]
		switch {
		case taken && bytes.Equal(there, body):
		case taken && !(met && bytes.Equal(there, last)): // else it was changed here alone
			mine.Replace(name, there)
		default:
			s.server.Replace(name, body)
		}
	}
	clear(known)
	for _, name := range s.server.names {
		if !mine.has(name) {
			mine.Replace(name, s.server.objects[name])
		}
		known[name] = s.server.objects[name]
	}
}

func (m *Mem) has(name string) bool { _, ok := m.objects[name]; return ok }

func (m *Mem) drop(name string) { _ = m.Delete(context.Background(), name) }
