package agent

import (
	"encoding/json"
	"net/http"
	"sync"
)

// events hands what happens to every face that listens.
type events struct {
	mu        sync.Mutex
	listeners map[chan Event]bool
}

// eventBuffer is how far a face may fall behind. It reads at once unless it is hung, and a hung face must not
// hold up a copy.
const eventBuffer = 16

func (e *events) send(event Event) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for l := range e.listeners {
		select {
		case l <- event:
		default:
		}
	}
}

func (e *events) listen() chan Event {
	e.mu.Lock()
	defer e.mu.Unlock()
	l := make(chan Event, eventBuffer)
	e.listeners[l] = true
	return l
}

func (e *events) leave(l chan Event) {
	e.mu.Lock()
	defer e.mu.Unlock()
	delete(e.listeners, l)
}

// serveEvents streams events, a JSON object a line, until the face goes or the agent ends.
func (k *keeper) serveEvents(w http.ResponseWriter, r *http.Request) {
	l := k.events.listen()
	defer k.events.leave(l)
	w.Header().Set("Content-Type", "application/x-ndjson")
	flush := http.NewResponseController(w)
	_ = flush.Flush() // the face knows from here on that it misses nothing
	encoder := json.NewEncoder(w)
	if err := k.vault.Warning(); err != nil {
		f, _ := newFailure(err) // was found before anybody listened
		_ = encoder.Encode(Event{Type: Problem, Problem: f.Sentence})
		_ = flush.Flush()
	}
	for {
		select {
		case e := <-l:
			if encoder.Encode(e) != nil || flush.Flush() != nil {
				return
			}
		case <-r.Context().Done():
			return
		}
	}
}
