package tray

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"kapu/lang"
)

// part is a partition of a folder that is too long for one submenu.
type part struct {
	number  int // stays with the part while others come and go
	title   string
	members []int
}

// cuts are sticky partition boundaries, by folder: one more client does not move them, and with them rows from submenu
// to submenu.
type cuts map[string][]cut

// cut lies between two clients of a folder.
type cut struct {
	number        int // of the part that begins here; the first part is 0
	at            int
	after, before string // the ids of the clients on either side
}

// split partitions a folder into parts of at most maxRows, each titled by what its clients' names begin with.
func split(f folder, s state, kept cuts) []part {
	n := len(f.members)
	if n <= maxRows {
		return []part{{0, f.title, f.members}}
	}
	name := func(i int) string { return s.clients[f.members[i]].Name }
	numbers, starts := cutAgain(f, s, name)
	ends := append(slices.Clone(starts[1:]), n)
	titles := partTitles(f.title, starts, ends, name)
	parts := make([]part, len(starts))
	for i, at := range starts {
		parts[i] = part{numbers[i], titles[i], f.members[at:ends[i]]}
		if i > 0 {
			kept[f.key] = append(kept[f.key], cut{numbers[i], at, s.clients[f.members[at-1]].ID, s.clients[f.members[at]].ID})
		}
	}
	return parts
}

// cutAgain returns where the parts of a folder begin. Only a part that has become too long is cut anew.
func cutAgain(f folder, s state, name func(int) string) (numbers, starts []int) {
	old := append([]cut{{}}, oldCuts(f, s)...)
	free := 0
	for _, c := range old {
		free = max(free, c.number+1)
	}
	for i, c := range old {
		numbers, starts = append(numbers, c.number), append(starts, c.at)
		end := len(f.members)
		if i+1 < len(old) {
			end = old[i+1].at
		}
		if end-c.at <= maxRows {
			continue
		}
		for _, at := range newStarts(c.at, end, name) {
			numbers, starts = append(numbers, free), append(starts, at)
			free++
		}
	}
	return numbers, starts
}

// oldCuts finds the former cuts again, unless they would make too many parts by now.
func oldCuts(f folder, s state) (found []cut) {
	old := s.cuts[f.key]
	if fewest := (len(f.members) + maxRows - 1) / maxRows; len(old) == 0 || len(old) >= 2*fewest {
		return nil
	}
	place := make(map[string]int, len(f.members))
	for n, i := range f.members {
		place[s.clients[i].ID] = n
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
		if at > last && at < len(f.members) {
			c.at, last = at, at
			found = append(found, c)
		}
	}
	return found
}

// usualRows is the length of a part at first. It leaves the cuts some choice, and clients room to come.
const usualRows = 36

// newStarts cuts what lies from one place to another into few parts of about the same length, where the
// beginnings of the names on either side differ soonest.
func newStarts(from, to int, name func(int) string) (starts []int) {
	for parts := (to - from + usualRows - 1) / usualRows; parts > 1; parts-- {
		even := (to - from) / parts
		ideal := from + even
		first := max(ideal-even/4, from+1, to-maxRows*(parts-1))
		last := min(ideal+even/4, from+maxRows, to-(parts-1))
		best, bestCost := ideal, -1
		for at := first; at <= last; at++ {
			cost := apart(name(at-1), name(at))*maxRows + distance(at, ideal)
			if bestCost < 0 || cost < bestCost {
				best, bestCost = at, cost
			}
		}
		starts = append(starts, best)
		from = best
	}
	return starts
}

// partTitles names the parts by the beginnings of their first and last names, as long as it takes to tell
// them from their neighbours: "Kft-k (A–Cz)", "Kft-k (Cs–K)". If names are too much alike, by numbers.
func partTitles(folder string, starts, ends []int, name func(int) string) []string {
	titles := make([]string, len(starts))
	seen := map[string]bool{}
	for i := range starts {
		first, last := 1, 1
		if i > 0 {
			first = apart(name(starts[i]-1), name(starts[i]))
		}
		if i < len(starts)-1 {
			last = apart(name(ends[i]-1), name(ends[i]))
		}
		from, to := prefix(name(starts[i]), first), prefix(name(ends[i]-1), last)
		if strings.HasPrefix(from, to) || strings.HasPrefix(to, from) { // "Téve–T" reads oddly
			length := max(first, last)
			from, to = prefix(name(starts[i]), length), prefix(name(ends[i]-1), length)
		}
		title := fmt.Sprintf("%s (%s–%s)", folder, from, to)
		if from == to {
			title = fmt.Sprintf("%s (%s)", folder, from)
		}
		if seen[title] {
			return numberTitles(folder, starts, ends)
		}
		seen[title] = true
		titles[i] = title
	}
	return titles
}

func numberTitles(folder string, starts, ends []int) []string {
	titles := make([]string, len(starts))
	for i := range starts {
		titles[i] = fmt.Sprintf("%s (%d–%d)", folder, starts[i]+1, ends[i])
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

// prefix is the first n letters of a name, with the marks that belong to the last of them. A number is not cut:
// names are sorted by its value, and "2" for "29" would be untrue.
func prefix(name string, n int) string {
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
