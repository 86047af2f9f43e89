package icons

import (
	"fmt"
	"image"
	"image/color"
	"math"
	"testing"

	"golang.org/x/image/draw"
)

// panels are the colours the pictures must stand out on.
var panels = map[string]color.NRGBA{
	"light": {0xf0, 0xf0, 0xf0, 0xff},
	"dark":  {0x2b, 0x2b, 0x2b, 0xff},
}

// A seen is a picture as it lies on a panel: the luminance of each pixel, for
// whoever sees no colour must be able to read it too.
type seen struct {
	size int
	lum  []float64
}

// look lays img on a panel at a size. It shrinks smoothly, as panels do.
func look(img *image.NRGBA, panel color.Color, size int) seen {
	dst := image.NewRGBA(image.Rect(0, 0, size, size))
	draw.Draw(dst, dst.Bounds(), image.NewUniform(panel), image.Point{}, draw.Src)
	draw.CatmullRom.Scale(dst, dst.Bounds(), img, img.Bounds(), draw.Over, nil)
	s := seen{size, make([]float64, 0, size*size)}
	for y := range size {
		for x := range size {
			s.lum = append(s.lum, luminance(dst.RGBAAt(x, y)))
		}
	}
	return s
}

// at is the luminance at a point given in sixteenths of the size.
func (s seen) at(x, y float64) float64 {
	u := float64(s.size) / 16
	return s.lum[int(y*u)*s.size+int(x*u)]
}

// standsOut is the share of the square, in per cent, that has at least 3:1
// contrast against lum: what WCAG 2 asks of a picture that carries meaning.
func (s seen) standsOut(lum float64) int {
	n := 0
	for _, l := range s.lum {
		if contrast(l, lum) >= 3 {
			n++
		}
	}
	return n * 100 / len(s.lum)
}

// differs is the share of the square, in per cent, where s and o are clearly
// told apart.
func (s seen) differs(o seen) int {
	n := 0
	for i := range s.lum {
		if contrast(s.lum[i], o.lum[i]) >= 2 {
			n++
		}
	}
	return n * 100 / len(s.lum)
}

// everyLook calls f for each way the pictures reach a person's eye, with the
// luminance of the panel and the states as they look on it.
func everyLook(t *testing.T, f func(t *testing.T, panel float64, on map[State]seen)) {
	trays, icos := map[State]*image.NRGBA{}, map[State]map[int]*image.NRGBA{}
	for state, name := range names {
		trays[state] = decodePNG(t, read(t, name+".png"))
		icos[state] = decodeICO(t, read(t, name+".ico"))
	}
	ways := map[string]func(State, int) *image.NRGBA{
		"png":     func(s State, _ int) *image.NRGBA { return trays[s] },
		"systray": func(s State, _ int) *image.NRGBA { return asSent(trays[s]) },
		"ico":     func(s State, size int) *image.NRGBA { return icos[s][size] },
		"halved":  func(s State, size int) *image.NRGBA { return icos[s][2*size] },
	}
	for panel, ink := range panels {
		for way, picture := range ways {
			for _, size := range []int{16, 20, 22, 24, 32} {
				on := map[State]seen{}
				for state := range names {
					if img := picture(state, size); img != nil {
						on[state] = look(img, ink, size)
					}
				}
				if len(on) == 0 {
					continue // Windows has no 22
				}
				t.Run(fmt.Sprintf("%s/%s/%d", panel, way, size), func(t *testing.T) {
					f(t, luminance(color.RGBA(ink)), on)
				})
			}
		}
	}
}

// asSent is img as systray 1.12 puts it on the bus on Linux: with colours
// already multiplied by alpha, which panels then multiply once more, so that
// half-covered edges come out dark.
func asSent(img *image.NRGBA) *image.NRGBA {
	out := image.NewNRGBA(img.Bounds())
	for i := 0; i < len(img.Pix); i += 4 {
		r, g, b, a := img.NRGBAAt(i/4%img.Rect.Dx(), i/4/img.Rect.Dx()).RGBA()
		copy(out.Pix[i:], []byte{byte(r >> 8), byte(g >> 8), byte(b >> 8), byte(a >> 8)})
	}
	return out
}

func TestMarksStandOutOnEveryPanel(t *testing.T) {
	everyLook(t, func(t *testing.T, panel float64, on map[State]seen) {
		// A wall of two pixels covers a quarter of 16 by 16, curves included;
		// one pixel would stay under half of what is asked.
		least := map[State]int{Open: 15, Locked: 35, Attention: 18}
		for state, s := range on {
			if got := s.standsOut(panel); got < least[state] {
				t.Errorf("%s: %d%% of the square stands out, want %d%%", names[state], got, least[state])
			}
		}
	})
}

func TestMarksAreToldApartWithoutColour(t *testing.T) {
	everyLook(t, func(t *testing.T, panel float64, on map[State]seen) {
		if got := on[Open].differs(on[Locked]); got < 15 {
			t.Errorf("open and locked differ in %d%% of the square", got)
		}
		// What is open must not be read as locked.
		if got := on[Attention].differs(on[Locked]); got < 15 {
			t.Errorf("attention and locked differ in %d%% of the square", got)
		}
		if got := on[Attention].differs(on[Open]); got < 6 {
			t.Errorf("attention and open differ in %d%% of the square", got)
		}
	})
}

func TestPartsOfTheMarkAreSeen(t *testing.T) {
	everyLook(t, func(t *testing.T, panel float64, on map[State]seen) {
		for _, part := range []struct {
			what   string
			state  State
			x, y   float64 // on the part
			bx, by float64 // beside it
		}{
			{"keyhole's round", Locked, 8, 7, 4, 7},
			{"keyhole's slot", Locked, 8, 11, 4, 11},
			{"light in the gate", Open, 8, 11, 3, 11},
			{"light at the sill", Open, 8, 14, 3, 14},
			{"light under the dot", Attention, 8, 11, 3, 11},
		} {
			s := on[part.state]
			if got := contrast(s.at(part.x, part.y), s.at(part.bx, part.by)); got < 2.5 {
				t.Errorf("%s: contrast %.1f", part.what, got)
			}
		}
		if got := contrast(on[Attention].at(13.5, 2.5), panel); got < 3 {
			t.Errorf("dot: contrast %.1f with the panel", got)
		}
	})
}

// The measure itself must be able to say no.
func TestStandsOutRefusesWhatIsNotSeen(t *testing.T) {
	for panel, ink := range panels {
		img := image.NewNRGBA(image.Rect(0, 0, 48, 48))
		draw.Draw(img, img.Bounds(), image.NewUniform(ink), image.Point{}, draw.Src)
		if got := look(img, ink, 16).standsOut(luminance(color.RGBA(ink))); got != 0 {
			t.Errorf("a %s square on a %s panel stands out by %d%%", panel, panel, got)
		}
	}
}

// luminance and contrast are WCAG 2's.
func luminance(c color.RGBA) float64 {
	linear := func(v uint8) float64 {
		f := float64(v) / 255
		if f <= 0.04045 {
			return f / 12.92
		}
		return math.Pow((f+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(c.R) + 0.7152*linear(c.G) + 0.0722*linear(c.B)
}

func contrast(a, b float64) float64 {
	return (max(a, b) + 0.05) / (min(a, b) + 0.05)
}
