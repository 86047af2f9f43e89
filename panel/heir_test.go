//go:build linux

package panel_test

import (
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"kapu/agent"
	"kapu/internal/wait"
)

// The page that was open when the vault was locked leads back to where it was, by unlocking here or elsewhere. Nobody
// else gets its address meanwhile.
func TestHeir(t *testing.T) {
	o := newOffice(t, "", client("Titok Kft."))
	w := o.open("deadlines")
	w.until(`Boolean(document.querySelector("#due")?.textContent)`)
	w.follows()
	before := eval[string](w, `location.host`)
	_, port, err := net.SplitHostPort(before)
	if err != nil {
		t.Fatal(err)
	}
	o.lock()
	if _, err := agent.Dial(t.Context(), o.paths()); err == nil {
		t.Fatal("the agent is still there")
	}
	w.until(`document.querySelector("#unlock button") === document.activeElement`)
	if host := eval[string](w, `location.host + location.pathname`); host != before+"/deadlines" {
		t.Errorf("the locked page is at %s", host)
	}
	if html := w.html(); strings.Contains(html, "Titok") {
		t.Errorf("the locked page holds a name: %s", html)
	}
	for _, address := range []string{"127.0.0.1:" + port, "[::1]:" + port, "0.0.0.0:" + port} {
		if l, err := net.Listen("tcp", address); err == nil {
			l.Close()
			t.Errorf("somebody else can listen at %s", address)
		}
	}
	stranger := caller()
	for _, request := range []string{"GET /deadlines", "GET /events", "POST /api/heir", "POST /api/unlock", "POST /api/restore-ways"} {
		method, path, _ := strings.Cut(request, " ")
		if got := send(t, stranger, method, "http://"+before+path, "{}"); got.StatusCode != http.StatusUnauthorized {
			t.Errorf("without a session, %s: %s", request, got.Status)
		}
	}
	(&walk{window: w}).looked("locked", "hu")

	// Loaded anew it is still the same page; there is no desktop to ask on, so the page asks.
	w.keys(kb.Enter)
	w.until(`document.activeElement?.name === "current"`)
	w.typed("[name=current]", "rossz jelszó bizony"+kb.Enter)
	w.until(`document.querySelector(".wrong")?.textContent.includes("jelszó") === true`)
	w.typed("[name=current]", password+kb.Enter)
	w.until(`Boolean(document.querySelector("#due")?.textContent) && location.pathname === "/deadlines"`)
	o.attend()
	w.follows()

	// Unlocked from elsewhere, it comes back by itself.
	o.lock()
	w.until(`document.querySelector("#unlock button") !== null`)
	o.kapu(password+"\n", "unlock")
	o.attend()
	w.until(`Boolean(document.querySelector("#due")?.textContent) && location.pathname === "/deadlines"`)
}

// follows waits until the page has been told whom to believe after a lock.
func (w *window) follows() {
	w.t.Helper()
	w.until(`"follows" in document.documentElement.dataset`)
}

// Without a window there is no heir, and one whose window has gone ends.
func TestHeirEnds(t *testing.T) {
	o := newOffice(t, "")
	_, base := enter(t, o)
	u, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	free := func() bool {
		l, err := net.Listen("tcp", "127.0.0.1:"+u.Port())
		if err == nil {
			l.Close()
		}
		return err == nil
	}
	o.lock()
	wait.Until(t, "the port to be free", free)

	o.kapu(password+"\n", "unlock")
	o.attend()
	c, base := enter(t, o)
	if u, err = url.Parse(base); err != nil {
		t.Fatal(err)
	}
	stream := send(t, c, "GET", base+"/events", "")
	o.lock()
	wait.Until(t, "the heir", func() bool {
		answer, err := c.Post(base+"/api/heir", "application/json", strings.NewReader("{}"))
		if err == nil {
			answer.Body.Close()
		}
		return err == nil && answer.StatusCode == http.StatusOK
	})
	stream.Body.Close()
	if free() {
		t.Error("the heir has let go of the address")
	}
	wait.Until(t, "the heir's end", free)
}

// typed replaces what is in a field.
func (w *window) typed(selector, text string) {
	w.t.Helper()
	w.fill(selector, "")
	w.do(chromedp.SendKeys(selector, text))
}
