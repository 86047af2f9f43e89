package keeper

import (
	"encoding/json"
	"net/http"
	"sync"
	"time"

	"kapu/agent"
)

// events hands what happens to every face that listens.
type events struct {
	mu        sync.Mutex
	listeners map[chan telling]bool // → whether it shows desktop notices
}

// telling is an event on its way to a face.
type telling struct {
	agent.Event
	told func() // called when the face has it; nil if nobody waits for that
}

// eventBuffer is how far a face may fall behind. It reads at once unless it is hung, and a hung face must not
// hold up a copy.
const eventBuffer = 16

func (e *events) send(event agent.Event) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for l := range e.listeners {
		select {
		case l <- telling{Event: event}:
		default:
		}
	}
}

// announce hands an event to the faces that show desktop notices, and says whether there is one that will.
func (e *events) announce(event agent.Event) (heard bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for l, notices := range e.listeners {
		if !notices {
			continue
		}
		select {
		case l <- telling{Event: event}:
			heard = true
		default:
		}
	}
	return heard
}

// last tells the last thing there is to tell, and waits until the faces have it; for one that hangs not long.
func (e *events) last(event agent.Event) {
	var waiting sync.WaitGroup
	e.mu.Lock()
	for l := range e.listeners {
		waiting.Add(1)
		select {
		case l <- telling{event, waiting.Done}:
		default:
			waiting.Done()
		}
	}
	e.mu.Unlock()
	all := make(chan struct{})
	go func() {
		waiting.Wait()
		close(all)
	}()
	select {
	case <-all:
	case <-time.After(closeTime):
	}
}

func (e *events) listen() chan telling { return e.subscribe(agent.EventsRequest{}) }

func (e *events) subscribe(r agent.EventsRequest) chan telling {
	e.mu.Lock()
	defer e.mu.Unlock()
	l := make(chan telling, eventBuffer)
	e.listeners[l] = r.Notices
	return l
}

func (e *events) leave(l chan telling) {
	e.mu.Lock()
	defer e.mu.Unlock()
	delete(e.listeners, l)
}

// serveEvents streams events, a JSON object a line, until the face goes or the agent ends.
func (k *keeper) serveEvents(w http.ResponseWriter, r *http.Request) {
	var asked agent.EventsRequest
	_ = json.NewDecoder(r.Body).Decode(&asked) // who asks for nothing gets what everybody does
	l := k.events.subscribe(asked)
	defer k.events.leave(l)
	w.Header().Set("Content-Type", "application/x-ndjson")
	flush := http.NewResponseController(w)
	_ = flush.Flush() // the face knows from here on that it misses nothing
	encoder := json.NewEncoder(w)
	if err := k.vault.Warning(); err != nil {
		f, _ := agent.NewFailure(err) // was found before anybody listened
		_ = encoder.Encode(agent.Event{Type: agent.Problem, Problem: f.Sentence})
		_ = flush.Flush()
	}
	for {
		select {
		case e := <-l:
			if encoder.Encode(e.Event) != nil || flush.Flush() != nil {
				return
			}
			if e.told != nil {
				e.told()
			}
		case <-r.Context().Done():
			return
		}
	}
}
