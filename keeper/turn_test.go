package keeper

import (
	"context"
	"testing"
	"time"

	"kapu/agent"
	"kapu/internal/wait"
)

// clipboard gives a person a clipboard in memory, and lets no copy wait for a fresh code.
func (p *person) clipboard() *memory {
	m := &memory{}
	p.k.copies.opening.Do(func() {})
	p.k.copies.board, p.k.copies.err = m, nil
	settings := *p.k.settings.Load()
	settings.Copy.FreshFor.Duration = 0
	p.k.settings.Store(&settings)
	return m
}

// taken copies a client's code for a person, and returns whom they are told has used it before; nil if nobody.
func (p *person) taken(client string) *agent.Taken {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.t.Context(), wait.Hang)
	defer cancel()
	events, err := p.Events(ctx)
	if err != nil {
		p.t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() {
		_, err := p.Copy(ctx, agent.Copy{Query: client})
		done <- err
	}()
	for {
		select {
		case e := <-events:
			if e.Type == agent.Waiting {
				cancel()
				<-done
				return e.Taken
			}
		case err := <-done:
			if err != nil {
				p.t.Fatal(err)
			}
			return nil
		}
	}
}

// Who copies a code that a colleague has used already is told so, and waits for the next; nobody is where it is
// switched off.
func TestOfficeTellsWhoTookTheCode(t *testing.T) {
	anna, béla := colleagues(t)
	one, two := anna.clipboard(), béla.clipboard()
	both := func() *agent.Taken { // within one window
		for {
			window := time.Now().Unix() / 30
			clear(anna.k.copies.used)
			clear(béla.k.copies.used)
			first := anna.taken("alfa")
			second := béla.taken("alfa")
			if time.Now().Unix()/30 != window {
				continue
			}
			if first != nil {
				t.Fatalf("Anna is told of %+v", first)
			}
			if one.now() == "" || one.now() != two.now() {
				t.Errorf("the clipboards have %q and %q", one.now(), two.now())
			}
			return second
		}
	}
	if by := both(); by == nil || by.By != "Anna" || by.Own || by.Machine == "" || time.Since(by.At) > wait.Hang {
		t.Errorf("Béla is told of %+v", by)
	}
	settings := *béla.k.settings.Load()
	settings.Office.Turns = false
	béla.k.settings.Store(&settings)
	if by := both(); by != nil {
		t.Errorf("Béla is told of %+v", by)
	}
}
