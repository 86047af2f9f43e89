package tray

import (
	"context"
	"errors"
	"slices"
	"time"

	"kapu/agent"
	"kapu/config"
)

// conn is what the tray needs of a connection to the agent.
type conn interface {
	Status(ctx context.Context) (agent.Status, error)
	List(ctx context.Context, query, folder string) ([]agent.Client, error)
	UnlockFolder(ctx context.Context, folder, secret string) error
	CopyOrShow(ctx context.Context, r agent.Copy) (agent.Copied, error)
	Lock(ctx context.Context) error
	NoticeEvents(ctx context.Context) (<-chan agent.Event, error)
	Close()
}

// agents finds and starts the agent of this desktop session.
type agents interface {
	dial(ctx context.Context) (conn, error)
	start(ctx context.Context, opts agent.StartOptions) (conn, error)
	watch(ctx context.Context) (<-chan struct{}, error)
	// returns sends when the person has come back to the screen.
	returns(ctx context.Context) <-chan struct{}
	// unheard says whether nothing on this desktop is known to tell of a locked screen.
	unheard(ctx context.Context) bool
	// silent says that unlocking asks the person nothing.
	silent(ctx context.Context) bool
}

type realAgents struct{ paths config.Paths }

func (a realAgents) dial(ctx context.Context) (conn, error) {
	c, err := agent.Dial(ctx, a.paths)
	if err != nil {
		return nil, err
	}
	return c, nil
}

func (a realAgents) start(ctx context.Context, opts agent.StartOptions) (conn, error) {
	c, err := agent.Start(ctx, a.paths, opts)
	if err != nil {
		return nil, err
	}
	return c, nil
}

func (a realAgents) watch(ctx context.Context) (<-chan struct{}, error) {
	return agent.Watch(ctx, a.paths)
}

// attachment is the connection to one agent, from unlocking to locking.
type attachment struct {
	conn    conn
	ours    bool // the agent ends with this tray
	fresh   bool // the vault was made for this session, and nobody has been asked to keep its recovery key yet
	kept    bool // the recovery key is known to be put away
	locking bool // the person has asked for it
	listing bool // a list is on its way
	again   bool // and another is needed after it
	copying map[string]bool
	last    string        // id of the client for whom was copied last
	follows string        // id of the client whose code comes by itself after the user name; "" if none does
	ended   chan struct{} // closed when the agent is gone
	leave   func()        // stops listening to it
}

// findAgent looks whether somebody has unlocked in this session: this program at the command line, or an agent
// that was there before this tray.
func (t *tray) findAgent() {
	if t.attached != nil || t.starting {
		return
	}
	if t.dialing {
		t.redial = true
		return
	}
	t.dialing = true
	go func() {
		c, err := t.agents.dial(t.ctx)
		t.post(func() {
			again := t.redial
			t.dialing, t.redial = false, false
			switch {
			case err == nil && t.attached == nil && !t.starting:
				t.attach(c, false)
			case err == nil:
				c.Close()
			case !errors.Is(err, agent.ErrLocked):
				t.report(err)
			case again:
				t.findAgent()
			}
		})
	}()
}

// withAgent is a continuation on the unlocked vault; if it is locked, the person is asked to unlock first.
func (t *tray) withAgent(then func(*attachment)) {
	if t.attached != nil {
		then(t.attached)
		return
	}
	if t.starting {
		return
	}
	made := false
	t.start(func(opts agent.StartOptions) (conn, error) {
		exists, err := agent.HasVault(t.paths)
		if err != nil {
			return nil, err
		}
		made, opts.Create = !exists, !exists
		return t.agents.start(t.ctx, opts)
	}, func(err error) {
		switch {
		case err == nil:
			t.attached.fresh = made
			then(t.attached)
		case t.ctx.Err() == nil && !errors.Is(err, agent.ErrCancelled): // who closed the question knows
			t.notices.show(note{text: t.texts.Error(err), problem: true, log: true})
			if agent.Unopenable(err) {
				t.window(nil, "open", "restore")
			}
		}
	})
}

// start starts an agent and follows it.
func (t *tray) start(begin func(agent.StartOptions) (conn, error), then func(error)) {
	t.starting = true
	lifeline := t.cfg.Lock.OnTrayEnd
	go func() {
		c, err := begin(agent.StartOptions{Lifeline: lifeline})
		t.post(func() {
			t.starting = false
			if err == nil {
				t.attach(c, lifeline)
			}
			then(err)
		})
	}()
}

// attach follows an agent until it ends.
func (t *tray) attach(c conn, ours bool) {
	// Not the tray's own context: at the end it still wants to see that the agent is gone.
	ctx, leave := context.WithCancel(context.Background())
	s := &attachment{conn: c, ours: ours, fresh: t.empty, copying: map[string]bool{}, ended: make(chan struct{}), leave: leave}
	t.attached, t.left, t.back, t.empty = s, false, false, false
	go func() {
		events, err := c.NoticeEvents(ctx)
		if err == nil {
			t.post(func() { t.refresh(s) }) // not before, so that no change is missed
			for e := range events {
				t.post(func() { t.event(s, e) })
			}
		}
		close(s.ended)
		t.post(func() { t.detach(s) })
	}()
}

// detach forgets the agent: that is what locking means for the tray. Idempotent.
func (t *tray) detach(s *attachment) {
	if t.attached != s {
		return
	}
	t.attached = nil
	s.leave()
	s.conn.Close()
	if t.asking != nil {
		t.asking()
	}
	t.notices.hidePrivate()
	t.showLocked()
	if t.back {
		t.comeBack()
	}
	t.findAgent() // another one may have come before this one was gone
}

func (t *tray) showLocked() {
	t.office, t.found, t.cuts = nil, nil, nil
	st := t.state()
	t.empty = !st.vault
	t.screen.show(build(st), true, time.Now())
	t.tidy.Reset(tidyTime)
}

// tidyTime is how long after all rows have changed the memory that this took is given back: the panel reads the
// whole menu again meanwhile, and each of its readings is a copy.
const tidyTime = 3 * time.Second

func (t *tray) event(s *attachment, e agent.Event) {
	if t.attached != s {
		return
	}
	switch e.Type {
	case agent.Changed:
		t.refresh(s)
	case agent.Left:
		t.left = true
	case agent.Waiting:
		if e.Client != nil && (s.copying[e.Client.ID] || s.follows == e.Client.ID) {
			t.waiting(*e.Client, e.Seconds, e.Taken)
		}
	case agent.CodeCopied: // by the quick search, which has closed, or by itself
		if e.Copied != nil {
			t.copied(*e.Copied)
		}
	case agent.Problem:
		if e.Problem != nil {
			t.report(e.Problem)
		}
		t.officeNews(s) // the row says it too
	case agent.OfficeNews:
		t.officeNews(s)
	case agent.Asked:
		if e.Request != nil {
			t.asked(e.Request)
		}
	case agent.Belongs:
		t.belongs(e)
	}
}

// refresh brings the menu to what the agent says now. The list is not kept: the menu is all that remains of it.
func (t *tray) refresh(s *attachment) {
	if t.attached != s {
		return
	}
	if s.listing {
		s.again = true
		return
	}
	s.listing = true
	go func() {
		clients, err := s.conn.List(t.ctx, "", "")
		var status agent.Status
		if err == nil { // what locks in between is told of by one more event
			status, err = s.conn.Status(t.ctx)
		}
		t.post(func() {
			again := s.again
			s.listing, s.again, s.kept = false, false, status.RecoveryKept
			if t.attached != s {
				return
			}
			if err != nil {
				if !errors.Is(err, agent.ErrLocked) { // of that the end of the events tells
					t.report(err)
				}
				return
			}
			if slices.ContainsFunc(status.LockedFolders, func(f string) bool { return !slices.Contains(t.screen.lockedFolders, f) }) {
				t.notices.hidePrivate()
			}
			t.showClients(clients, status)
			t.tidy.Reset(tidyTime) // the list itself is as large as the menu
			if again {
				t.refresh(s)
			}
		})
	}()
}

func (t *tray) showClients(clients []agent.Client, status agent.Status) {
	st := t.state()
	st.locked, st.clients, st.lockedFolders, st.found, st.cuts = false, clients, status.LockedFolders, t.found, t.cuts
	t.office = status.Office
	st.remind, st.due, st.office = !t.attached.kept, status.Deadlines, t.office
	m := build(st)
	t.cuts = m.cuts
	if t.attached.fresh && len(clients) > 0 && t.asking == nil { // by a door of the page
		t.attached.fresh = false
		if st.remind && st.prompts {
			t.dialog(DialogRecovery)
		}
	}
	wasLocked := t.screen.locked
	t.screen.show(m, false, time.Now())
	if wasLocked {
		t.tidy.Reset(tidyTime)
	}
}
