package exchange

import (
	"context"
	"errors"
	"io"
	"runtime/debug"
	"sync"
	"time"

	"kapu/lang"
)

// Budget is the resource budget of one import, of all its files together: what they may take of memory and time,
// whatever a stranger has put into them. Every decoder charges it before it pays. It is carried in ReadOptions; a
// reading without one has one of its own.
type Budget struct {
	asker context.Context
	ctx   context.Context // of asker, with the clock
	stop  context.CancelFunc
	since time.Time     // the clock was set going
	left  time.Duration // on the clock, then

	unpacked, cells, entries, kept int
	seconds                        float64 // of key derivation, by estimate
	spent                          error   // why one of these is too much, for good
	unlimit                        func()
}

// What an import may cost. The files are unpacked in memory, never to a disk: they are full of keys. Within these
// limits `kapu import` stays below 400 MB and a minute, which TestBombs measures.
const (
	maxTime     = time.Minute // of work; questions to the person are not counted
	maxUnpacked = 128 << 20   // bytes that come out of archives and from under passwords
	maxCells    = 2_000_000   // of tables
	maxEntries  = 100_000     // a refused one costs a hundred times its line, with all that the report says of it
	maxKept     = 64 << 20    // bytes of text in entries

	// heapLimit is from where on garbage is collected at any price; what is alive is bounded by the limits above.
	heapLimit = 300 << 20
)

// NewBudget is the budget of an import that ends with ctx, which is whoever asked for it. It must be closed.
func NewBudget(ctx context.Context) *Budget {
	b := &Budget{asker: ctx, left: maxTime, unlimit: limitHeap()}
	b.resume()
	return b
}

// begin makes sure that a reading has a budget; one that it makes itself ends with it.
func (o *ReadOptions) begin() (end func()) {
	if o.Budget != nil {
		return func() {}
	}
	o.Budget = NewBudget(context.Background())
	return o.Budget.Close
}

// Close ends the import.
func (b *Budget) Close() {
	b.stop()
	b.unlimit()
}

// again is the budget anew, but for what is kept already: somebody has mistyped a password and tries another.
func (b *Budget) again() {
	b.pause()
	b.left, b.unpacked, b.cells, b.seconds, b.spent = maxTime, 0, 0, 0, nil
	b.resume()
}

// pause stops the clock while a person is asked, and resume lets it go on.
func (b *Budget) pause() {
	b.stop()
	b.left -= time.Since(b.since)
}

func (b *Budget) resume() {
	b.since = time.Now()
	b.ctx, b.stop = context.WithTimeoutCause(b.asker, b.left, tooSlow())
}

// err is why the import must end: its asker is gone, its time is up, or what it may take is spent; nil while it may go
// on. A decoder may stop at it without a word: whoever called it asks again.
func (b *Budget) err() error {
	if b == nil {
		return nil
	}
	if b.spent != nil || b.ctx.Err() == nil {
		return b.spent
	}
	return context.Cause(b.ctx)
}

// errBudget is the kind of the sentences that name a limit.
var errBudget = errors.New("over the budget")

func tooSlow() error {
	return lang.E("import-slow", "Seconds", int(maxTime.Seconds())).Kind(errBudget)
}

func tooBig() error {
	return lang.E("import-unpacked", "Most", maxUnpacked>>20).Kind(errBudget)
}

func tooLong() error { return lang.E("import-text-long", "Most", maxXMLText>>20).Kind(errBudget) }

func tooMany() error { return lang.E("import-many", "Most", maxEntries).Kind(errBudget) }

// charge adds to a sum, and says why the import must end if that is too much.
func (b *Budget) charge(sum *int, n, most int, over func() error) error {
	if n > most-*sum && b.spent == nil {
		b.spent = over()
	}
	*sum += n
	return b.err()
}

// unpack charges bytes that come out of an archive, a compressed stream or from under a password.
func (b *Budget) unpack(n int) error { return b.charge(&b.unpacked, n, maxUnpacked, tooBig) }

// spend charges cells of tables.
func (b *Budget) spend(cells int) error {
	return b.charge(&b.cells, cells, maxCells, func() error { return lang.E("table-big", "Most", maxCells).Kind(errBudget) })
}

// keep charges the text of an entry, which stays when the file is gone.
func (b *Budget) keep(bytes int) error {
	return b.charge(&b.kept, bytes, maxKept, func() error { return lang.E("import-texts", "Most", maxKept>>20).Kind(errBudget) })
}

// take charges what a file has given: its entries, whose texts become their own, so that nothing of the file stays.
func (b *Budget) take(entries []Entry) error {
	if err := b.charge(&b.entries, len(entries), maxEntries+maxUnread, tooMany); err != nil {
		return err
	}
	for i := range entries {
		if err := b.keep(entries[i].own()); err != nil {
			return err
		}
	}
	return nil
}

// maxUnread is how many entries beside those of its rows the tables of an import may have: of each sheet the columns
// that were left out, or why all of it was.
const maxUnread = 3 * maxSheets

// unpacking is a reader that charges what comes out of it.
type unpacking struct {
	*Budget
	io.Reader
}

func (u unpacking) Read(p []byte) (int, error) {
	n, err := u.Reader.Read(p)
	if over := u.unpack(n); over != nil {
		return 0, over
	}
	return n, err
}

// ending is a reader that ends with the import.
type ending struct {
	*Budget
	io.Reader
}

func (e ending) Read(p []byte) (int, error) {
	if err := e.err(); err != nil {
		return 0, err
	}
	return e.Reader.Read(p)
}

// heap holds the limit of this process's heap while there is an import.
var heap struct {
	sync.Mutex
	imports int
	before  int64
}

// limitHeap keeps garbage from doubling what an import takes: the collector begins at twice of what is alive, which is
// right for a program that stays small. It returns what ends that.
func limitHeap() (end func()) {
	heap.Lock()
	defer heap.Unlock()
	if heap.imports++; heap.imports == 1 {
		if heap.before = debug.SetMemoryLimit(-1); heap.before > heapLimit {
			debug.SetMemoryLimit(heapLimit)
		}
	}
	return sync.OnceFunc(func() {
		heap.Lock()
		defer heap.Unlock()
		if heap.imports--; heap.imports == 0 {
			debug.SetMemoryLimit(heap.before)
		}
	})
}
