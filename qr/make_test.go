package qr

import (
	"bytes"
	"encoding/xml"
	"image"
	"image/color"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"kapu/internal/need"
)

var texts = map[string]string{
	"a recovery key":   "AGE-SECRET-KEY-PQ-18Z6T9QWYP5TS49NEFSH8XFYGJL9V74PUY7F95R6YAQKK4KDV69ZS09MTSM",
	"a client's":       "otpauth://totp/%C3%9Cgyf%C3%A9lkapu%2B:Alfa%20Kft.?secret=JBSWY3DPEHPK3PXP&issuer=%C3%9Cgyf%C3%A9lkapu%2B",
	"accents":          "Árvíztűrő tükörfúrógép",
	"as long as it is": strings.Repeat("otpauth://totp/x?", 150),
}

// Another program reads every form of a code.
func TestCodesAreRead(t *testing.T) {
	need.Program(t, "zbarimg", "zbar-tools")
	for name, text := range texts {
		c, err := Make(text)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		picture, err := c.PNG(4)
		if err != nil {
			t.Fatal(err)
		}
		for form, got := range map[string]string{
			"PNG":      read(t, picture),
			"SVG":      read(t, fromSVG(t, c)),
			"terminal": read(t, fromTerminal(t, c)),
		} {
			if got != text {
				t.Errorf("%s as %s is read as %q", name, form, got)
			}
		}
	}
}

// Correction is given away only for size.
func TestCodeSizes(t *testing.T) {
	for name, most := range map[string]int{"a recovery key": 41, "a client's": 57, "as long as it is": 177} {
		if c, err := Make(texts[name]); err != nil || c.Size > most {
			t.Errorf("%s has %d modules on a side, %v", name, c.Size, err)
		}
	}
	for length, size := range map[int]int{137: 61, 177: 61, 251: 61, 252: 57} {
		if c, err := Make(strings.Repeat("x", length)); err != nil || c.Size != size {
			t.Errorf("%d letters have %d modules on a side, want %d, %v", length, c.Size, size, err)
		}
	}
	if _, err := Make(strings.Repeat("x", Most)); err != nil {
		t.Errorf("the longest text: %v", err)
	}
	if c, err := Make(strings.Repeat("x", Most+1)); err == nil {
		t.Errorf("a text that no code holds became %d modules", c.Size)
	}
	for length, size := range map[int]int{100: 37, 154: 45} { // 45 and the quiet zone are 27 lines of a terminal
		if c, err := MakeSmall(strings.Repeat("x", length)); err != nil || c.Size != size {
			t.Errorf("%d letters have %d modules at least, want %d, %v", length, c.Size, size, err)
		}
	}
}

func read(t *testing.T, picture []byte) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "code.png")
	if err := os.WriteFile(name, picture, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("zbarimg", "-q", "--raw", "-Sdisable", "-Sqrcode.enable", name).Output()
	if err != nil {
		t.Errorf("zbarimg: %v", err)
	}
	return strings.TrimSuffix(string(out), "\n")
}

// drawn makes a picture of modules that were read out of a form.
func drawn(t *testing.T, side int, dark func(x, y int) bool) []byte {
	const scale = 4
	picture := image.NewGray(image.Rect(0, 0, side*scale, side*scale))
	for y := range side * scale {
		for x := range side * scale {
			if !dark(x/scale, y/scale) {
				picture.SetGray(x, y, color.Gray{255})
			}
		}
	}
	var out bytes.Buffer
	if err := png.Encode(&out, picture); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func fromSVG(t *testing.T, c Code) []byte {
	var drawing struct {
		ViewBox string `xml:"viewBox,attr"`
		Path    struct {
			D string `xml:"d,attr"`
		} `xml:"path"`
	}
	if err := xml.Unmarshal([]byte(c.SVG()), &drawing); err != nil {
		t.Fatal(err)
	}
	box := strings.Fields(drawing.ViewBox)
	left, side := number(t, box[0]), number(t, box[2])
	dark := map[[2]int]bool{}
	for _, m := range regexp.MustCompile(`M(\d+) (\d+)h(\d+)v1H`).FindAllStringSubmatch(drawing.Path.D, -1) {
		for x := range number(t, m[3]) {
			dark[[2]int{number(t, m[1]) + x - left, number(t, m[2]) - left}] = true
		}
	}
	return drawn(t, side, func(x, y int) bool { return dark[[2]int{x, y}] })
}

func number(t *testing.T, s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func fromTerminal(t *testing.T, c Code) []byte {
	plain := regexp.MustCompile("\x1b\\[[0-9;]*m").ReplaceAllString(c.Terminal(), "")
	var rows [][]rune
	for line := range strings.Lines(plain) {
		rows = append(rows, []rune(strings.TrimSuffix(line, "\n")))
	}
	side := len(rows[0])
	return drawn(t, side, func(x, y int) bool {
		half := rows[y/2][x]
		return half == '█' || half == map[int]rune{0: '▀', 1: '▄'}[y%2]
	})
}
