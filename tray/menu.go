package tray

import (
	"slices"

	"kapu/agent"
	"kapu/config"
	"kapu/icons"
	"kapu/lang"
)

// verb is the command of a row.
type verb uint8

const (
	nothing   verb = iota // the row only says something
	copyCode              // of the client with the row's id
	copyFound             // the same, but it is a search result: a second row of that client
	signIn                // the user name of that client, and the code after it
	open                  // a submenu
	unlock
	unlockGroup // that has locked itself; the row's id is the folder
	search
	deadlines // that run out soon
	inOffice  // something there wants the person
	manage
	add
	importClients
	begin // with a vault that is yet to be made, or restored; the row's id is the page that the door leads to
	recovery
	upgrade // there is a newer version
	lock
	quit
	leftClick   // on the icon, where the panel does not open the menu itself
	middleClick // on the icon
)

// key is the identity of a row across two menus, as in a virtual DOM: the same key is the same row, whatever its label.
type key struct {
	verb verb
	id   string
}

// client is whether a click on the row hands out somebody's code or user name.
func (k key) client() bool { return k.verb == copyCode || k.verb == copyFound || k.verb == signIn }

// row is a node of the virtual menu. Only one with the verb open has children.
type row struct {
	key
	label  string
	hidden bool // it keeps its place in the menu but is not shown
	rows   []row
}

// state is the input of build: all that the menu depends on.
type state struct {
	locked  bool
	vault   bool                // there is a vault that could be unlocked
	prompts bool                // the desktop can ask the person something
	due     int                 // deadlines that run out soon, or have
	remind  bool                // the recovery key is not on paper yet
	newer   string              // version than this one, "" if none is known
	office  *agent.OfficeStatus // nil: the vault is in none
	clients []agent.Client
	groups  []config.Group
	// lockedFolders are those of the groups that have locked themselves; their clients are not among the clients.
	lockedFolders []string
	found         *searchResult
	cuts          cuts // of the menu before
	texts         *lang.Texts
}

// searchResult is what a search has matched; it stands in the menu for resultTime.
type searchResult struct {
	query string
	ids   []string
}

// menu is the virtual tree: what the person is to see, as three zones with a line between them, each with at least one
// row. The middle zone is submenus first, then rows.
type menu struct {
	title   string
	top     []row // the upper zone, and recent below it
	recent  []row
	signIn  []row // below these, a submenu of the same clients
	folders []row
	rest    []row
	foot    []row
	cuts    cuts
	icon    icons.State

	lockedFolders []string
}

// The most that is shown at once. Whatever there is, the whole menu has at most mostRows, which fit a screen of 800
// pixels beside its panel: the search, and the lock at the end, are always in sight. What is more is filed in submenus.
const (
	mostRows      = mostTop + mostSignIn + mostMiddle + mostFoot
	mostTop       = 10
	maxFavourites = 8
	maxRecent     = 5
	maxFound      = mostTop - 2 // their heading, and how many more there are
	mostSignIn    = 1
	mostMiddle    = 10
	mostFoot      = 10
	maxRows       = 25 // of a submenu
)

// build is the pure function from state to menu. While locked the result holds no client's name.
func build(s state) menu {
	t := s.texts
	m := menu{foot: foot(s), lockedFolders: s.lockedFolders, icon: icons.Open}
	about, urgent := officeText(s.office, t)
	switch {
	case s.locked:
		m.icon = icons.Locked
	case s.due > 0, urgent:
		m.icon = icons.Attention
	}
	switch {
	case s.locked && s.vault:
		m.title = t.T("tray-locked")
		m.top = []row{says("status", m.title)}
		m.rest = []row{{key: key{verb: unlock}, label: t.T("tray-unlock")}}
	case s.locked:
		m.title = t.T("tray-none")
		m.top = []row{says("status", m.title)}
		m.rest = doors(t)
	case len(s.clients)+len(s.lockedFolders) == 0:
		m.title = t.T("tray-empty")
		m.top = []row{says("status", m.title)}
		m.rest = firstSteps(s)
	default:
		m.title = t.N("tray-clients", len(s.clients))
		if s.due > 0 {
			m.title += ", " + t.N("tray-due", s.due)
		}
		m.top, m.recent = top(s)
		m.signIn = signIns(s, slices.Concat(m.top, m.recent))
		m.folders, m.rest, m.cuts = folders(s, mostTop-len(m.top))
		if len(m.top)+len(m.recent) == 0 {
			m.top = []row{says("status", m.title)}
		}
	}
	if urgent && !s.locked {
		m.title += ", " + about
	}
	return m
}

// says makes a row that cannot be clicked.
func says(id, label string) row { return row{key: key{nothing, id}, label: label} }

// doors are the ways to a first vault.
func doors(t *lang.Texts) []row {
	return []row{
		{key: key{begin, "import"}, label: t.T("page-door-import") + "…"},
		{key: key{begin, "add"}, label: t.T("page-door-add") + "…"},
		{key: key{begin, "office"}, label: t.T("page-door-join") + "…"},
		{key: key{begin, "restore"}, label: t.T("page-restore") + "…"},
	}
}

// firstSteps are what a person can do who has no clients yet.
func firstSteps(s state) []row {
	if !s.prompts {
		return []row{says("first", s.texts.T("tray-first"))}
	}
	return []row{
		{key: key{verb: importClients}, label: s.texts.T("tray-import")},
		{key: key{verb: add}, label: s.texts.T("tray-add")},
	}
}

// foot is the lowest zone. Its rows keep their places, shown or not.
func foot(s state) []row {
	some := !s.locked && len(s.clients)+len(s.lockedFolders) > 0
	asking := s.prompts && some
	about, _ := officeText(s.office, s.texts)
	return []row{
		{key: key{verb: inOffice}, label: about + "…", hidden: s.locked || about == ""},
		{key: key{verb: deadlines}, label: s.texts.N("tray-deadlines", s.due), hidden: s.locked || s.due == 0},
		{key: key{verb: search}, label: s.texts.T("tray-search"), hidden: !some},
		{key: key{verb: manage}, label: s.texts.T("tray-manage"), hidden: s.locked},
		{key: key{verb: add}, label: s.texts.T("tray-add"), hidden: !asking},
		{key: key{verb: importClients}, label: s.texts.T("tray-import"), hidden: !asking},
		{key: key{verb: recovery}, label: s.texts.T("tray-recovery"), hidden: !s.prompts || s.locked || !s.remind},
		{key: key{verb: upgrade}, label: s.texts.T("tray-newer", "Version", s.newer), hidden: s.newer == ""},
		{key: key{verb: lock}, label: s.texts.T("tray-lock"), hidden: s.locked},
		{key: key{verb: quit}, label: s.texts.T("tray-quit")},
	}
}

// top is the highest zone: the favourites, and who was worked for last; or, for a while, what a search has found.
func top(s state) (rows, recent []row) {
	if s.found != nil {
		return results(s), nil
	}
	var used []int
	client := func(i int) row { return row{key: key{copyCode, s.clients[i].ID}, label: s.clients[i].Label()} }
	for i := range s.clients {
		switch c := &s.clients[i]; {
		case c.Favourite && len(rows) < maxFavourites:
			rows = append(rows, client(i))
		case !c.LastUsed.IsZero():
			used = append(used, i)
		}
	}
	slices.SortStableFunc(used, func(a, b int) int { return s.clients[b].LastUsed.Compare(s.clients[a].LastUsed) })
	for _, i := range used[:min(len(used), maxRecent, mostTop-len(rows))] {
		recent = append(recent, client(i))
	}
	return rows, recent
}

// signIns is the submenu of those clients of the highest zone who have a user name: a click there copies it, and the
// code after it. Whoever else is wanted is clicked once, or found, and so comes into that zone.
func signIns(s state, top []row) []row {
	named := make(map[string]bool, len(s.clients))
	for i := range s.clients {
		if s.clients[i].UserName != "" {
			named[s.clients[i].ID] = true
		}
	}
	r := row{key: key{verb: open, id: "sign-in"}, label: s.texts.T("tray-sign-in")}
	for _, c := range top {
		if named[c.id] {
			r.rows = append(r.rows, row{key: key{signIn, c.id}, label: c.label})
		}
	}
	if len(r.rows) == 0 {
		return nil
	}
	return []row{r}
}

// results are the rows of a search. Who was removed since has none.
func results(s state) []row {
	if s.found == nil {
		return nil
	}
	wanted := make(map[string]bool, len(s.found.ids))
	for _, id := range s.found.ids {
		wanted[id] = true
	}
	rows := []row{says("found", s.texts.T("tray-found", "Query", shorten(s.found.query)))}
	more := 0
	for i := range s.clients {
		switch {
		case !wanted[s.clients[i].ID]:
		case len(rows) > maxFound:
			more++
		default:
			rows = append(rows, row{key: key{copyFound, s.clients[i].ID}, label: s.clients[i].Label()})
		}
	}
	if more > 0 {
		rows = append(rows, says("found-more", s.texts.N("tray-found-more", more)))
	}
	return rows
}

// shorten truncates what a person typed to 40 characters and an ellipsis, so that it can stand in a row.
func shorten(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}
