package config

import (
	"slices"

	"kapu/lang"
)

// Group is the presentation of a folder in this person's menu. The order of groups is the order of folders.
type Group struct {
	Folder string `toml:"folder"`
	// Clients are extra members: names, tax numbers or ids of clients filed elsewhere.
	Clients []string `toml:"clients,omitempty"`
	// LockAfter locks the group's clients when no code of any of them was taken for so long; 0 never.
	LockAfter Duration `toml:"lock_after,omitempty"`
}

// Members is an index from clients to the groups that they belong to. Case and accents do not count.
type Members struct {
	folder map[string]int   // folded folder → group
	extra  map[string][]int // folded name, tax number or id → the groups that want such a client
	folded map[string]string
}

// MembersOf builds the index. It is not safe for concurrent use: Group fills a cache.
func MembersOf(groups []Group) *Members {
	m := &Members{folder: map[string]int{}, extra: map[string][]int{}, folded: map[string]string{}}
	for n, g := range groups {
		m.folder[lang.Fold(g.Folder)] = n
		for _, c := range g.Clients {
			if c = lang.Fold(c); c != "" && !slices.Contains(m.extra[c], n) {
				m.extra[c] = append(m.extra[c], n)
			}
		}
	}
	return m
}

// Group returns the group of a folder, or -1.
func (m *Members) Group(folder string) int {
	f, known := m.folded[folder]
	if !known { // few folders, many clients: each is folded once
		f = lang.Fold(folder)
		m.folded[folder] = f
	}
	if n, ok := m.folder[f]; ok {
		return n
	}
	return -1
}

// Of returns the groups of a client, in their order.
func (m *Members) Of(folder, name, taxNumber, id string) []int {
	var in []int
	if len(m.extra) > 0 {
		in = slices.Concat(m.extra[lang.Fold(name)], m.extra[lang.Fold(taxNumber)], m.extra[lang.Fold(id)])
	}
	if n := m.Group(folder); n >= 0 {
		in = append(in, n)
	}
	slices.Sort(in)
	return slices.Compact(in)
}
