package update

import (
	"crypto/tls"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"
)

// server is an administrator's, whose certificate this process trusts. It counts the questions.
func server(t *testing.T, answer func(w http.ResponseWriter, r *http.Request)) (address string, asked *atomic.Int32) {
	t.Helper()
	asked = &atomic.Int32{}
	s := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		answer(w, r)
	}))
	t.Cleanup(s.Close)
	before := http.DefaultTransport
	http.DefaultTransport = &http.Transport{TLSClientConfig: &tls.Config{RootCAs: s.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs}}
	t.Cleanup(func() { http.DefaultTransport = before })
	return s.URL, asked
}

func says(text string) func(http.ResponseWriter, *http.Request) {
	return func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(text)) }
}

// A newer version is told; the question says nothing of who asks, and comes at most once a day.
func TestNewer(t *testing.T) {
	var got http.Header
	var url string
	url, asked := server(t, func(w http.ResponseWriter, r *http.Request) {
		got = r.Header.Clone()
		says(`{"version":"1.10.0","page":"`+url+`/kapu"}`)(w, r)
	})
	dir, now := filepath.Join(t.TempDir(), "state"), time.Now()
	for hours := range 24 {
		n, err := newer(t.Context(), url, dir, now.Add(time.Duration(hours)*time.Hour), "1.9.3")
		if err != nil || n == nil || n.Version != "1.10.0" || n.Page != url+"/kapu" {
			t.Fatalf("after %d hours: %+v, %v", hours, n, err)
		}
	}
	if asked.Load() != 1 {
		t.Errorf("asked %d times in a day", asked.Load())
	}
	for name := range got {
		if name != "User-Agent" && name != "Accept-Encoding" {
			t.Errorf("the question says %s: %s", name, got[name])
		}
	}
	if got.Get("User-Agent") != "Kapu" {
		t.Errorf("asked by %q", got.Get("User-Agent"))
	}
	if n, err := newer(t.Context(), url, dir, now.Add(mostWait), "1.10.0"); n != nil || err != nil || asked.Load() != 2 {
		t.Errorf("the newest is told of %+v, %v, asked %d times", n, err, asked.Load())
	}
	if n, _ := newer(t.Context(), url, dir, now.Add(mostWait+time.Hour), "1.11.0"); n != nil {
		t.Errorf("a newer one is told of %+v", n)
	}
}

func TestWithoutAnAddressNobodyIsAsked(t *testing.T) {
	if n, err := Newer(t.Context(), "", t.TempDir()); n != nil || err != nil {
		t.Errorf("%+v, %v", n, err)
	}
}

// What cannot be believed is no notice, and is not asked for again at once.
func TestBadAnswers(t *testing.T) {
	for name, answer := range map[string]func(http.ResponseWriter, *http.Request){
		"another server's page": says(`{"version":"9.0.0","page":"https://elsewhere.example/kapu"}`),
		"a page without TLS":    says(`{"version":"9.0.0","page":"http://127.0.0.1/kapu"}`),
		"no version":            says(`{"version":"newest","page":"https://127.0.0.1/"}`),
		"no JSON":               says(`<html>`),
		"nothing there":         http.NotFound,
		"a redirection": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/elsewhere", http.StatusFound)
		},
	} {
		t.Run(name, func(t *testing.T) {
			url, asked := server(t, answer)
			dir, now := t.TempDir(), time.Now()
			for range 2 {
				if n, err := newer(t.Context(), url, dir, now, "1.0.0"); n != nil || err == nil {
					t.Errorf("%+v, %v", n, err)
				}
			}
			if asked.Load() != 1 {
				t.Errorf("asked %d times", asked.Load())
			}
		})
	}
	if _, err := newer(t.Context(), "http://127.0.0.1:1/", t.TempDir(), time.Now(), "1.0.0"); err == nil {
		t.Error("asked without TLS")
	}
}

func TestLess(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		less bool
	}{
		{"0.1.0", "0.2.0", true},
		{"0.9.0", "0.10.0", true},
		{"1.0.0", "0.9.9", false},
		{"1.0.0", "1.0.0", false},
		{"1.0.0", "1.0.0-rc1", false},
		{"1.0.0", "2.0", false},
		{"1.0.0", "-1.0.0", false},
		{"1.0.0", "1.0.1", true},
	} {
		if less(tt.a, tt.b) != tt.less {
			t.Errorf("%s < %s is not %v", tt.a, tt.b, tt.less)
		}
	}
}
