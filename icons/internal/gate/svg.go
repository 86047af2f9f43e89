package gate

import (
	"bytes"
	"fmt"
	"strings"
)

// svg is m as a drawing of any size. It knows no cuts: only Attention has one,
// and that is a picture for the tray.
func svg(m Mark) []byte {
	const size = 256
	var b bytes.Buffer
	fmt.Fprintf(&b, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\">\n", size, size)
	for _, l := range layers(m, size, 1) {
		var p svgPen
		l.path(&p)
		fmt.Fprintf(&b, "  <path fill=\"#%02x%02x%02x\" d=\"%s\"/>\n", l.ink.R, l.ink.G, l.ink.B, p.String())
	}
	b.WriteString("</svg>\n")
	return b.Bytes()
}

// svgPen writes the path data of an SVG.
type svgPen struct{ strings.Builder }

func (s *svgPen) MoveTo(x, y float32) { fmt.Fprintf(s, "M%s %s", num(x), num(y)) }
func (s *svgPen) LineTo(x, y float32) { fmt.Fprintf(s, "L%s %s", num(x), num(y)) }
func (s *svgPen) ClosePath()          { s.WriteString("Z") }

func (s *svgPen) CubeTo(bx, by, cx, cy, dx, dy float32) {
	fmt.Fprintf(s, "C%s %s %s %s %s %s", num(bx), num(by), num(cx), num(cy), num(dx), num(dy))
}

// num has two decimals at most: short, and the same on every machine.
func num(f float32) string {
	return strings.TrimSuffix(strings.TrimRight(fmt.Sprintf("%.2f", f), "0"), ".")
}
