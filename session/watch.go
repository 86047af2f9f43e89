package session

import (
	"context"
	"slices"
	"sync"
	"time"
)

const (
	// startLimit is how long a source may take to start before it is listed as not answering.
	startLimit = 2 * time.Second
	// pollEvery is the fastest anything here ever polls.
	pollEvery = 5 * time.Second
)

// source is one row of a system's table. start returns once it listens, or knows that it cannot; what goes on
// listening is run by watch.run. It is not called if all its reasons are switched off.
type source struct {
	name    string
	reasons []Reason
	start   func(w *watch, name string) outcome
}

// outcome is how the start of a source went.
type outcome struct {
	state  State
	code   Code
	detail string
	unsure []Reason
}

func working(detail string) outcome { return outcome{state: Working, detail: detail} }

func unavailable(code Code, detail string) outcome {
	return outcome{state: Unavailable, code: code, detail: detail}
}

// failed is a outcome for what should have worked.
func failed(err error) outcome { return unavailable(Failed, err.Error()) }

// watch is what sources see of a Watcher.
type watch struct {
	ctx    context.Context
	opts   Options
	begun  time.Time // somebody unlocks: a rest before that is no reason to lock, whoever did it and wherever
	events chan Event
	ready  chan struct{}
	listed []Source // valid once ready is closed
	all    sync.WaitGroup
}

func begin(ctx context.Context, opts Options, sources []source) *watch {
	w := &watch{
		ctx: ctx, opts: opts, begun: time.Now(), events: make(chan Event), ready: make(chan struct{}),
		listed: make([]Source, len(sources)),
	}
	var starts sync.WaitGroup
	for i, s := range sources {
		w.listed[i] = Source{Name: s.name, Reasons: s.reasons, State: Off}
		if !slices.ContainsFunc(s.reasons, opts.on) {
			continue
		}
		result := make(chan outcome, 1)
		w.run(func() { result <- s.start(w, s.name) })
		starts.Go(func() {
			// A start that succeeds later still counts, but nobody should have to wait for it.
			f := unavailable(TimedOut, "")
			limit := time.NewTimer(startLimit)
			defer limit.Stop()
			select {
			case f = <-result:
			case <-limit.C:
			}
			w.listed[i] = Source{s.name, s.reasons, f.state, f.unsure, f.code, f.detail}
		})
	}
	go func() {
		starts.Wait()
		close(w.ready)
		<-ctx.Done()
		w.all.Wait()
		close(w.events)
	}()
	return w
}

// run lets a source listen until the context ends. Only a source may call it.
func (w *watch) run(f func()) { w.all.Go(f) }

// emit delivers an event, unless it is switched off, and blocks until it is received.
func (w *watch) emit(name string, r Reason) { w.emitHolding(name, r, nil) }

// emitHolding is emit with a resource that is held until the receiver calls Done, and released then, once.
func (w *watch) emitHolding(name string, r Reason, release func()) {
	if release == nil {
		release = func() {}
	}
	e := Event{Reason: r, Source: name, done: sync.OnceFunc(release)}
	if !w.opts.on(r) || w.ctx.Err() != nil {
		e.Done()
		return
	}
	select {
	case w.events <- e:
	case <-w.ctx.Done():
		e.Done()
	}
}

// lost tells that a source has gone blind. Where logging out is no reason to lock, blindness still is one:
// the reasons that are switched on could not be told any more.
func (w *watch) lost(name string, reasons ...Reason) {
	for _, r := range append([]Reason{Logout}, reasons...) {
		if w.opts.on(r) {
			w.emit(name, r)
			return
		}
	}
}
