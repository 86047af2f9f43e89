package tray

import (
	"context"
	"errors"
	"time"

	"kapu/agent"
	"kapu/lang"
)

// click dispatches on the row's verb.
func (t *tray) click(c click) {
	row, ok := c.meaning()
	if !ok {
		return
	}
	switch row.verb {
	case copyCode, copyFound:
		t.copy(agent.Copy{Query: row.id})
	case signIn:
		t.copy(agent.Copy{Query: row.id, What: agent.SignIn})
	case unlock:
		t.withAgent(func(*attachment) {})
	case unlockGroup:
		t.unlockGroup(row.id)
	case search:
		t.search()
	case deadlines:
		t.window(nil, "open", "deadlines")
	case inOffice:
		t.openOffice()
	case manage:
		t.window(nil, "open")
	case add:
		t.dialog(DialogAdd)
	case importClients:
		t.openImport()
	case begin:
		t.beginBy(row.id)
	case recovery:
		t.dialog(DialogRecovery)
	case upgrade: // what there is to say of it
		t.withAgent(func(*attachment) { t.window(nil, "open", "settings/doctor") })
	case lock:
		t.lock()
	case quit:
		time.AfterFunc(answerTime, t.stop)
	case leftClick:
		t.mostUseful()
	case middleClick:
		t.copyLast()
	}
}

// mostUseful is what a click on the icon does on a panel that opens no menu by it: the search, and what has to come
// before it.
func (t *tray) mostUseful() {
	switch {
	case t.attached != nil:
		t.search()
	case t.empty:
		t.window(nil, "open")
	default:
		t.withAgent(func(*attachment) {})
	}
}

// copyLast copies for the client again for whom this tray has copied last.
func (t *tray) copyLast() {
	if s := t.attached; s != nil && s.last != "" {
		t.copy(agent.Copy{Query: s.last})
		return
	}
	t.mostUseful()
}

// answerTime is for the panel's click to be answered before its other end goes away.
const answerTime = 50 * time.Millisecond

// copy puts a client's code on the clipboard, or the user name; it names the client by the id.
func (t *tray) copy(r agent.Copy) {
	s, id := t.attached, r.Query
	if s == nil || s.copying[id] {
		return
	}
	s.copying[id] = true
	t.copies++
	number := t.copies
	go func() {
		copied, err := s.conn.CopyOrShow(t.ctx, r)
		t.post(func() {
			delete(s.copying, id)
			switch {
			case number != t.copies || s.locking: // a newer copy has taken its place, or a lock
			case err != nil:
				t.refused(err)
			case t.attached == s:
				t.copied(copied)
			}
		})
	}()
}

// copied tells what was copied, and offers what may be wanted next.
func (t *tray) copied(c agent.Copied) {
	t.attached.follows, t.attached.last = "", c.ID
	n := t.about(c.Client, func(client string) string { return c.Said(t.texts, client) })
	if c.Code != "" {
		n.title, n.until = lang.Grouped(c.Code), c.Until
		if c.Until.IsZero() {
			n.until = time.Now().Add(counterTime)
		}
	}
	switch {
	case c.UsedBefore:
		t.offer(&n, t.texts.T("tray-next"), agent.Copy{Query: c.ID, Next: true})
	case c.Follows != "":
		t.attached.follows = c.ID
		t.offer(&n, t.texts.T("tray-code-now"), agent.Copy{Query: c.ID})
	}
	t.notices.show(n)
}

// offer gives a note a button that copies something more.
func (t *tray) offer(n *note, label string, r agent.Copy) {
	n.button, n.press = label, func() { t.post(func() { t.copy(r) }) }
}

// counterTime is how long a notice shows a code that does not run out.
const counterTime = time.Minute

func (t *tray) waiting(c agent.Client, seconds int, taken *agent.Taken) {
	t.notices.show(t.about(c, func(client string) string {
		if taken != nil {
			return taken.Said(t.texts, client, seconds)
		}
		return t.texts.T("tray-waiting", "Client", client, "Seconds", seconds)
	}))
}

// about makes a note that names a client as the menu does.
func (t *tray) about(c agent.Client, say func(client string) string) note {
	return note{text: say(c.Label()), plain: say(t.texts.T("tray-a-client")), private: true}
}

// unlockGroup opens a group again. The agent asks for the PIN or password itself.
func (t *tray) unlockGroup(folder string) {
	s := t.attached
	if s == nil {
		return
	}
	t.beside(func() (func(), error) {
		err := s.conn.UnlockFolder(t.ctx, folder, "")
		if errors.Is(err, agent.ErrCancelled) || t.ctx.Err() != nil {
			err = errCancelled
		}
		return nil, err
	})
}

// lock locks the vault. The names go when the agent has agreed: a menu that looks locked over an open vault
// would be a lie.
func (t *tray) lock() {
	s := t.attached
	if s == nil || s.locking {
		return
	}
	s.locking = true
	go func() {
		err := s.conn.Lock(t.ctx)
		t.post(func() {
			if err != nil && !errors.Is(err, agent.ErrLocked) {
				s.locking = false
				t.report(err)
				return
			}
			t.detach(s)
		})
	}()
}

// beside runs blocking work on a goroutine of its own, and what it returns on the owner. An error is shown to the
// person.
func (t *tray) beside(work func() (then func(), err error)) {
	go func() {
		then, err := work()
		t.post(func() {
			switch {
			case errors.Is(err, errCancelled):
			case err != nil:
				t.refused(err)
			case then != nil:
				then()
			}
		})
	}()
}

// ask is beside for work that opens dialogs. It is exclusive: while one is open, another does nothing. But a dialog's
// window is gone before its process is: what is asked for in between (within endingTime) is done then. Locking cancels
// both.
func (t *tray) ask(work func(ctx context.Context) (then func(), err error)) {
	if t.asking != nil {
		asked := time.Now()
		t.askNext = func() {
			if time.Since(asked) < endingTime {
				t.ask(work)
			}
		}
		return
	}
	ctx, cancel := context.WithCancel(t.ctx)
	t.asking = cancel
	t.beside(func() (func(), error) {
		then, err := work(ctx)
		t.post(func() {
			next := t.askNext
			t.asking, t.askNext = nil, nil
			if next != nil && ctx.Err() == nil {
				next()
			}
			cancel()
		})
		return then, err
	})
}

// endingTime is what the process of a dialog may take to end after its window, on a busy machine.
const endingTime = 3 * time.Second
