// Package panel is the page: the face for work in bulk, shown by a real browser.
//
// Its promise: the page is served by the agent's own process, on the loopback interface, to this person's programs
// only, and through a link that opens it once. It knows no more than any other face, because it speaks to the agent
// through a Conn: its handlers are thin. When the vault is locked the process ends, and the page that is open says so
// and holds nothing any more.
//
// A page of the page is one Go file with a page value in pages, one template in html, and, where it does something by
// itself, one module in static.
//
// Where no agent is, the lobby stands in (lobby.go): a process of its own without keys, which shows the doors to a
// vault that is yet to be made or restored, and, after a lock, the way back in (heir.go).
package panel

import (
	"context"
	"crypto/rand"
	"net/http"
	"sync"

	"kapu/agent"
	"kapu/config"
	"kapu/lang"
)

// page is one of the pages of the page.
type page struct {
	path  string // also the name of its view, without the slash
	title string // id of the text in its navigation
	html  string // its template in html
	// small pages stand in a window of their own and are not in the navigation.
	small bool
	// Of a page with parts and of each of these: the path of the whole, and the id of the text among the parts.
	in, part string
	admin    bool // of a part that is of use to admins only
	// routes are what the page's script asks for.
	routes func(r *routes, c *agent.Conn)
}

// pages are all of them, in the order of the navigation.
func pages() []page {
	pages := []page{clientsPage, addPage, importPage, exportPage, deadlinesPage, officePage}
	return append(append(pages, officeParts...), logPage, settingsPage, backupsPage, doctorPage, searchPage)
}

// Server is the HTTP server of one agent's page.
type Server struct {
	site
	conn    *agent.Conn
	viewers viewers
	// proof is what only the heir of this page can say; windows know its hash (heir.go).
	proof string

	mu     sync.Mutex
	place  *place // nil before somebody asks for a link
	heir   *heir  // nil while no window is there
	closed bool
}

// New makes the page of an agent. Nothing is listened to before somebody asks for a link.
func New(c *agent.Conn, paths config.Paths) *Server {
	p := &Server{site: site{paths: paths, pages: pages()}, conn: c, proof: rand.Text()}
	p.entered = p.testify
	return p
}

// Link returns an address that opens a view.
func (p *Server) Link(_ context.Context, view string) (string, error) {
	page, known := p.find("/" + view)
	if !known {
		return "", lang.E("page-no-view", "View", view)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.place == nil {
		found, err := settle()
		if err != nil {
			return "", lang.E("page-no-port", "Reason", err)
		}
		p.place = found
		defer found.serve(p.handler(found.host))
	}
	if standsBy && p.heir == nil {
		_ = p.appoint() // before a window can be there
		p.viewers.whenGone(p.dismiss)
	}
	return p.link(p.place.host, page.path), nil
}

// Close ends the page. Windows that show it find the lobby at their address: nobody else can have taken it.
func (p *Server) Close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.place == nil {
		return
	}
	p.closed = true
	if p.heir == nil && p.viewers.any() {
		_ = p.appoint()
	}
	if p.heir != nil {
		_ = p.write(p.viewers.any())
		defer p.heir.in.Close()
	}
	p.place.close()
}

func (p *Server) handler(host string) http.Handler {
	r := p.newRoutes()
	r.mux.HandleFunc("GET "+eventsPath, r.known(p.events))
	api(r, "lock", func(ctx context.Context, _ struct{}) (struct{}, error) { return struct{}{}, p.conn.Lock(ctx) })
	groupRoutes(r, p.conn)
	for _, page := range p.pages {
		r.mux.HandleFunc("GET "+exact(page.path), r.known(func(w http.ResponseWriter, q *http.Request) {
			p.show(w, http.StatusOK, page)
		}))
		if page.routes != nil {
			page.routes(r, p.conn)
		}
	}
	return guard(host, compressed(r.mux))
}

// exact keeps "/" from meaning everything.
func exact(path string) string {
	if path == "/" {
		return "/{$}"
	}
	return path
}
