package tray

import (
	"slices"
	"strconv"

	"kapu/lang"
)

// folder is a submenu to be: its members are places in the list of clients, so they sort by number.
type folder struct {
	key, title string
	members    []int
}

// folders makes the middle zone: submenus in the person's order, and rows.
func folders(s state, labels []string) (submenus, rest []row, kept cuts) {
	all, unfiled := sortIntoFolders(s)
	client := func(i int) row { return row{key: key{copyCode, s.clients[i].ID}, label: labels[i]} }
	if len(all) == 0 && len(unfiled) <= maxRows {
		for _, i := range unfiled {
			rest = append(rest, client(i))
		}
		return nil, rest, nil
	}
	if len(unfiled) > 0 {
		all = append(all, folder{"", s.texts.T("tray-unfiled"), unfiled})
	}
	kept = cuts{}
	reachable := map[int]bool{}
	for _, f := range all {
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
	var groups, others []folder
	group := map[string]int{}
	extra := map[string][]int{} // name, tax number or id → the groups that want such a client
	for _, g := range s.groups {
		k := lang.Fold(g.Folder)
		n, known := group[k]
		if !known {
			n = len(groups)
			group[k] = n
			groups = append(groups, folder{key: k, title: g.Folder})
		}
		for _, c := range g.Clients {
			if c = lang.Fold(c); c != "" && !slices.Contains(extra[c], n) {
				extra[c] = append(extra[c], n)
			}
		}
	}
	other := map[string]int{}
	fold := map[string]string{} // few folders, many clients: each is folded once
	for i := range s.clients {
		c := &s.clients[i]
		k, known := fold[c.Folder]
		if !known {
			k = lang.Fold(c.Folder)
			fold[c.Folder] = k
		}
		in := []int{}
		if len(extra) > 0 {
			in = slices.Concat(extra[lang.Fold(c.Name)], extra[lang.Fold(c.TaxNumber)], extra[lang.Fold(c.ID)])
		}
		if n, ok := group[k]; ok {
			in = append(in, n)
		} else if k != "" {
			n, known := other[k]
			if !known {
				n = len(others)
				other[k] = n
				others = append(others, folder{key: k, title: c.Folder})
			}
			others[n].members = append(others[n].members, i)
		}
		slices.Sort(in)
		for _, n := range slices.Compact(in) {
			groups[n].members = append(groups[n].members, i)
		}
		if k == "" && len(in) == 0 {
			unfiled = append(unfiled, i)
		}
	}
	groups = slices.DeleteFunc(groups, func(f folder) bool { return len(f.members) == 0 })
	lang.Sort(others, func(f folder) string { return f.title })
	return append(groups, others...), unfiled
}
