package store

import (
	"context"
	"errors"
	"io"
	"net/http"
	"time"

	"kapu/lang"
)

// What a listing may cost, whoever owns the server: it could give pages for ever, or a byte a minute.
type listLimits struct {
	quiet time.Duration // in which no name comes that is new
	all   time.Duration // of waiting for the server
	names int
}

// usual are the limits of every store; an office of ten years has some ten thousand names.
var usual = listLimits{quiet: allTime, all: 10 * time.Minute, names: 1_000_000}

// maxPage is the largest page of a listing, in bytes; 1000 names of the longest kind are half of it.
const maxPage = 2 << 20

// errEndless is why a listing was ended.
var errEndless = errors.New("store: a listing without an end")

// limited is a transport that ends an answer which is larger than any of the store's.
type limited struct{ http.RoundTripper }

func (l limited) RoundTrip(q *http.Request) (*http.Response, error) {
	answer, err := l.RoundTripper.RoundTrip(q)
	if err == nil {
		most := int64(biggest + 1)
		if q.URL.Query().Has("list-type") {
			most = maxPage
		}
		answer.Body = &cutOff{answer.Body, most}
	}
	return answer, err
}

// cutOff is a body that fails behind so many bytes.
type cutOff struct {
	io.ReadCloser
	left int64
}

func (c *cutOff) Read(p []byte) (int, error) {
	n, err := c.ReadCloser.Read(p[:min(int64(len(p)), c.left+1)])
	if c.left -= int64(n); c.left < 0 {
		return n + int(c.left), errEndless
	}
	return n, err
}

// progress is the watchdog of a listing: it ends the context where for too long no name has come that is new, or all of
// the waiting takes too long. The time in which a name is worked on is not counted.
type progress struct {
	ctx   context.Context
	end   context.CancelCauseFunc
	alarm *time.Timer
	most  listLimits

	since time.Time // the waiting began
	left  time.Duration
	names int
}

func watched(ctx context.Context, most listLimits) *progress {
	p := &progress{left: most.all, most: most}
	p.ctx, p.end = context.WithCancelCause(ctx)
	p.alarm = time.AfterFunc(most.quiet, func() { p.end(errEndless) })
	p.since = time.Now()
	return p
}

// came takes note of a new name, while which is worked on the clock stands; it says whether there may be more.
func (p *progress) came() bool {
	p.alarm.Stop()
	p.left -= time.Since(p.since)
	p.names++
	return p.names <= p.most.names && p.left > 0
}

// goesOn lets the clock go on.
func (p *progress) goesOn() {
	p.since = time.Now()
	p.alarm.Reset(min(p.most.quiet, p.left))
}

func (p *progress) stop() {
	p.alarm.Stop()
	p.end(nil)
}

// tooLong is the sentence for a listing that was ended.
func (s *s3) tooLong() error {
	return lang.E("store-s3-endless", "Where", s.where(), "Most", s.most.names, "Minutes", int(s.most.all.Minutes()))
}

// isEndless says whether an operation failed because the server's answer has no end.
func isEndless(ctx context.Context, err error) bool {
	return errors.Is(err, errEndless) || errors.Is(context.Cause(ctx), errEndless)
}
