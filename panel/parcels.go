package panel

import (
	"crypto/rand"
	"net/http"
	"strconv"
	"sync"
	"time"

	"kapu/lang"
)

// parcels are files that the browser may fetch, once and soon. So a file with keys is never in the hands of a script,
// and what stands in the browser's list of downloads leads nowhere.
type parcels struct {
	mu   sync.Mutex
	open map[string]parcel
}

type parcel struct {
	name    string
	data    []byte
	fetched func() // may be nil
}

const (
	parcelTime = time.Minute
	parcelPath = "/parcel/"
)

func (p *parcels) put(f parcel) (id string) {
	id = rand.Text()
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.open == nil {
		p.open = map[string]parcel{}
	}
	p.open[id] = f
	time.AfterFunc(parcelTime, func() { p.take(id) })
	return id
}

func (p *parcels) take(id string) (parcel, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	f, ok := p.open[id]
	delete(p.open, id)
	return f, ok
}

func (p *parcels) route(r *routes) {
	r.mux.HandleFunc("GET "+parcelPath+"{id}", r.known(func(w http.ResponseWriter, q *http.Request) {
		f, ok := p.take(q.PathValue("id"))
		if !ok {
			r.site.answer(w, nil, lang.E("page-parcel-gone"))
			return
		}
		h := w.Header()
		h.Set("Content-Type", "application/octet-stream") // nothing shows it in place
		h.Set("Content-Disposition", `attachment; filename=`+strconv.Quote(f.name))
		if _, err := w.Write(f.data); err == nil && f.fetched != nil {
			f.fetched()
		}
	}))
}
