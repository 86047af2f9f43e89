package panel

import (
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/klauspost/compress/gzhttp"

	"kapu/agent"
)

const eventsPath = "/events"

// event is an agent's event as the page's script wants it.
type event struct {
	Type    agent.EventType `json:"type"`
	ID      string          `json:"id,omitempty"` // of the client that is waited for or whose code was copied; or an heir's
	Seconds int             `json:"seconds,omitempty"`
	Why     string          `json:"why,omitempty"` // a code is waited for
	Problem string          `json:"problem,omitempty"`
	Copied  *copied         `json:"copied,omitempty"` // by itself, after its user name
}

// events streams what happens for as long as the window is open. Its end tells the window that the vault is locked: no
// message could, because locking ends this process. First it tells by what the window can know this page's heir.
func (p *Server) events(w http.ResponseWriter, r *http.Request) {
	events, err := p.conn.Events(r.Context())
	if err != nil {
		p.answer(w, nil, err)
		return
	}
	defer p.viewers.enter()()
	p.testify() // a window whose page was left for long comes back
	send := stream(w)
	_ = send(event{Type: heirEvent, ID: proofHash(p.proof)}) // from here on nothing is missed
	for e := range events {
		said := event{Type: e.Type, Seconds: e.Seconds}
		if e.Client != nil {
			said.ID = e.Client.ID
		}
		if e.Client != nil && e.Taken != nil {
			said.Why = e.Taken.Said(p.texts(), e.Client.Name, e.Seconds)
		}
		if e.Problem != nil {
			said.Problem = upright(p.texts().Error(e.Problem))
		}
		if e.Copied != nil {
			done := shownCopy(&p.site, *e.Copied)
			said.Copied = &done
		}
		if send(said) != nil {
			return
		}
	}
}

// stream begins a stream of events, and returns what sends one.
func stream(w http.ResponseWriter) (send func(event) error) {
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set(gzhttp.HeaderNoCompression, "1") // a compressor holds back what is to arrive at once
	flush := http.NewResponseController(w)
	return func(e event) error {
		data, err := json.Marshal(e)
		if err == nil {
			_, err = fmt.Fprintf(w, "data: %s\n\n", data)
		}
		if err != nil {
			return err
		}
		return flush.Flush()
	}
}
