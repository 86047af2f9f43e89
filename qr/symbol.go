package qr

import (
	"strings"
	"unicode/utf8"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/common"
	"github.com/makiuchi-d/gozxing/qrcode/decoder"
)

// Symbol is a QR code that was read.
type Symbol struct {
	Text string
	Part Part
}

// Part is a code's place in a text that is split among several (structured append). Its own text is a piece of bytes,
// which may end within a character. The zero value is of a code that stands alone.
type Part struct {
	Index, Of int  // from 0
	Parity    byte // the exclusive or of all bytes of the whole text, the same in all its parts
}

// Split says whether a code is a part of a split text.
func (p Part) Split() bool { return p.Of > 1 }

// Join puts the parts of a split text together, all of them in their order. It says no if they do not belong together.
func Join(parts []string, parity byte) (string, bool) {
	text := strings.Join(parts, "")
	for i := range len(text) {
		parity ^= text[i]
	}
	if !utf8.ValidString(text) {
		text = latin1(text)
	}
	return text, parity == 0
}

func latin1(s string) string {
	runes := make([]rune, len(s))
	for i := range len(s) {
		runes[i] = rune(s[i])
	}
	return string(runes)
}

// symbolOf is what was decoded. The header of a structured append is a byte of position and number of parts, four bits
// each and the number less one, and a byte of parity.
func symbolOf(result *common.DecoderResult, dimension int) Symbol {
	sequence := result.GetStructuredAppendSequenceNumber()
	s := Symbol{Text: result.GetText()}
	if sequence <= 0 { // none, or the first of one
		return s
	}
	s.Part = Part{sequence >> 4, sequence&15 + 1, byte(result.GetStructuredAppendParity())}
	if whole, ok := bytesOf(result, dimension); ok {
		s.Text = whole
	}
	return s
}

// bytesOf is the text of a code as bytes, of which no encoding is guessed.
func bytesOf(result *common.DecoderResult, dimension int) (string, bool) {
	const declared = 2 // and more: the code says which encoding its bytes are of
	if result.GetSymbologyModifier()%2 == 0 && result.GetSymbologyModifier() >= declared {
		return "", false
	}
	version, err := decoder.Version_GetProvisionalVersionForDimension(dimension)
	if err != nil {
		return "", false
	}
	again, err := decoder.DecodedBitStreamParser_Decode(result.GetRawBytes(), version, decoder.ErrorCorrectionLevel_L,
		map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_CHARACTER_SET: "ISO-8859-1"})
	if err != nil {
		return "", false
	}
	var b strings.Builder
	for _, r := range again.GetText() {
		if r > 0xff {
			return "", false // kanji
		}
		b.WriteByte(byte(r))
	}
	return b.String(), true
}
