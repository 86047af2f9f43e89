package panel

import (
	"compress/gzip"
	"net/http"

	"github.com/klauspost/compress/gzhttp"
)

// compressed is the compression middleware: a list of 5,000 clients is two megabytes and travels as a tenth of that. It
// compresses everything, small scripts too, in the one coding that every browser has; events.go exempts its stream.
func compressed(next http.Handler) http.Handler {
	wrap, err := gzhttp.NewWrapper(gzhttp.MinSize(0), gzhttp.CompressionLevel(gzip.BestSpeed), gzhttp.EnableZstd(false))
	if err != nil {
		panic("panel: " + err.Error()) // the options are constants
	}
	return wrap(next)
}
