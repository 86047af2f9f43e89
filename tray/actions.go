package tray

import (
	"context"
	"errors"
	"strings"
	"time"

	"kapu/agent"
)

// resultTime is how long the results of a search stay in the menu.
const resultTime = time.Minute

// search opens the small window for it. Where no browser can show that, a dialog asks.
func (t *tray) search() {
	var dialog func()
	if t.prompts.available() {
		dialog = t.searchByDialog
	}
	t.window(dialog, "search")
}

// window runs the command that opens a window of the page: the browser is that process's child, and whatever fails it
// says. The other way, if there is one, is taken then.
func (t *tray) window(otherwise func(), args ...string) {
	t.beside(func() (func(), error) {
		err := t.prompts.window(t.ctx, args...)
		if err != nil && otherwise != nil {
			return otherwise, nil
		}
		return nil, err
	})
}

// beginBy opens a door to a first vault. Where no browser can show it, a client can still be added by dialogs.
func (t *tray) beginBy(view string) {
	var dialog func()
	if view == "add" && t.prompts.available() {
		dialog = func() { t.dialog(DialogAdd) }
	}
	t.window(dialog, "open", view)
}

// openImport opens the page's import, where the person sees what would become of each entry. On an empty machine that
// makes the vault, whose recovery key is to be put on paper.
func (t *tray) openImport() {
	t.withAgent(func(s *attachment) {
		fresh := s.fresh
		s.fresh = false
		t.window(nil, "open", "import")
		if fresh {
			t.dialog(DialogRecovery)
		}
	})
}

// searchByDialog asks for a part of a name or tax number. One match is copied at once; more go into the menu.
func (t *tray) searchByDialog() {
	s := t.attached
	if s == nil {
		return
	}
	question := t.texts.T("tray-ask-search")
	t.ask(func(ctx context.Context) (func(), error) {
		query, err := t.prompts.line(ctx, question)
		if query = strings.TrimSpace(query); err != nil || query == "" {
			return nil, err
		}
		clients, err := s.conn.List(t.ctx, query, "")
		return func() { t.results(s, query, clients) }, err
	})
}

func (t *tray) results(s *attachment, query string, clients []agent.Client) {
	if t.attached != s {
		return
	}
	switch len(clients) {
	case 0:
		t.notices.show(note{
			text:  t.texts.T("tray-found-none", "Query", shorten(query)),
			plain: t.texts.T("tray-found-none", "Query", "…"), private: true,
		})
		return
	case 1:
		t.copy(agent.Copy{Query: clients[0].ID})
		return
	}
	f := &searchResult{query: query}
	for i := range clients {
		f.ids = append(f.ids, clients[i].ID)
	}
	t.found = f
	t.refresh(s)
	t.notices.show(note{text: t.texts.N("tray-found-some", len(clients))})
	time.AfterFunc(resultTime, func() {
		t.post(func() {
			if t.found == f {
				t.found = nil
				t.refresh(s)
			}
		})
	})
}

// dialog runs one of the dialogs that see keys. The agent is unlocked before, by this tray, so that it ends with it
// if it should.
func (t *tray) dialog(what string) {
	t.withAgent(func(s *attachment) {
		fresh := s.fresh
		s.fresh = false
		t.ask(func(ctx context.Context) (func(), error) {
			said, err := t.prompts.elsewhere(ctx, what)
			if fresh && ctx.Err() == nil { // whatever became of the first question, the vault is there now
				asked, first, failed := what, said, err
				t.post(func() { t.answered(s, asked, first, failed) })
				what = DialogRecovery
				said, err = t.prompts.elsewhere(ctx, what)
			}
			return func() { t.answered(s, what, said, nil) }, err
		})
	})
}

// answered tells the person what a dialog has done.
func (t *tray) answered(s *attachment, what, said string, err error) {
	switch {
	case t.attached != s:
	case err != nil && !errors.Is(err, errCancelled):
		t.refused(err)
	case said != "":
		n := note{text: said, private: true}
		if what == DialogAdd {
			n.plain = t.texts.T("tray-added", "Client", t.texts.T("tray-a-client"))
		}
		t.notices.show(n)
	}
}
