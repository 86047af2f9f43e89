package tray

import (
	"context"
	"io"
	"os"
	"runtime/debug"
	"strings"
	"time"

	"kapu/agent"
	"kapu/exchange"
	"kapu/lang"
)

// foundTime is how long the results of a search stay in the menu.
const foundTime = time.Minute

// search asks for a part of a name or tax number. One match is copied at once; more go into the menu.
func (t *tray) search() {
	s := t.session
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

func (t *tray) results(s *session, query string, clients []agent.Client) {
	if t.session != s {
		return
	}
	switch len(clients) {
	case 0:
		t.notices.show(note{
			text:  t.texts.T("tray-found-none", "Query", clip(query)),
			plain: t.texts.T("tray-found-none", "Query", "…"), private: true,
		})
		return
	case 1:
		t.copy(clients[0].ID, false)
		return
	}
	f := &found{query: query}
	for i := range clients {
		f.ids = append(f.ids, clients[i].ID)
	}
	t.found = f
	t.refresh(s)
	t.notices.show(note{text: t.texts.N("tray-found-some", len(clients))})
	time.AfterFunc(foundTime, func() {
		t.post(func() {
			if t.found == f {
				t.found = nil
				t.refresh(s)
			}
		})
	})
}

// add asks for a client's name, key and folder. The vault is made, if there is none, only when that is known.
func (t *tray) add() {
	name, key, folder := t.texts.T("tray-ask-name"), t.texts.T("tray-ask-key"), t.texts.T("tray-ask-folder")
	t.ask(func(ctx context.Context) (then func(), err error) {
		var n agent.New
		if n.Client.Name, err = t.prompts.line(ctx, name); err != nil {
			return nil, err
		}
		if n.Key, err = t.prompts.secret(ctx, key); err != nil {
			return nil, err
		}
		if n.Client.Folder, err = t.prompts.line(ctx, folder); err != nil {
			return nil, err
		}
		return func() { t.withAgent(func(s *session) { t.addClient(s, n) }) }, nil
	})
}

func (t *tray) addClient(s *session, n agent.New) {
	t.beside(func() (func(), error) {
		added, err := s.conn.Add(t.ctx, n)
		return func() {
			t.notices.show(t.about(added, func(client string) string {
				return t.texts.T("tray-added", "Client", client)
			}))
		}, err
	})
}

// importFile asks for a file and takes its clients in.
func (t *tray) importFile() {
	question := t.texts.T("tray-ask-file")
	t.ask(func(ctx context.Context) (func(), error) {
		path, err := t.prompts.file(ctx, question)
		if err != nil {
			return nil, err
		}
		return func() { t.withAgent(func(s *session) { t.importFrom(s, path) }) }, nil
	})
}

func (t *tray) importFrom(s *session, path string) {
	t.beside(func() (func(), error) {
		report, err := importInto(t.ctx, s.conn, path)
		debug.FreeOSMemory() // it held a file of keys
		return func() { t.notices.show(note{text: t.imported(report)}) }, err
	})
}

// maxImport is the largest file that is read: a client takes some hundred bytes, in the largest format.
const maxImport = 64 << 20

func importInto(ctx context.Context, c conn, path string) (exchange.Report, error) {
	data, err := readFile(path)
	if err != nil {
		return exchange.Report{}, err
	}
	defer clear(data)
	_, entries, err := exchange.Read(data)
	if err != nil {
		return exchange.Report{}, err
	}
	return c.Import(ctx, agent.Import{Entries: entries})
}

func readFile(path string) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, lang.E("tray-import-unreadable", "Path", path, "Reason", err)
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, maxImport+1))
	switch {
	case err != nil:
		return nil, lang.E("tray-import-unreadable", "Path", path, "Reason", err)
	case len(data) > maxImport:
		return nil, lang.E("tray-import-big", "Path", path, "Most", maxImport>>20)
	}
	return data, nil
}

// imported says what became of a file's entries.
func (t *tray) imported(r exchange.Report) string {
	counts := r.Counts
	said := t.texts.N("tray-imported", len(r.Rows), "New", counts[exchange.New]+counts[exchange.Merged],
		"Same", counts[exchange.Same]+counts[exchange.Changed])
	if left := counts[exchange.Skipped] + counts[exchange.Refused]; left > 0 {
		said += " " + t.texts.N("tray-imported-not", left)
	}
	return said
}
