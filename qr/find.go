package qr

import (
	"cmp"
	"context"
	"math"
	"slices"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode/decoder"
)

// gozxing's own way of looking through a picture is made for a camera that is pointed at one code: in a large screen
// it misses small ones and takes seconds. So the codes are found and sampled here, and it corrects and decodes the
// modules (Reed–Solomon).

const (
	// sizes is the depth of the image pyramid, by halves: modules of 60 pixels are as easily found as those of 2.
	sizes = 5
	// likely is how many finder patterns, those found by most lines, are put together; maxFailures how many frames are
	// sampled in vain.
	likely      = 240
	maxFailures = 120
)

// seen says whether a point of the picture is of the colour of a code's dark modules.
type seen func(x, y float64) bool

// pyramid is an image pyramid: a picture in several sizes, each half of the one before.
type pyramid []*bitmap

// view looks at the picture in the size in which a module of this finder pattern is some four pixels long.
func (p pyramid) view(f finder) seen {
	level := min(max(int(math.Log2(f.size/7/3)), 0), len(p)-1)
	b, scale := p[level], math.Pow(2, -float64(level))
	return func(x, y float64) bool { return b.darkAt(x*scale, y*scale) == f.dark }
}

// located is a symbol where it was found.
type located struct {
	frame
	Symbol
}

// find returns the codes in a picture, from top to bottom, and whether all that could be done was done.
func find(ctx context.Context, p plane) (symbols []Symbol, whole bool) {
	if p.w < smallest || p.h < smallest {
		return nil, true
	}
	codes, whole := findBy(ctx, p, broad)
	more, all := findBy(ctx, p, narrow)
	codes = append(codes, more...)
	slices.SortStableFunc(codes, func(a, b located) int {
		return cmp.Or(cmp.Compare(a.top.y, b.top.y), cmp.Compare(a.top.x, b.top.x))
	})
	for _, c := range codes {
		if c.Text != "" && !slices.Contains(symbols, c.Symbol) {
			symbols = append(symbols, c.Symbol)
		}
	}
	return symbols, whole && all
}

// findBy finds the codes that show in one way of binarisation.
func findBy(ctx context.Context, p plane, how sight) (codes []located, whole bool) {
	var levels pyramid
	var finders []finder
	whole = true
	for scale := 1.0; len(levels) < sizes && p.w >= smallest && p.h >= smallest; scale *= 2 {
		s := scanner{bitmap: binarise(p, how), budget: newBudget(ctx, scanBudget)}
		for _, f := range s.scan() {
			f.x, f.y, f.size = f.x*scale, f.y*scale, f.size*scale
			finders = merge(finders, f)
		}
		whole = whole && !s.out
		levels = append(levels, s.bitmap)
		p = p.half()
	}
	slices.SortStableFunc(finders, func(a, b finder) int { return b.hits - a.hits })
	finders = finders[:min(len(finders), likely)]

	work := newBudget(ctx, frameBudget)
	candidates := frames(finders, levels.view, work)
	whole = whole && !work.out
	work = newBudget(ctx, readBudget)
	codes = readFrames(candidates, levels.view, work)
	return codes, whole && !work.out
}

// readFrames decodes the frames, the likeliest first; a finder pattern belongs to one code.
func readFrames(candidates []frame, view func(finder) seen, work *budget) (codes []located) {
	used := map[finder]bool{}
	failures := 0
	for _, f := range candidates {
		if used[f.top] || used[f.right] || used[f.left] {
			continue
		}
		if failures == maxFailures || !work.spend(0) {
			break
		}
		symbol, ok := f.read(view(f.top), work)
		if !ok {
			failures++
			continue
		}
		used[f.top], used[f.right], used[f.left] = true, true, true
		codes = append(codes, located{f, symbol})
	}
	return codes
}

// read samples the modules and decodes them: first as if seen from straight ahead, as on a screen; else by the
// perspective that the edges of the finder patterns show, for the numbers of modules that fit it best.
func (f frame) read(dark seen, work *budget) (Symbol, bool) {
	if f.cost <= doubtful {
		if s, ok := f.flat().decode(f.dimension, dark, work); ok {
			return s, true
		}
	}
	const tries = 2
	tilts := f.tilts(dark, work)
	for _, t := range tilts[:min(len(tilts), tries)] {
		if s, ok := t.read(dark, work); ok {
			return s, true
		}
	}
	return Symbol{}, false
}

// decode samples the modules where the transform has them, and decodes them.
func (h homography) decode(dimension int, dark seen, work *budget) (Symbol, bool) {
	const correction = 4 // how many looks decoding a module is worth
	if !work.spend(dimension * dimension * (1 + correction)) {
		return Symbol{}, false
	}
	bits, err := gozxing.NewSquareBitMatrix(dimension)
	if err != nil {
		return Symbol{}, false
	}
	for v := range dimension {
		for u := range dimension {
			if dark(h.at(float64(u)+0.5, float64(v)+0.5)) {
				bits.Set(u, v)
			}
		}
	}
	return decodeModules(bits, dimension)
}

// decodeModules corrects the errors of a code and reads its segments, by the library. That has not been released for
// years, and pictures are strangers': a panic in it is an unreadable code, and not the end of the process that has the
// vault (docs/decisions/dependencies.md).
func decodeModules(bits *gozxing.BitMatrix, dimension int) (s Symbol, ok bool) {
	defer func() {
		if recover() != nil {
			s, ok = Symbol{}, false
		}
	}()
	result, err := decoder.NewDecoder().DecodeWithoutHint(bits)
	if err != nil {
		return Symbol{}, false
	}
	return symbolOf(result, dimension), true
}
