package panel

import (
	"net"
	"net/http"
	"time"

	"kapu/config"
	"kapu/internal/peer"
	"kapu/lang"
)

// site is what the page and the lobby have in common: how a browser gets in, and how a page of theirs is shown.
type site struct {
	paths   config.Paths
	pages   []page
	tickets tickets
	looks   looks
	entered func() // called when a ticket has let somebody in, before they hear of it; may be nil
}

// find returns the page with a path.
func (s *site) find(path string) (page, bool) {
	for _, page := range s.pages {
		if page.path == path {
			return page, true
		}
	}
	return page{}, false
}

// link is an address that opens a path of a host once.
func (s *site) link(host, path string) string {
	return "http://" + host + openPath + "#" + s.tickets.ticket(path)
}

// newRoutes has what every site serves: the way in, and what is the same for everybody.
func (s *site) newRoutes() *routes {
	r := &routes{site: s, mux: http.NewServeMux()}
	s.tickets.routes(r.mux, s)
	r.mux.Handle("GET "+staticPath, s.static())
	return r
}

// settings are what the file says now; whatever is wrong with it is said elsewhere.
func (s *site) settings() config.Config {
	cfg, err := config.Load(s.paths)
	if err != nil {
		return config.Default()
	}
	return cfg
}

// texts are those of the language that the settings name now: a person who changes it sees it at once.
func (s *site) texts() *lang.Texts { return lang.In(s.settings().Language) }

// place is where a site is served.
type place struct {
	host      string // by which a browser reaches it
	listeners []net.Listener
	server    http.Server
}

// settle opens a place that nobody has had before.
func settle() (*place, error) {
	listeners, port, err := listen()
	if err != nil {
		return nil, err
	}
	return &place{host: newHost(port), listeners: listeners}, nil
}

func (p *place) serve(handler http.Handler) {
	p.server = http.Server{
		Handler: handler, ReadHeaderTimeout: headerTime, IdleTimeout: idleTime, MaxHeaderBytes: 16 << 10, ErrorLog: silent,
	}
	for _, l := range p.listeners {
		go func() { _ = p.server.Serve(peer.Own(l)) }()
	}
}

// close ends every connection. Another process that has the listeners goes on with them.
func (p *place) close() { _ = p.server.Close() }

const (
	headerTime = 10 * time.Second // keeps a program from holding connections open that say nothing
	idleTime   = time.Minute
)
