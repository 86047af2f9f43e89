package panel

import (
	"net/http"
	"strings"
)

// policy lets the page use what comes with it and nothing else; no script or style stands in the page itself. Text
// becomes markup in one place only: the templates of lit-html, which are ours.
var policy = strings.Join([]string{
	"default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'", "img-src 'self' data: blob:",
	"manifest-src 'self'", "form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'",
	"require-trusted-types-for 'script'", "trusted-types lit-html",
}, "; ")

// maxBody is the largest request, but for what a page takes in through routes.upload.
const maxBody = 1 << 20

// guard turns away what a page of somebody else in this person's browser could send, and tells the browser to keep
// nothing and to let nobody in. The page's host is a secret of this agent and the browser: who rebinds a name of
// their own to this machine comes under another.
func guard(host string, next http.Handler) http.Handler {
	crossOrigin := http.NewCrossOriginProtection()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cache-Control", "no-store")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cross-Origin-Embedder-Policy", "require-corp")
		h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=(), clipboard-write=()")
		if r.Host != host || !sameOrigin(r, host) || crossOrigin.Check(r) != nil {
			refuse(w, http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// sameOrigin says whether a request comes from the page itself or from the person: a link that was opened, an address
// that was typed. The cross-origin check of the library lets every GET pass; here none is for others either.
func sameOrigin(r *http.Request, host string) bool {
	if origin := r.Header.Get("Origin"); origin != "" && origin != "http://"+host {
		return false
	}
	switch r.Header.Get("Sec-Fetch-Site") {
	case "", "none", "same-origin":
		return true
	}
	return entrance(r)
}

// entrance says whether a window, not a frame in it, goes to where a ticket is exchanged: the lobby leads there from
// another host. There is nothing to be had without a ticket.
func entrance(r *http.Request) bool {
	return r.Method == http.MethodGet && r.URL.Path == openPath &&
		r.Header.Get("Sec-Fetch-Mode") == "navigate" && r.Header.Get("Sec-Fetch-Dest") == "document"
}

// refuse says nothing but no: a stranger needs no explanation.
func refuse(w http.ResponseWriter, status int) { http.Error(w, http.StatusText(status), status) }
