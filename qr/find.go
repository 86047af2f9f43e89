package qr

import (
	"cmp"
	"math"
	"slices"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode/decoder"
	"github.com/makiuchi-d/gozxing/qrcode/detector"
)

// gozxing's own way of looking through a picture is made for a camera that is pointed at one code: in a large screen
// it misses small ones and takes seconds. So the codes are found here, and it decodes what is found.

const (
	// sizes is the depth of the image pyramid, by halves: modules of 60 pixels are as easily found as those of 2.
	sizes = 5
	// likely is how many corners, those found by most lines, are put together; maxTries how many frames are decoded.
	likely   = 160
	maxTries = 120
)

// find returns the texts of the codes in a picture, from top to bottom.
func find(p plane) []string {
	if p.w < 21 || p.h < 21 {
		return nil
	}
	var readers []*reader
	var corners []corner
	for scale := 1.0; len(readers) < sizes && p.w >= 21 && p.h >= 21; scale *= 2 {
		r := newReader(p)
		for _, c := range r.scan() {
			c.x, c.y, c.size = c.x*scale, c.y*scale, c.size*scale
			corners = merge(corners, c)
		}
		readers = append(readers, r)
		p = p.half()
	}
	slices.SortStableFunc(corners, func(a, b corner) int { return b.hits - a.hits })
	corners = corners[:min(len(corners), likely)]

	// see looks at the picture in the size in which a module is some four pixels long.
	see := func(c corner) func(x, y float64) bool {
		level := min(max(int(math.Log2(c.size/7/3)), 0), len(readers)-1)
		r, scale := readers[level], math.Pow(2, -float64(level))
		return func(x, y float64) bool { return r.darkAt(x*scale, y*scale) == c.dark }
	}
	type code struct {
		frame
		text string
	}
	var codes []code
	used := map[corner]bool{}
	tries := 0
	for _, f := range frames(corners, see) {
		if used[f.top] || used[f.right] || used[f.left] {
			continue
		}
		if tries++; tries > maxTries {
			break
		}
		if text, ok := f.read(see(f.top)); ok {
			used[f.top], used[f.right], used[f.left] = true, true, true
			codes = append(codes, code{f, text})
		}
	}
	slices.SortStableFunc(codes, func(a, b code) int {
		return cmp.Or(cmp.Compare(a.top.y, b.top.y), cmp.Compare(a.top.x, b.top.x))
	})
	var texts []string
	for _, c := range codes {
		if c.text != "" && !slices.Contains(texts, c.text) {
			texts = append(texts, c.text)
		}
	}
	return texts
}

// darkAt is dark at a point between pixels.
func (r *reader) darkAt(x, y float64) bool {
	col, row := min(max(int(x), 0), r.w-1)/block, min(max(int(y), 0), r.h-1)/block
	return r.at(x, y) < float64(r.threshold[row*r.cols+col])
}

// read decodes a frame: as its modules lie if the three corners tell it all, as on a screen; else, where perspective
// or a curved page bends it, gozxing looks for the fourth in a picture set straight.
func (f frame) read(dark func(x, y float64) bool) (string, bool) {
	if f.dimension == 0 {
		return "", false
	}
	bits := f.straight(dark, 1, 0)
	if result, err := decoder.NewDecoder().DecodeWithoutHint(bits); err == nil {
		return result.GetText(), true
	}
	const pixels = 4
	around := 4 + f.dimension/4 // the fourth corner may stick out
	found, err := detector.NewDetector(f.straight(dark, pixels, around)).DetectWithoutHints()
	if err != nil {
		return "", false
	}
	result, err := decoder.NewDecoder().DecodeWithoutHint(found.GetBits())
	if err != nil {
		return "", false
	}
	return result.GetText(), true
}

// straight is the frame set upright, with so many pixels to a module and so many modules around it.
func (f frame) straight(dark func(x, y float64) bool, pixels, around int) *gozxing.BitMatrix {
	side := (f.dimension + 2*around) * pixels
	bits, _ := gozxing.NewSquareBitMatrix(side)
	module := func(pixel int) float64 { return (float64(pixel)+0.5)/float64(pixels) - float64(around) }
	for v := range side {
		for u := range side {
			if dark(f.place(module(u), module(v))) {
				bits.Set(u, v)
			}
		}
	}
	return bits
}
