package tray

import (
	"slices"

	"kapu/config"
	"kapu/lang"
)

// folder is a partition of the clients that becomes a submenu. Members are indices into the sorted list of clients.
type folder struct {
	key, title string
	members    []int
	locked     bool
}

// folders makes the middle zone: submenus in the person's order, one for each folder, or rows. What is more is filed in
// submenus, so that everybody has a place. Where nobody is in a folder, a list may have the rows, too, that the zone
// above has to spare.
func folders(s state, spare int) (submenus, rest []row, kept cuts) {
	all, unfiled := sortIntoFolders(s)
	f := filing{s.cuts, cuts{}}
	clients := func(members []int) []entry {
		entries := make([]entry, len(members))
		for n, i := range members {
			c := &s.clients[i]
			entries[n] = entry{row{key: key{copyCode, c.ID}, label: c.Label()}, c.Name, c.Name}
		}
		return entries
	}
	if len(all) == 0 {
		rows := f.file("", clients(unfiled), mostMiddle+max(spare-maxRecent, 0))
		if len(rows) > 0 && rows[0].verb == open {
			return rows, nil, f.kept
		}
		return nil, rows, f.kept
	}
	if len(unfiled) > 0 {
		all = append(all, folder{title: s.texts.T("tray-unfiled"), members: unfiled})
	}
	for _, a := range all {
		if a.locked {
			submenus = append(submenus, lockedFolder(a, s))
			continue
		}
		r := row{key: key{open, a.key}, label: a.title}
		r.rows = f.file(a.key, clients(a.members), maxRows)
		submenus = append(submenus, r)
	}
	return f.fewer(submenus, mostMiddle, s.texts), nil, f.kept
}

// fewer files the last of the folders, by their titles, in one submenu if there are too many.
func (f *filing) fewer(submenus []row, most int, texts *lang.Texts) []row {
	if len(submenus) <= most {
		return submenus
	}
	const path = "more" + deeper + deeper + deeper
	entries := make([]entry, 0, len(submenus))
	for _, r := range submenus[most-1:] {
		entries = append(entries, entry{r, r.label, r.label})
	}
	lang.Sort(entries, func(e entry) string { return e.label })
	more := row{key: key{open, path}, label: texts.N("tray-more-folders", len(entries))}
	more.rows = f.file(path, entries, maxRows)
	return append(slices.Clone(submenus[:most-1]), more)
}

// lockedFolder is the placeholder of a group that has locked itself: it says so, and unlocks it.
func lockedFolder(f folder, s state) row {
	return row{
		key: key{open, f.key + deeper + "locked"}, label: s.texts.T("tray-folder-locked", "Folder", f.title),
		rows: []row{{key: key{unlockGroup, f.title}, label: s.texts.T("tray-folder-unlock", "Folder", f.title)}},
	}
}

// sortIntoFolders returns the folders that have members, the person's groups first, then in Hungarian order;
// and the clients that are in none. Folders that differ only in case or accents are one.
func sortIntoFolders(s state) (all []folder, unfiled []int) {
	members := config.MembersOf(s.groups)
	groups := make([]folder, len(s.groups))
	for n, g := range s.groups {
		groups[n] = folder{key: lang.Fold(g.Folder), title: g.Folder}
	}
	for _, locked := range s.lockedFolders {
		n := members.Group(locked)
		if n < 0 { // the settings have changed since the unlocking, by which the agent goes on
			n = len(groups)
			groups = append(groups, folder{key: lang.Fold(locked), title: locked})
		}
		groups[n].locked = true
	}
	var others []folder
	other := map[string]int{} // folder as it is written → where it is among the others, or -1
	for i := range s.clients {
		c := &s.clients[i]
		in := members.Of(c.Folder, c.Name, c.TaxNumber, c.ID)
		for _, n := range in {
			groups[n].members = append(groups[n].members, i)
		}
		if members.Group(c.Folder) >= 0 {
			continue
		}
		n, known := other[c.Folder]
		if !known {
			n = -1
			if k := lang.Fold(c.Folder); k != "" {
				if n = slices.IndexFunc(others, func(f folder) bool { return f.key == k }); n < 0 {
					n = len(others)
					others = append(others, folder{key: k, title: c.Folder})
				}
			}
			other[c.Folder] = n
		}
		if n >= 0 {
			others[n].members = append(others[n].members, i)
		} else if len(in) == 0 {
			unfiled = append(unfiled, i)
		}
	}
	groups = slices.DeleteFunc(groups, func(f folder) bool { return len(f.members) == 0 && !f.locked })
	lang.Sort(others, func(f folder) string { return f.title })
	return append(groups, others...), unfiled
}
