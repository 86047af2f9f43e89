package qr

import (
	"math"

	"github.com/makiuchi-d/gozxing/qrcode/decoder"
)

// Codes of version 2 and larger have alignment patterns inside, a dark ring around a dark module: five modules a side.
// They tell where the fourth corner is, and how the paper is bent between.

// alignments are the middles of a version's alignment patterns in modules, the one nearest the fourth corner first.
func alignments(dimension int) [][2]float64 {
	version, err := decoder.Version_GetProvisionalVersionForDimension(dimension)
	if err != nil {
		return nil
	}
	at := version.GetAlignmentPatternCenters()
	var middles [][2]float64
	for i := len(at) - 1; i >= 0; i-- {
		for j := len(at) - 1; j >= 0; j-- {
			u, v := at[i], at[j]
			if u+v <= dimension-1 && (u == 6 && v == 6 || u == 6 && v == dimension-7 || u == dimension-7 && v == 6) {
				continue // finder patterns are there
			}
			middles = append(middles, [2]float64{float64(u) + 0.5, float64(v) + 0.5})
		}
	}
	return middles
}

// align looks for an alignment pattern around where the transform has it, as many modules away as radius says, and
// returns the marks of its middle.
func (h homography) align(u, v, radius float64, dark seen) []mark {
	const step = 0.5
	n := int(radius / step)
	best, least := 0.0, 20.0
	var su, sv, count float64
	for i := -n; i <= n; i++ {
		for j := -n; j <= n; j++ {
			du, dv := float64(i)*step, float64(j)*step
			score := float64(h.ringed(u+du, v+dv, dark))
			if score < least {
				continue
			}
			score -= math.Hypot(du, dv) / radius * 2 // the nearer the likelier
			switch {
			case score > best+0.5:
				best, su, sv, count = score, du, dv, 1
			case score > best-0.5 && math.Hypot(su/count-du, sv/count-dv) < 1:
				su, sv, count = su+du, sv+dv, count+1
			}
		}
	}
	if count == 0 {
		return nil
	}
	x, y := h.at(u+su/count, v+sv/count)
	const weight = 8 // as that of an edge
	return []mark{{x, y, false, u, 0, weight}, {x, y, true, v, 0, weight}}
}

// ringed is how many of the 25 modules around a point are as in an alignment pattern.
func (h homography) ringed(u, v float64, dark seen) (right int) {
	for i := -2; i <= 2; i++ {
		for j := -2; j <= 2; j++ {
			x, y := h.at(u+float64(i), v+float64(j))
			if dark(x, y) == (max(i, -i, j, -j) != 1) {
				right++
			}
		}
	}
	return right
}
