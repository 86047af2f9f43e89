package qr

// Binarisation by adaptive thresholding: each block of pixels has a threshold of its own, so that a shadow across a
// photograph or a grey window does not matter.

// block is the side of the squares that have a threshold of their own, in pixels.
const block = 8

// bitmap is a picture with its thresholds.
type bitmap struct {
	plane
	cols      int
	threshold []uint8 // of each block: what is below is dark
}

// sight is how a picture is binarised.
type sight struct {
	around   int   // the blocks on each side that are a block's neighbourhood
	contrast uint8 // the least difference of shades that is more than noise
}

// The two ways: a broad neighbourhood for most pictures; a narrow one for pale codes beside something bright or dark.
var broad, narrow = sight{2, 20}, sight{0, 10}

// binarise finds the thresholds: halfway between the darkest and the lightest of the neighbourhood. Where that is of
// one shade, what counts is the threshold beside it: it is the inside of something.
func binarise(p plane, s sight) *bitmap {
	b := &bitmap{plane: p, cols: (p.w + block - 1) / block}
	low, high := b.extremes()
	low = b.spread(low, s.around, func(a, b uint8) uint8 { return min(a, b) })
	high = b.spread(high, s.around, func(a, b uint8) uint8 { return max(a, b) })
	b.threshold = make([]uint8, len(low))
	for i := range b.threshold {
		switch {
		case high[i]-low[i] >= s.contrast:
			b.threshold[i] = uint8((uint32(low[i])+uint32(high[i]))/2) + 1
		case i%b.cols > 0:
			b.threshold[i] = b.threshold[i-1]
		case i > 0:
			b.threshold[i] = b.threshold[i-b.cols]
		default:
			b.threshold[i] = backdrop
		}
	}
	return b
}

// extremes are the darkest and the lightest shade of each block.
func (b *bitmap) extremes() (low, high []uint8) {
	blocks := b.cols * ((b.h + block - 1) / block)
	low, high = make([]uint8, blocks), make([]uint8, blocks)
	for i := range low {
		low[i] = 255
	}
	for y := range b.h {
		lo, hi := low[y/block*b.cols:], high[y/block*b.cols:]
		for x, v := range b.pix[y*b.w : (y+1)*b.w] {
			i := x / block
			lo[i], hi[i] = min(lo[i], v), max(hi[i], v)
		}
	}
	return low, high
}

// spread is a separable filter over the blocks: the pick of each block's neighbours, first along, then across.
func (b *bitmap) spread(from []uint8, around int, pick func(a, b uint8) uint8) []uint8 {
	along := make([]uint8, len(from))
	for i := range from {
		row := i / b.cols * b.cols
		along[i] = from[i]
		for j := max(row, i-around); j <= min(row+b.cols-1, i+around); j++ {
			along[i] = pick(along[i], from[j])
		}
	}
	across := make([]uint8, len(from))
	for i := range from {
		across[i] = along[i]
		for j := max(i%b.cols, i-around*b.cols); j < len(from) && j <= i+around*b.cols; j += b.cols {
			across[i] = pick(across[i], along[j])
		}
	}
	return across
}

func (b *bitmap) dark(x, y int) bool {
	return b.pix[y*b.w+x] < b.threshold[y/block*b.cols+x/block]
}

// darkAt is dark at a point between pixels.
func (b *bitmap) darkAt(x, y float64) bool {
	col, row := min(max(int(x), 0), b.w-1)/block, min(max(int(y), 0), b.h-1)/block
	return b.at(x, y) < float64(b.threshold[row*b.cols+col])
}
