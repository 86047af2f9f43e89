package exchange

import (
	"strconv"
	"strings"

	"kapu/lang"
	"kapu/qr"
)

// Share is an entry's place among several QR codes that belong together: a transfer of Google Authenticator, each code
// of which holds whole accounts, or a text split among codes (structured append), of which none says anything alone.
type Share struct {
	batch
	index uint64
	part  qr.Symbol // of a split text; then the entry is none yet
}

// batch is what all codes of a transfer of Google Authenticator have in common.
type batch struct{ id, size uint64 }

// splitText is what all parts of a split text have in common.
type splitText struct {
	of     int
	parity byte
}

// settle puts split texts together, and doubts the entries of transfers of which codes are missing: they are whole in
// themselves, but who takes them alone may lose the others without knowing it. It is idempotent, and may be called
// again when more has been read.
func settle(entries []Entry) []Entry {
	entries = join(entries)
	there := map[batch]map[uint64]bool{}
	for _, e := range entries {
		if e.Share != nil && e.Share.size > 0 {
			note(there, e.Share.batch, e.Share.index, true)
		}
	}
	for i := range entries {
		e := &entries[i]
		if e.Share == nil || e.Share.size == 0 {
			continue
		}
		if e.Doubt != nil && e.Doubt.ID == "import-migration-missing" { // of what had been read until now
			e.Doubt = nil
		}
		if lost := missing(there[e.Share.batch], int(e.Share.size)); lost != "" && e.Refuse == nil && e.Doubt == nil {
			e.Doubt = lang.E("import-migration-missing", "Missing", lost, "All", e.Share.size)
		}
	}
	return entries
}

// note puts a value into a map of maps.
func note[G, K comparable, V any](groups map[G]map[K]V, group G, key K, value V) {
	if groups[group] == nil {
		groups[group] = map[K]V{}
	}
	groups[group][key] = value
}

// missing names the codes that are not there, as a person counts.
func missing[K int | uint64, V any](there map[K]V, of int) string {
	var numbers []string
	for n := range of {
		if _, ok := there[K(n)]; !ok {
			numbers = append(numbers, strconv.Itoa(n+1))
		}
	}
	return strings.Join(numbers, ", ")
}

// join makes entries of the split texts whose parts are all there, in the place of the first part that was read, and
// refuses the parts of others.
func join(entries []Entry) []Entry {
	there := map[splitText]map[int]string{}
	differ := map[splitText]bool{} // two texts of the same mark: which part belongs to which cannot be known
	for _, e := range entries {
		if s, part, ok := partOf(e); ok {
			text, twice := there[s][part.Part.Index]
			differ[s] = differ[s] || twice && text != part.Text
			note(there, s, part.Part.Index, part.Text)
		}
	}
	if len(there) == 0 {
		return entries
	}
	var joined []Entry
	done := map[splitText]bool{}
	for _, e := range entries {
		s, _, ok := partOf(e)
		switch {
		case !ok:
			joined = append(joined, e)
			continue
		case done[s]:
			continue
		}
		text, err := s.text(there[s], differ[s])
		if err != nil {
			e.Refuse = err
			joined = append(joined, e)
			continue
		}
		done[s] = true
		for _, whole := range readSymbol(e.Line, text) {
			whole.File, whole.Sheet = e.File, e.Sheet
			joined = append(joined, whole)
		}
	}
	return joined
}

func partOf(e Entry) (splitText, qr.Symbol, bool) {
	if e.Share == nil || !e.Share.part.Part.Split() {
		return splitText{}, qr.Symbol{}, false
	}
	p := e.Share.part
	return splitText{p.Part.Of, p.Part.Parity}, p, true
}

// text is the whole of a split text, or the sentence that says why there is none.
func (s splitText) text(parts map[int]string, differ bool) (string, *lang.Error) {
	if differ {
		return "", lang.E("import-qr-parts-differ", "All", s.of)
	}
	if lost := missing(parts, s.of); lost != "" {
		return "", lang.E("import-qr-part", "Missing", lost, "All", s.of)
	}
	var texts []string
	for n := range s.of {
		texts = append(texts, parts[n])
	}
	text, ok := qr.Join(texts, s.parity)
	if !ok {
		return "", lang.E("import-qr-parts-differ", "All", s.of)
	}
	return text, nil
}
