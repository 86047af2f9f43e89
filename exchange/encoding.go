package exchange

import (
	"bytes"
	"iter"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// encodedText is a text of which it is known, or judged, how its letters are encoded. All encodings that come into
// question are supersets of ASCII, so that what separates cells can be found before any letter is read.
type encodedText struct {
	data   []byte
	utf16  bool
	page   *codePage // of what is not UTF-8; nil if all is
	rival  *codePage // fits as well, and makes other letters of some; nil if page is convincing
	strays bool      // most of the letters are UTF-8: only a few pieces are not
}

// codePage is an 8-bit encoding: the letters of its upper half.
type codePage struct {
	name    string
	letters [128]rune
}

// codePages are the encodings in which Hungarian tables are found, the likelier first: Windows ("ANSI"), DOS ("OEM"),
// older Unix programs, the Macintosh, Western Windows, and the Hungarian DOS of before 1990.
var codePages = sync.OnceValue(func() []*codePage {
	of := func(name string, m *charmap.Charmap) *codePage {
		p := &codePage{name: name}
		for i := range p.letters {
			p.letters[i] = m.DecodeByte(byte(128 + i))
		}
		return p
	}
	list := func(name, letters string) *codePage {
		p := &codePage{name: name}
		for i, r := range []rune(letters) {
			p.letters[i] = r
		}
		return p
	}
	return []*codePage{
		of("Windows-1250", charmap.Windows1250), of("CP852", charmap.CodePage852), of("ISO-8859-2", charmap.ISO8859_2),
		list("Mac CE", macCentralEurope), of("Windows-1252", charmap.Windows1252), list("CWI-2", cwi),
	}
})

// The encodings that golang.org/x/text does not have.
const (
	macCentralEurope = "ÄĀāÉĄÖÜáąČäčĆćéŹźĎíďĒēĖóėôöõúĚěü†°Ę£§•¶ß®©™ę¨≠ģĮįĪ≤≥īĶ∂∑łĻļĽľĹĺŅ" +
		"ņŃ¬√ńŇ∆«»…\u00a0ňŐÕőŌ–—“”‘’÷◊ōŔŕŘ‹›řŖŗŠ‚„šŚśÁŤťÍŽžŪÓÔūŮÚůŰűŲųÝýķŻŁżĢˇ"
	cwi = "ÇüéâäàåçêëèïîÍÄÁÉæÆőöÓűÚŰÖÜ¢£¥₧ƒáíóúñÑªŐ¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐" +
		"└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0"
)

// judged finds the encoding of a text.
func judged(data []byte) encodedText {
	if _, ok := utf16Order(data); ok {
		return encodedText{data: data, utf16: true}
	}
	t := encodedText{data: bytes.TrimPrefix(data, []byte("\ufeff"))}
	if utf8.Valid(t.data) {
		return t
	}
	var seen sightings
	utf, other := 0, 0
	for piece := range pieces(t.data) {
		switch {
		case isASCII(piece):
		case utf8.Valid(piece):
			utf++
		default:
			other++
			seen.add(piece)
		}
	}
	t.strays = utf > other
	t.page, t.rival = seen.judge()
	return t
}

// name of the encoding, "" for UTF-8.
func (t encodedText) name() string {
	switch {
	case t.utf16:
		return "UTF-16"
	case t.page == nil:
		return ""
	case t.strays:
		return "UTF-8, " + t.page.name
	}
	return t.page.name
}

// all is the whole text, and what it would be in the encoding that fits as well, "" if there is none.
func (t encodedText) all() (text, other string) {
	if t.utf16 {
		return plainText(t.data), ""
	}
	if t.page == nil {
		return textOf(t.data), ""
	}
	if t.rival != nil && len(t.data) <= maxDoubtful {
		other = t.rival.decode(t.data)
	}
	return t.page.decode(t.data), other
}

// maxDoubtful is the largest text that is read in two ways, in bytes: ten thousand clients are a quarter of it.
const maxDoubtful = 4 << 20

// decode reads a text. A piece that is UTF-8 stays, so that one broken letter does not garble all others.
func (p *codePage) decode(data []byte) string {
	var b strings.Builder
	b.Grow(len(data) + len(data)/8)
	for piece := range pieces(data) {
		if utf8.Valid(piece) {
			b.Write(piece)
			continue
		}
		for _, c := range piece {
			if c < 128 {
				b.WriteByte(c)
			} else {
				b.WriteRune(p.letters[c-128])
			}
		}
	}
	return b.String()
}

// pieces are the parts of a text between the characters that separate cells, each with the one behind it.
func pieces(data []byte) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		for len(data) > 0 {
			end := bytes.IndexAny(data, ";,\t|\r\n\"<>") + 1
			if end == 0 {
				end = len(data)
			}
			if !yield(data[:end]) {
				return
			}
			data = data[end:]
		}
	}
}

func isASCII(piece []byte) bool {
	for _, c := range piece {
		if c >= 128 {
			return false
		}
	}
	return true
}

// sightings count the bytes of the upper half by what stands before and behind them.
type sightings [128][besides][besides]int

// What may stand beside a letter. Of a byte of the upper half it is not known what it is.
const (
	besideNothing = iota
	besideLower
	besideUpper
	besideOther
	besides
)

func beside(s []byte, i int) int {
	switch {
	case i < 0 || i >= len(s):
		return besideNothing
	case s[i] >= 128:
		return besideOther
	case s[i] >= 'a' && s[i] <= 'z':
		return besideLower
	case s[i] >= 'A' && s[i] <= 'Z':
		return besideUpper
	}
	return besideNothing
}

func (n *sightings) add(piece []byte) {
	for i := range len(piece) {
		if piece[i] >= 128 {
			n[piece[i]-128][beside(piece, i-1)][beside(piece, i+1)]++
		}
	}
}

// judge finds the encoding in which the bytes make most Hungarian, and the one that disagrees with it about letters and
// is nearly as good there.
func (n *sightings) judge() (best, rival *codePage) {
	pages := codePages()
	scores := make([][128]int, len(pages))
	sums := make([]int, len(pages))
	first := 0
	for i, p := range pages {
		for c, r := range p.letters {
			scores[i][c] = n.score(c, r)
			sums[i] += scores[i][c]
		}
		if sums[i] > sums[first] {
			first = i
		}
	}
	best = pages[first]
	for i, p := range pages {
		own, others := 0, 0 // of the bytes about which the two disagree
		for c := range p.letters {
			if n.saw(c) && p.letters[c] != best.letters[c] {
				own += scores[i][c]
				others += scores[first][c]
			}
		}
		if i != first && own > 0 && own*10 >= others*6 {
			return best, p
		}
	}
	return best, nil
}

// score says how well a character fits to all the places where a byte stands.
func (n *sightings) score(c int, r rune) (sum int) {
	for before := range besides {
		for behind := range besides {
			if times := n[c][before][behind]; times > 0 {
				sum += times * plausible(r, before, behind)
			}
		}
	}
	return sum
}

func (n *sightings) saw(c int) bool { return n[c] != [besides][besides]int{} }

// plausible says how well a character fits to where it stands, more for letters that are frequent in Hungarian.
func plausible(r rune, before, behind int) int {
	inWord := before != besideNothing && behind != besideNothing
	switch {
	case r == utf8.RuneError || r == 0 || unicode.IsControl(r):
		return -30
	case unicode.IsUpper(r):
		weight := 2
		if strings.ContainsRune("ÁÉÖ", r) {
			weight = 7
		} else if strings.ContainsRune("ÓÜŐÚÍŰ", r) {
			weight = 5
		}
		switch {
		case before == besideLower: // kÉr
			return -15
		case before == besideNothing && behind == besideNothing:
			return 1
		case before == besideOther:
			return weight / 2
		}
		return weight
	case unicode.IsLower(r) && r != 'ˇ':
		weight := 2
		if strings.ContainsRune("áé", r) {
			weight = 10
		} else if strings.ContainsRune("öóüőíúű", r) {
			weight = 8
		}
		switch {
		case behind == besideUpper: // kéR
			return -8
		case before == besideNothing && behind == besideNothing:
			return weight / 3
		}
		return weight
	case strings.ContainsRune("„”“’‘–—…€§°«»©®™\u00a0", r):
		if inWord && r != '’' && r != '–' {
			return -6
		}
		return 1
	}
	return -10
}
