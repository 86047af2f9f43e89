package panel

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"net/http"
	"sync"
	"time"
)

// tickets are one-time bearer tokens that let the person in: each is exchanged for a page session (a cookie).
//
// The ticket stands in the link's fragment, which no browser sends anywhere; the page that is there reads it and posts
// it. So nothing that merely fetches the link (a preview, a scanner) uses it up, and it is in no log. What is left in
// the browser's history is worth nothing: a ticket is good once and for half a minute.
type tickets struct {
	mu       sync.Mutex
	issued   map[string]admission
	sessions map[[sha256.Size]byte]bool // by the hashes of their cookies
	name     string                     // of the cookie
}

type admission struct {
	path  string
	until time.Time
}

const (
	openPath   = "/open"
	ticketTime = 30 * time.Second
	// maxOpen is how many tickets and sessions there can be; then it begins anew.
	maxOpen = 100
)

// ticket admits once to a page.
func (d *tickets) ticket(path string) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.issued == nil || len(d.issued) >= maxOpen {
		d.issued = map[string]admission{}
	}
	t := rand.Text()
	d.issued[t] = admission{path, time.Now().Add(ticketTime)}
	return t
}

// redeem gives a session for a ticket, and says where to go.
func (d *tickets) redeem(ticket string) (session http.Cookie, path string, ok bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	a, ok := d.issued[ticket]
	delete(d.issued, ticket)
	if !ok || time.Now().After(a.until) {
		return http.Cookie{}, "", false
	}
	if d.sessions == nil || len(d.sessions) >= maxOpen {
		d.sessions, d.name = map[[sha256.Size]byte]bool{}, "kapu-"+rand.Text()
	}
	value := rand.Text() + rand.Text()
	d.sessions[sha256.Sum256([]byte(value))] = true
	return http.Cookie{Name: d.name, Value: value, Path: "/", HttpOnly: true, SameSite: http.SameSiteStrictMode}, a.path, true
}

// export returns what an heir needs to know the same sessions.
func (d *tickets) export() (name string, sessions [][]byte) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for hash := range d.sessions {
		sessions = append(sessions, hash[:])
	}
	return d.name, sessions
}

// adopt is the other end of export.
func (d *tickets) adopt(name string, sessions [][]byte) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.name, d.sessions = name, map[[sha256.Size]byte]bool{}
	for _, hash := range sessions {
		if len(hash) == sha256.Size {
			d.sessions[[sha256.Size]byte(hash)] = true
		}
	}
}

// open says whether a request comes from whom a ticket has let in.
func (d *tickets) open(r *http.Request) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.name == "" {
		return false
	}
	c, err := r.Cookie(d.name)
	return err == nil && d.sessions[sha256.Sum256([]byte(c.Value))]
}

// routes are the only ones besides the static files that need no session.
func (d *tickets) routes(mux *http.ServeMux, s *site) {
	mux.HandleFunc("GET "+openPath, func(w http.ResponseWriter, _ *http.Request) {
		s.show(w, http.StatusOK, page{title: "page-opening", html: "open.html", small: true})
	})
	mux.HandleFunc("POST "+openPath, func(w http.ResponseWriter, r *http.Request) {
		var ticket string
		if json.NewDecoder(http.MaxBytesReader(w, r.Body, 1000)).Decode(&ticket) != nil {
			refuse(w, http.StatusBadRequest)
			return
		}
		session, path, ok := d.redeem(ticket)
		if !ok {
			refuse(w, http.StatusUnauthorized)
			return
		}
		if s.entered != nil {
			s.entered()
		}
		http.SetCookie(w, &session)
		_ = json.NewEncoder(w).Encode(path)
	})
}
