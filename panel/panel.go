// Package panel is the page: the face for work in bulk, shown by a real browser.
//
// Its promise: the page is served by the agent's own process, on the loopback interface, to this person's programs
// only, and through a link that opens it once. It knows no more than any other face, because it speaks to the agent
// through a Conn: its handlers are thin. When the vault is locked the process ends, and the page that is open says so
// and holds nothing any more.
//
// A page of the page is one Go file with a page value in pages, one template in html, and, where it does something by
// itself, one module in static.
package panel

import (
	"context"
	"net/http"
	"sync"
	"time"

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
	return append(append(pages, officeParts...), logPage, settingsPage, doctorPage, searchPage)
}

// Server is the HTTP server of one agent's page.
type Server struct {
	conn    *agent.Conn
	paths   config.Paths
	pages   []page
	tickets tickets
	looks   looks
	parcels parcels
	listen  func() (host string, err error) // once
}

// New makes the page of an agent. Nothing is listened to before somebody asks for a link.
func New(c *agent.Conn, paths config.Paths) *Server {
	p := &Server{conn: c, paths: paths, pages: pages()}
	p.listen = sync.OnceValues(p.serve)
	return p
}

// Link returns an address that opens a view.
func (p *Server) Link(_ context.Context, view string) (string, error) {
	for _, page := range p.pages {
		if page.path == "/"+view {
			host, err := p.listen()
			if err != nil {
				return "", lang.E("page-no-port", "Reason", err)
			}
			return "http://" + host + openPath + "#" + p.tickets.ticket(page.path), nil
		}
	}
	return "", lang.E("page-no-view", "View", view)
}

// serve listens and returns the host by which a browser reaches the page.
func (p *Server) serve() (string, error) {
	listeners, port, err := listen()
	if err != nil {
		return "", err
	}
	host := newHost(port)
	server := http.Server{
		Handler: p.handler(host), ReadHeaderTimeout: headerTime, IdleTimeout: idleTime, MaxHeaderBytes: 16 << 10,
		ErrorLog: silent,
	}
	for _, l := range listeners {
		go func() { _ = server.Serve(ours{l}) }()
	}
	return host, nil
}

const (
	headerTime = 10 * time.Second // keeps a program from holding connections open that say nothing
	idleTime   = time.Minute
)

func (p *Server) handler(host string) http.Handler {
	mux := http.NewServeMux()
	p.tickets.routes(mux, p)
	mux.Handle("GET "+staticPath, p.static())
	r := &routes{panel: p, mux: mux}
	mux.HandleFunc("GET "+eventsPath, r.known(p.events))
	api(r, "lock", func(ctx context.Context, _ struct{}) (struct{}, error) { return struct{}{}, p.conn.Lock(ctx) })
	groupRoutes(r, p.conn)
	for _, page := range p.pages {
		mux.HandleFunc("GET "+exact(page.path), r.known(func(w http.ResponseWriter, q *http.Request) {
			p.show(w, http.StatusOK, page)
		}))
		if page.routes != nil {
			page.routes(r, p.conn)
		}
	}
	return guard(host, compressed(mux))
}

// exact keeps "/" from meaning everything.
func exact(path string) string {
	if path == "/" {
		return "/{$}"
	}
	return path
}

// settings are what the file says now; whatever is wrong with it is said elsewhere.
func (p *Server) settings() config.Config {
	cfg, err := config.Load(p.paths)
	if err != nil {
		return config.Default()
	}
	return cfg
}

// texts are those of the language that the settings name now: a person who changes it sees it at once.
func (p *Server) texts() *lang.Texts { return lang.In(p.settings().Language) }
