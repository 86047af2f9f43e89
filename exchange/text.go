package exchange

import (
	"bytes"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"kapu/vault"
)

// plainText makes a file's content a string. A byte order mark is cut off; UTF-16 is what Windows Notepad,
// PowerShell's ">" and Excel's "Unicode text" make of a list. Other encodings are left as they are: what is not
// UTF-8 is told by valid, piece by piece, so that one broken letter does not garble all others.
func plainText(data []byte) string {
	if order, ok := utf16Order(data); ok {
		if utf8, err := unicode.UTF16(order, unicode.UseBOM).NewDecoder().Bytes(data); err == nil {
			data = utf8
		}
	}
	return strings.TrimPrefix(textOf(data), "\ufeff")
}

// utf16Order tells UTF-16 by its mark or, without one, by the zero beside each of the first letters.
func utf16Order(data []byte) (unicode.Endianness, bool) {
	little, big := 0, 0
	start := data[:min(len(data), 64)&^1]
	for i := 0; i < len(start); i += 2 {
		switch {
		case start[i] != 0 && start[i+1] == 0:
			little++
		case start[i] == 0 && start[i+1] != 0:
			big++
		}
	}
	switch most := len(start) * 3 / 8; { // three of four letters
	case bytes.HasPrefix(data, []byte{0xff, 0xfe}) || little > most:
		return unicode.LittleEndian, true
	case bytes.HasPrefix(data, []byte{0xfe, 0xff}) || big > most:
		return unicode.BigEndian, true
	}
	return unicode.LittleEndian, false
}

// escaped reads a percent-encoded text as it was meant. People edit such lists by hand: a percent sign that
// begins no escape stands for itself. A plus is a space to one writer and a plus to the next, so it is a plus
// where the same text has spaces of another kind, and at the end, where a space would mean nothing: the portal's
// own name is "Ügyfélkapu+".
func escaped(s string) string { return unescape(s, hasSpace(s)) }

func hasSpace(s string) bool { return strings.Contains(s, " ") || strings.Contains(s, "%20") }

// unescape is escaped for a part of a text, of which it is known whether its pluses are pluses.
func unescape(s string, plus bool) string {
	if strings.IndexByte(s, '%') < 0 && strings.IndexByte(s, '+') < 0 {
		return valid(s)
	}
	last := len(strings.TrimRight(s, "+"))
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '%' && i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2]):
			n, _ := strconv.ParseUint(s[i+1:i+3], 16, 8)
			b = append(b, byte(n))
			i += 2
		case c == '+' && !plus && i < last:
			b = append(b, ' ')
		default:
			b = append(b, c)
		}
	}
	return valid(string(b))
}

func isHex(c byte) bool { return strings.IndexByte("0123456789abcdefABCDEF", c) >= 0 }

// valid takes what is not UTF-8 for Windows-1250, the other encoding of Hungarian text.
func valid(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	if text, err := charmap.Windows1250.NewDecoder().String(s); err == nil {
		return text
	}
	return strings.ToValidUTF8(s, " ")
}

// cleanNote is vault.CleanText for a text of several lines.
func cleanNote(s string) string {
	lines := strings.Split(strings.ReplaceAll(s, "\r\n", "\n"), "\n")
	for i, line := range lines {
		lines[i] = vault.CleanText(line)
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}

// shorten cuts a text down to so many characters.
func shorten(s string, most int) string {
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most-1]) + "…"
}

// indexFold is strings.Index for an ASCII text in any case.
func indexFold(s, ascii string) int {
	for i := 0; i+len(ascii) <= len(s); i++ {
		if strings.EqualFold(s[i:i+len(ascii)], ascii) {
			return i
		}
	}
	return -1
}

func hasPrefixFold(s, ascii string) bool {
	return len(s) >= len(ascii) && strings.EqualFold(s[:len(ascii)], ascii)
}
