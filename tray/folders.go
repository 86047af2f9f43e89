package tray

import (
	"slices"
	"strconv"

	"kapu/config"
	"kapu/lang"
)

// folder is a partition of the clients that becomes a submenu. Members are indices into the sorted list of clients.
type folder struct {
	key, title string
	members    []int
	locked     bool
}

// folders makes the middle zone: submenus in the person's order, and rows.
func folders(s state) (submenus, rest []row, kept cuts) {
	all, unfiled := sortIntoFolders(s)
	client := func(i int) row { return row{key: key{copyCode, s.clients[i].ID}, label: s.clients[i].Label()} }
	if len(all) == 0 && len(unfiled) <= maxRows {
		for _, i := range unfiled {
			rest = append(rest, client(i))
		}
		return nil, rest, nil
	}
	if len(unfiled) > 0 {
		all = append(all, folder{title: s.texts.T("tray-unfiled"), members: unfiled})
	}
	kept = cuts{}
	reachable := map[int]bool{}
	for _, f := range all {
		if f.locked {
			submenus = append(submenus, lockedFolder(f, s))
			continue
		}
		for _, p := range split(f, s, kept) {
			if len(submenus) == maxFolders {
				break
			}
			r := row{key: key{open, f.key + "/" + strconv.Itoa(p.number)}, label: p.title}
			for _, i := range p.members {
				r.rows = append(r.rows, client(i))
				reachable[i] = true
			}
			submenus = append(submenus, r)
		}
	}
	if more := len(s.clients) - len(reachable); more > 0 {
		rest = append(rest, moreRow(s, more))
	}
	return submenus, rest, kept
}

// lockedFolder is the placeholder of a group that has locked itself: it says so, and unlocks it.
func lockedFolder(f folder, s state) row {
	return row{
		key: key{open, f.key + "/locked"}, label: s.texts.T("tray-folder-locked", "Folder", f.title),
		rows: []row{{key: key{unlockGroup, f.title}, label: s.texts.T("tray-folder-unlock", "Folder", f.title)}},
	}
}

// moreRow says how many clients have no place in the menu, and leads to the search.
func moreRow(s state, n int) row {
	if s.prompts {
		return row{key: key{search, "more"}, label: s.texts.N("tray-more", n)}
	}
	return says("more", s.texts.N("tray-more-command", n))
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
