//go:build linux

package panel_test

import (
	"context"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// caller is a program that speaks to the page.
func caller() *http.Client {
	jar, _ := cookiejar.New(nil)
	return &http.Client{
		Jar:           jar,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{DialContext: func(ctx context.Context, _, address string) (net.Conn, error) {
			_, port, _ := net.SplitHostPort(address)
			return (&net.Dialer{}).DialContext(ctx, "tcp", "127.0.0.1:"+port)
		}},
	}
}

func split(t *testing.T, link string) (base, ticket string) {
	t.Helper()
	u, err := url.Parse(link)
	if err != nil || u.Fragment == "" || u.RawQuery != "" || u.Path != "/open" {
		t.Fatalf("a strange link: %s, %v", link, err)
	}
	return "http://" + u.Host, u.Fragment
}

func send(t *testing.T, c *http.Client, method, address, body string, header ...string) *http.Response {
	t.Helper()
	r, err := http.NewRequest(method, address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		if header[i] == "Host" {
			r.Host = header[i+1]
		} else {
			r.Header.Set(header[i], header[i+1])
		}
	}
	answer, err := c.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { answer.Body.Close() })
	return answer
}

func enter(t *testing.T, o *office) (c *http.Client, base string) {
	t.Helper()
	base, ticket := split(t, o.link(""))
	c = caller()
	if answer := send(t, c, "POST", base+"/open", `"`+ticket+`"`); answer.StatusCode != http.StatusOK {
		t.Fatal(answer.Status)
	}
	return c, base
}

// A link opens the page once; what it gives is a cookie that scripts and other sites do not get.
func TestTicket(t *testing.T) {
	o := newOffice(t, "")
	base, ticket := split(t, o.link(""))
	c := caller()
	answer := send(t, c, "POST", base+"/open", `"`+ticket+`"`)
	cookie := answer.Header.Get("Set-Cookie")
	if answer.StatusCode != http.StatusOK || !strings.Contains(cookie, "; HttpOnly") || !strings.Contains(cookie, "SameSite=Strict") ||
		strings.Contains(cookie, "Domain") || strings.Contains(cookie, "Expires") || strings.Contains(cookie, "Max-Age") {
		t.Errorf("%s, %q", answer.Status, cookie)
	}
	if got := send(t, c, "POST", base+"/api/clients", "{}").StatusCode; got != http.StatusOK {
		t.Errorf("with the cookie: %d", got)
	}
	for name, ticket := range map[string]string{"replayed": ticket, "missing": "", "guessed": strings.Repeat("A", 26)} {
		thief := caller()
		if got := send(t, thief, "POST", base+"/open", `"`+ticket+`"`); got.StatusCode != http.StatusUnauthorized || got.Header.Get("Set-Cookie") != "" {
			t.Errorf("a %s ticket: %s", name, got.Status)
		}
		if got := send(t, thief, "POST", base+"/api/clients", "{}").StatusCode; got != http.StatusUnauthorized {
			t.Errorf("after a %s ticket: %d", name, got)
		}
	}
}

// Nothing but the way in answers without a session, and nothing is kept by the browser.
func TestNoSession(t *testing.T) {
	o := newOffice(t, "")
	_, base := enter(t, o)
	for _, request := range []string{"GET /", "GET /search", "GET /events", "POST /api/clients", "POST /api/lock"} {
		method, path, _ := strings.Cut(request, " ")
		answer := send(t, caller(), method, base+path, "{}", "Cookie", "kapu=1")
		if answer.StatusCode != http.StatusUnauthorized {
			t.Errorf("%s: %s", request, answer.Status)
		}
		if answer.Header.Get("Cache-Control") != "no-store" || !strings.Contains(answer.Header.Get("Content-Security-Policy"), "default-src 'none'") {
			t.Errorf("%s: %v", request, answer.Header)
		}
	}
	if answer := send(t, caller(), "GET", base+"/static/", ""); answer.StatusCode != http.StatusNotFound {
		t.Errorf("the folder of files: %s", answer.Status)
	}
}

// Other names and other sites are turned away, with the cookie too.
func TestForeign(t *testing.T) {
	o := newOffice(t, "")
	c, base := enter(t, o)
	host := strings.TrimPrefix(base, "http://")
	_, port, _ := net.SplitHostPort(host)
	for name, header := range map[string][]string{
		"host of DNS rebinding":  {"Host", "attacker.example:" + port},
		"loopback address":       {"Host", "127.0.0.1:" + port},
		"localhost":              {"Host", "localhost:" + port},
		"another name":           {"Host", "kapu-x.localhost:" + port},
		"host without port":      {"Host", strings.Split(host, ":")[0]},
		"foreign origin":         {"Origin", "https://attacker.example"},
		"opaque origin":          {"Origin", "null"},
		"origin on another port": {"Origin", "http://" + strings.Split(host, ":")[0] + ":1"},
		"origin by https":        {"Origin", "https://" + host},
		"cross-site":             {"Sec-Fetch-Site", "cross-site"},
		"same-site":              {"Sec-Fetch-Site", "same-site"},
	} {
		for _, request := range []string{"GET /", "POST /api/clients", "GET /static/page.css", "GET /open"} {
			method, path, _ := strings.Cut(request, " ")
			if got := send(t, c, method, base+path, "{}", header...); got.StatusCode != http.StatusForbidden {
				t.Errorf("%s, %s: %s", name, request, got.Status)
			}
		}
	}
	if got := send(t, c, "POST", base+"/api/clients", "{}", "Origin", base, "Sec-Fetch-Site", "same-origin"); got.StatusCode != http.StatusOK {
		t.Errorf("the page itself: %s", got.Status)
	}
}

// A body that is too large or no request at all is refused.
func TestBodies(t *testing.T) {
	o := newOffice(t, "")
	c, base := enter(t, o)
	for body, want := range map[string]int{
		`{"` + strings.Repeat("a", 2<<20): http.StatusRequestEntityTooLarge,
		`{"unknown":1}`:                   http.StatusBadRequest,
		`[`:                               http.StatusBadRequest,
		``:                                http.StatusBadRequest,
	} {
		if got := send(t, c, "POST", base+"/api/clients", body); got.StatusCode != want {
			t.Errorf("%.20q: %s, want %d", body, got.Status, want)
		}
	}
	if got := send(t, c, "POST", base+"/open", `"`+strings.Repeat("a", 2000)+`"`); got.StatusCode != http.StatusBadRequest {
		t.Errorf("a long ticket: %s", got.Status)
	}
}

// Another user of the machine does not even get an answer, with a good ticket and a good cookie.
func TestOtherUser(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("only root can be somebody else")
	}
	o := newOffice(t, "")
	c, base := enter(t, o)
	_, ticket := split(t, o.link(""))
	u, _ := url.Parse(base)
	cookie := c.Jar.Cookies(u)[0]
	as := func(uid uint32, address string, args ...string) (string, error) {
		cmd := exec.Command("curl", append([]string{
			"-s", "-i", "--max-time", "20", "--resolve", u.Host + ":" + address, "-H", "Cookie: " + cookie.String(),
		}, args...)...)
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uid, Gid: 65534}}
		out, err := cmd.Output()
		return string(out), err
	}
	for _, address := range []string{"127.0.0.1", "[::1]"} {
		if out, err := as(0, address, base+"/"); err != nil || !strings.HasPrefix(out, "HTTP/1.1 200") {
			t.Fatalf("the person: %q, %v", out, err)
		}
		for _, args := range [][]string{{base + "/"}, {"-d", `"` + ticket + `"`, base + "/open"}, {base + "/static/page.css"}} {
			if out, err := as(65534, address, args...); err == nil || out != "" {
				t.Errorf("somebody else at %s, %v: %q, %v", address, args[len(args)-1], out, err)
			}
		}
	}
	if answer := send(t, c, "POST", base+"/open", `"`+ticket+`"`); answer.StatusCode != http.StatusOK {
		t.Errorf("the ticket is used up: %s", answer.Status)
	}
}

// In a browser: the link shows the page, leaves no ticket behind, and is worth nothing afterwards. No frame shows it.
func TestOpeningInABrowser(t *testing.T) {
	o := newOffice(t, "")
	link := o.link("")
	base, ticket := split(t, link)
	w := newBrowser(t)
	w.do(chromedp.Navigate(link))
	w.until(`location.pathname === "/" && document.querySelector("nav") !== null`)
	if got := eval[string](w, `location.href + document.cookie + JSON.stringify(localStorage) + JSON.stringify(sessionStorage)`); strings.Contains(got, ticket) || got != base+"/{}{}" {
		t.Errorf("left behind: %q", got)
	}
	thief := newBrowser(t)
	thief.do(chromedp.Navigate(link))
	thief.shows("kapu open")
	thief.do(chromedp.Navigate(base + "/"))
	thief.shows("Ez az oldal zárva van")

	frame := `<iframe src="` + base + `/"></iframe><p>foreign`
	foreign := &http.Server{Handler: http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) { _, _ = rw.Write([]byte(frame)) })}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = foreign.Serve(l) }()
	t.Cleanup(func() { foreign.Close() })
	w.forgive.Store(new("frame-ancestors"))
	w.do(chromedp.Navigate("http://" + l.Addr().String()))
	w.shows("foreign")
	if got := eval[bool](w, `(() => { try { return frames[0].document.querySelector("nav") !== null } catch { return false } })()`); got {
		t.Error("a frame shows the page")
	}
}

// Locking ends the process, and the page that is open says so and is empty.
func TestLocked(t *testing.T) {
	o := newOffice(t, "", client("Titok Kft."))
	w := o.open("")
	w.shows("Titok Kft.")
	// The page itself says when it was emptied.
	eval[bool](w, `(() => { new MutationObserver(() => { if (document.body.innerText.includes("Zárolva")) sessionStorage.emptied ??= Date.now() }).observe(document, { subtree: true, childList: true }); return true })()`)
	asked := time.Now()
	o.lock()
	w.shows("Zárolva")
	w.until(`Number(sessionStorage.emptied) > 0`)
	t.Logf("the page was empty %d ms after locking was asked for", eval[int64](w, `Number(sessionStorage.emptied)`)-asked.UnixMilli())
	if html := w.html(); strings.Contains(html, "Titok") {
		t.Errorf("the page still holds a name: %s", html)
	}
}
