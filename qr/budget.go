package qr

import "context"

// budget is the work that one step of reading may cost, counted in looks at a pixel: not in seconds, so that the same
// picture ends at the same place on every machine. The context of the asker ends it too.
type budget struct {
	ctx  context.Context
	left int
	out  bool // used up, or the asker is gone
}

// The work of one picture. A full screen of text takes a tenth of it; pictures made to be slow end after some seconds.
const (
	scanBudget  = 40_000_000  // looking closer at what may be a finder pattern, in each size of the picture
	frameBudget = 25_000_000  // putting three of them together
	readBudget  = 200_000_000 // sampling and decoding
)

func newBudget(ctx context.Context, work int) *budget { return &budget{ctx: ctx, left: work} }

// spend says whether there is work left to be done, of which n is done now.
func (b *budget) spend(n int) bool {
	if b.left -= n; b.left < 0 || b.ctx.Err() != nil {
		b.out = true
	}
	return !b.out
}
