package tray

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"kapu/lang"
)

// entry is a row that can be filed: a client's, or a submenu of such. They stand in the order of their names.
type entry struct {
	row
	first, last string // the names that it begins and ends with
}

// cuts are sticky partition boundaries, by the path of what is cut: one more client does not move them, and with them
// rows from submenu to submenu.
type cuts map[string][]cut

// cut lies between two entries.
type cut struct {
	number        int // of the part that begins here; the first part is 0
	at            int
	after, before string // the ids of the entries on either side
}

// filing makes a balanced tree of submenus of lists that are too long for a menu.
type filing struct {
	old, kept cuts // of the menu before, and of this one
}

// deeper ends a path that goes on below. No folder is called so.
const deeper = "\x00"

// file returns at most so many rows for the entries of a path: these themselves, or submenus of at most maxRows, and
// submenus of such as deep as it takes.
func (f *filing) file(path string, entries []entry, most int) []row {
	for len(entries) > most {
		path += deeper
		entries = f.split(path, entries)
	}
	rows := make([]row, len(entries))
	for i := range entries {
		rows[i] = entries[i].row
	}
	return rows
}

// split partitions entries into submenus of at most maxRows, each titled by what its names begin with.
func (f *filing) split(path string, entries []entry) []entry {
	numbers, starts := f.cutAgain(path, entries)
	ends := append(slices.Clone(starts[1:]), len(entries))
	titles := partTitles(entries, starts, ends)
	parts := make([]entry, len(starts))
	for i, at := range starts {
		members := entries[at:ends[i]]
		r := row{key: key{open, path + strconv.Itoa(numbers[i])}, label: titles[i], rows: make([]row, len(members))}
		for n := range members {
			r.rows[n] = members[n].row
		}
		parts[i] = entry{r, members[0].first, members[len(members)-1].last}
		if i > 0 {
			f.kept[path] = append(f.kept[path], cut{numbers[i], at, entries[at-1].id, entries[at].id})
		}
	}
	return parts
}

// cutAgain returns where the parts begin. Only a part that has become too long is cut anew.
func (f *filing) cutAgain(path string, entries []entry) (numbers, starts []int) {
	old := append([]cut{{}}, oldCuts(f.old[path], entries)...)
	free := 0
	for _, c := range old {
		free = max(free, c.number+1)
	}
	for i, c := range old {
		numbers, starts = append(numbers, c.number), append(starts, c.at)
		end := len(entries)
		if i+1 < len(old) {
			end = old[i+1].at
		}
		if end-c.at <= maxRows && len(old) > 1 {
			continue
		}
		for _, at := range newStarts(c.at, end, entries) {
			numbers, starts = append(numbers, free), append(starts, at)
			free++
		}
	}
	return numbers, starts
}

// oldCuts finds the former cuts again, unless they would make too many parts by now.
func oldCuts(old []cut, entries []entry) (found []cut) {
	if len(old) == 0 || len(old) >= 2*fewestParts(len(entries)) {
		return nil
	}
	place := make(map[string]int, len(entries))
	for n := range entries {
		place[entries[n].id] = n
	}
	last := 0
	for _, c := range old {
		at := -1
		if n, ok := place[c.before]; ok {
			at = n
		}
		// One of the two may have been renamed and sits elsewhere now: the other is nearer to where it was.
		if n, ok := place[c.after]; ok && (at < 0 || distance(n+1, c.at) < distance(at, c.at)) {
			at = n + 1
		}
		if at > last && at < len(entries) {
			c.at, last = at, at
			found = append(found, c)
		}
	}
	return found
}

// usualRows is the length of a part at first. It leaves the cuts some choice, and clients room to come.
const usualRows = 20

// fewestParts is how many parts so many entries are cut into: what is cut at all makes two.
func fewestParts(entries int) int { return max(2, (entries+usualRows-1)/usualRows) }

// newStarts cuts what lies from one place to another into few parts of about the same length, where the beginnings of
// the names on either side differ soonest.
func newStarts(from, to int, entries []entry) (starts []int) {
	for parts := fewestParts(to - from); parts > 1; parts-- {
		even := (to - from) / parts
		ideal := from + even
		first := max(ideal-even/4, from+1, to-maxRows*(parts-1))
		last := min(ideal+even/4, from+maxRows, to-(parts-1))
		best, bestCost := ideal, -1
		for at := first; at <= last; at++ {
			cost := apart(entries[at-1].last, entries[at].first)*maxRows + distance(at, ideal)
			if bestCost < 0 || cost < bestCost {
				best, bestCost = at, cost
			}
		}
		starts = append(starts, best)
		from = best
	}
	return starts
}

// partTitles names the parts by the beginnings of their first and last names, as long as it takes to tell them from
// their neighbours: "A–Cz", "Cs–K". If names are too much alike, by numbers.
func partTitles(entries []entry, starts, ends []int) []string {
	titles := make([]string, len(starts))
	seen := map[string]bool{}
	for i := range starts {
		first, last := 1, 1
		if i > 0 {
			first = apart(entries[starts[i]-1].last, entries[starts[i]].first)
		}
		if i < len(starts)-1 {
			last = apart(entries[ends[i]-1].last, entries[ends[i]].first)
		}
		begin, end := entries[starts[i]].first, entries[ends[i]-1].last
		from, to := prefix(begin, first), prefix(end, last)
		if strings.HasPrefix(from, to) || strings.HasPrefix(to, from) { // "Téve–T" reads oddly
			length := max(first, last)
			from, to = prefix(begin, length), prefix(end, length)
		}
		titles[i] = from + "–" + to
		if from == to {
			titles[i] = from
		}
		if seen[titles[i]] {
			return numberTitles(starts, ends)
		}
		seen[titles[i]] = true
	}
	return titles
}

func numberTitles(starts, ends []int) []string {
	titles := make([]string, len(starts))
	for i := range starts {
		titles[i] = strconv.Itoa(starts[i]+1) + "–" + strconv.Itoa(ends[i])
	}
	return titles
}

// maxPrefix is how much of a name a title may hold.
const maxPrefix = 12

// apart returns how many letters it takes to tell two names apart without accents and case, but not more than
// a title holds.
func apart(a, b string) int {
	for n := 1; n < maxPrefix; n++ {
		if lang.Fold(prefix(a, n)) != lang.Fold(prefix(b, n)) {
			return n
		}
	}
	return maxPrefix
}

// prefix is the first n letters of a name, from the first one on, with the marks that belong to the last of them. A
// number is not cut: names are sorted by its value, and "2" for "29" would be untrue.
func prefix(name string, n int) string {
	if i := strings.IndexFunc(name, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }); i > 0 {
		name = name[i:] // they are sorted without quotes, too
	}
	letters := 0
	last := ' '
	for at, r := range name {
		if unicode.Is(unicode.Mn, r) {
			continue
		}
		if letters >= n && !(unicode.IsDigit(last) && unicode.IsDigit(r)) {
			return strings.TrimSpace(name[:at])
		}
		letters++
		last = r
	}
	return name
}

func distance(a, b int) int { return max(a-b, b-a) }
