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

// plainText makes a file's content a string. A byte order mark is cut off; UTF-16 is what Windows Notepad and
// PowerShell's ">" make of a list.
func plainText(data []byte) string {
	if bytes.HasPrefix(data, []byte{0xff, 0xfe}) || bytes.HasPrefix(data, []byte{0xfe, 0xff}) {
		decoder := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder()
		if utf8, err := decoder.Bytes(data); err == nil {
			data = utf8
		}
	}
	return strings.TrimPrefix(string(data), "\ufeff")
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
