package store_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"kapu/lang"
	"kapu/office/store"
	"kapu/office/store/storetest"
)

func testKeys(context.Context, string) (access, secret string, err error) {
	return "access", "secretsecret", nil
}

func TestS3(t *testing.T) {
	storetest.Run(t, func(t *testing.T) store.Store {
		s, _ := (&fake{page: 7}).serve(t)
		check(t, store.Prepare(t.Context(), s))
		return s
	})
}

// An idle device costs one request, however much there is.
func TestS3IdlePollIsOneRequest(t *testing.T) {
	f := &fake{}
	s, _ := f.serve(t)
	for n := range 3 {
		check(t, s.Put(t.Context(), fmt.Sprint("feed/", n), nil))
	}
	f.asked = nil
	for name, err := range s.List(t.Context(), "feed/", "feed/2") {
		t.Error(name, err)
	}
	if len(f.asked) != 1 {
		t.Errorf("it asked %q", f.asked)
	}
}

// Whatever answer is lost, a Put that says yes was the one, and one that did it says yes.
func TestS3LostAnswers(t *testing.T) {
	t.Parallel() // the pauses before a repetition
	for lost := range 3 {
		f := &fake{lost: func(n int) bool { return n <= lost }}
		s, _ := f.serve(t)
		if err := s.Put(t.Context(), "roster/1", []byte("mine")); err != nil {
			t.Errorf("%d answers lost: %v", lost+1, err)
		}
		if err := s.Put(t.Context(), "roster/1", []byte("another's")); !errors.Is(err, store.ErrExists) {
			t.Errorf("another's: %v", err)
		}
		check(t, s.Delete(t.Context(), "roster/1"))
	}
}

// An upload that is cut off leaves nothing, and is begun again.
func TestS3CutUploads(t *testing.T) {
	t.Parallel() // the pauses before a repetition
	f := &fake{}
	f.fault = func(n int, w http.ResponseWriter, r *http.Request) bool {
		if n > 1 {
			return false
		}
		_, _ = io.ReadFull(r.Body, make([]byte, 1000))
		hangUp(w)
		return true
	}
	s, _ := f.serve(t)
	body := strings.Repeat("x", 1<<20)
	check(t, s.Put(t.Context(), "a/1", []byte(body)))
	if got, err := s.Get(t.Context(), "a/1"); string(got) != body {
		t.Errorf("%d bytes, %v", len(got), err)
	}
	if puts := strings.Count(strings.Join(f.asked, " "), "PUT"); puts != 3 {
		t.Errorf("it was put %d times", puts)
	}
}

// Another's write that is not decided yet is neither a yes nor a no.
func TestS3Conflict(t *testing.T) {
	f := &fake{fault: func(n int, w http.ResponseWriter, _ *http.Request) bool {
		if n == 0 {
			refuse(w, http.StatusConflict, "ConditionalRequestConflict")
		}
		return n == 0
	}}
	s, _ := f.serve(t)
	check(t, s.Put(t.Context(), "roster/1", []byte("mine")))
	if body, err := s.Get(t.Context(), "roster/1"); string(body) != "mine" {
		t.Errorf("%q, %v", body, err)
	}
}

// Answers that break off in the middle are asked for again, and nothing comes twice.
func TestS3BrokenAnswers(t *testing.T) {
	f := &fake{page: 2}
	s, _ := f.serve(t)
	var want []string
	for n := range 9 {
		want = append(want, fmt.Sprint("a/", n))
		check(t, s.Put(t.Context(), want[n], []byte(want[n])))
	}
	broken := func(n int, w http.ResponseWriter, r *http.Request) bool {
		if n%2 == 0 {
			return false
		}
		whole := httptest.NewRecorder()
		f.answer(whole, r)
		maps.Copy(w.Header(), whole.Header())
		w.Header().Set("Content-Length", fmt.Sprint(whole.Body.Len()))
		_, _ = w.Write(whole.Body.Bytes()[:whole.Body.Len()/2])
		return true
	}
	f.fault = broken
	var got []string
	for name, err := range s.List(t.Context(), "", "") {
		check(t, err)
		got = append(got, name)
	}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	for _, name := range want {
		if body, err := s.Get(t.Context(), name); string(body) != name {
			t.Errorf("%q: %q, %v", name, body, err)
		}
	}
}

// A server that is busy for a moment is asked again; one that stays so is complained of in a sentence.
func TestS3Busy(t *testing.T) {
	t.Parallel() // the pauses before a repetition
	f := &fake{}
	s, _ := f.serve(t)
	f.fault = func(n int, w http.ResponseWriter, _ *http.Request) bool {
		if n%3 != 2 {
			refuse(w, http.StatusServiceUnavailable, "SlowDown")
		}
		return n%3 != 2
	}
	check(t, s.Put(t.Context(), "a/1", []byte("x")))
	if body, err := s.Get(t.Context(), "a/1"); string(body) != "x" {
		t.Error(err)
	}
	for name, err := range s.List(t.Context(), "", "") {
		if err != nil || name != "a/1" {
			t.Error(name, err)
		}
	}
	check(t, s.Delete(t.Context(), "a/1"))
}

func TestS3Refusals(t *testing.T) {
	for id, said := range map[string]struct {
		status int
		code   string
	}{
		"store-s3-busy":   {http.StatusServiceUnavailable, "SlowDown"},
		"store-s3-denied": {http.StatusForbidden, "AccessDenied"},
		"store-s3-key":    {http.StatusForbidden, "SignatureDoesNotMatch"},
		"store-s3-clock":  {http.StatusForbidden, "RequestTimeTooSkewed"},
		"store-s3-bucket": {http.StatusNotFound, "NoSuchBucket"},
		"store-s3-failed": {http.StatusMethodNotAllowed, "MethodNotAllowed"},
	} {
		t.Run(id, func(t *testing.T) {
			t.Parallel() // the pauses of a busy server
			f := &fake{fault: func(_ int, w http.ResponseWriter, _ *http.Request) bool {
				refuse(w, said.status, said.code)
				return true
			}}
			s, _ := f.serve(t)
			_, got := s.Get(t.Context(), "a/1")
			var listed error
			for _, err := range s.List(t.Context(), "", "") {
				listed = err
			}
			for what, err := range map[string]error{
				"put": s.Put(t.Context(), "a/1", nil), "get": got, "list": listed,
				"delete": s.Delete(t.Context(), "a/1"), "prepare": store.Prepare(t.Context(), s),
			} {
				var sentence *lang.Error
				if !errors.As(err, &sentence) || sentence.ID != id {
					t.Errorf("%s: %v", what, err)
				} else if strings.Contains(err.Error(), "secret\"") || strings.Contains(err.Error(), "<no value>") {
					t.Errorf("%s says %v", what, err)
				}
			}
		})
	}
}

// What a proxy on the way says is not the server's word: "not found" in its language does not mean that nothing is
// there, and its page is no listing without names.
func TestS3ProxysPages(t *testing.T) {
	for _, status := range []int{http.StatusOK, http.StatusFound, http.StatusNotFound} {
		f := &fake{fault: func(_ int, w http.ResponseWriter, _ *http.Request) bool {
			w.Header().Set("Location", "/login")
			w.WriteHeader(status)
			fmt.Fprint(w, "<html><body>Please log in.</body></html>")
			return true
		}}
		s, _ := f.serve(t)
		if status != http.StatusOK {
			_, err := s.Get(t.Context(), "a/1")
			says(t, err, "store-s3-failed")
		}
		var listed error
		for _, err := range s.List(t.Context(), "", "") {
			listed = err
		}
		if _, sentence := errors.AsType[*lang.Error](listed); !sentence {
			t.Errorf("%d: a listing: %v", status, listed)
		}
	}
}

// Names of others in the bucket, which XML has no letters for, hinder nobody.
func TestS3ForeignNames(t *testing.T) {
	f := &fake{fault: func(_ int, w http.ResponseWriter, r *http.Request) bool {
		if r.URL.Query().Get("encoding-type") != "url" {
			t.Error("it asks for names as they are")
		}
		fmt.Fprint(w, "<ListBucketResult><IsTruncated>false</IsTruncated>")
		for _, key := range []string{"kapu/%01", "kapu/%zz", "kapu%2Fa%2F1", "kapu/a/%C3%A1", "kapu/a/2", "other/a/3"} {
			fmt.Fprintf(w, "<Contents><Key>%s</Key></Contents>", key)
		}
		fmt.Fprint(w, "</ListBucketResult>")
		return true
	}}
	s, _ := f.serve(t)
	var names []string
	for name, err := range s.List(t.Context(), "", "") {
		check(t, err)
		names = append(names, name)
	}
	if want := []string{"a/1", "a/2"}; !slices.Equal(names, want) {
		t.Errorf("%q, not %q", names, want)
	}
}

// Credentials that have expired are looked for once more, for there may be new ones in the file.
func TestS3ExpiredCredentials(t *testing.T) {
	file := filepath.Join(t.TempDir(), "credentials")
	write := func(token string) {
		check(t, os.WriteFile(file, []byte("[office]\naws_access_key_id = access\naws_secret_access_key = secret\naws_session_token = "+token+"\n"), 0o600))
	}
	for _, v := range []string{"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_ACCESS_KEY", "AWS_SECRET_KEY", "AWS_SESSION_TOKEN"} {
		t.Setenv(v, "")
	}
	t.Setenv("AWS_PROFILE", "office")
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", file)
	write("old")
	f := &fake{fault: func(_ int, w http.ResponseWriter, r *http.Request) bool {
		if r.Header.Get("X-Amz-Security-Token") == "new" {
			return false
		}
		write("new")
		refuse(w, http.StatusBadRequest, "ExpiredToken")
		return true
	}}
	_, address := f.serve(t)
	s, err := store.Open(address, nil)
	check(t, err)
	check(t, s.Put(t.Context(), "a/1", nil))
}

// Polling needs one connection, whatever is answered: each costs two round trips, and four with TLS.
func TestS3OneConnection(t *testing.T) {
	var opened atomic.Int32
	f := &fake{}
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f.ServeHTTP(w, r)
		w.(http.Flusher).Flush() // in chunks, whose end comes after what is asked for
	}))
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			opened.Add(1)
		}
	}
	server.Start()
	defer server.Close()
	s, err := store.Open("s3://office/kapu?endpoint="+server.URL, testKeys)
	check(t, err)
	for n := range 5 {
		check(t, s.Put(t.Context(), fmt.Sprint("a/", n), []byte("x")))
		if err := s.Put(t.Context(), "a/0", []byte("another")); !errors.Is(err, store.ErrExists) {
			t.Error(err)
		}
		if _, err := s.Get(t.Context(), "a/none"); !errors.Is(err, store.ErrNotExist) {
			t.Error(err)
		}
		for _, err := range s.List(t.Context(), "", "") {
			check(t, err)
		}
		check(t, s.Delete(t.Context(), "a/none"))
		check(t, store.DeleteAll(t.Context(), s, []string{"a/8", "a/9"}))
	}
	if n := opened.Load(); n != 1 {
		t.Errorf("%d connections", n)
	}
}

// Many objects are deleted by one request for each thousand; where the server refuses one of them, it is said; and
// where it does not know such a request, there is one for each object.
func TestS3DeletesMany(t *testing.T) {
	for _, known := range []bool{true, false} {
		f := &fake{fault: func(_ int, w http.ResponseWriter, r *http.Request) bool {
			if known || r.Method != http.MethodPost {
				return false
			}
			refuse(w, http.StatusNotImplemented, "NotImplemented")
			return true
		}}
		s, _ := f.serve(t)
		var names []string
		for n := range 1500 {
			names = append(names, fmt.Sprintf("a/%d", n))
			check(t, f.objects.Put(t.Context(), names[n], nil))
		}
		f.asked = nil
		check(t, store.DeleteAll(t.Context(), s, append(names, "a/never")))
		for name := range f.objects.List(t.Context(), "", "") {
			t.Fatalf("%s is still there", name)
		}
		if want := map[bool]int{true: 2, false: 2 + 1501}[known]; len(f.asked) != want {
			t.Errorf("known %v: %d requests, not %d", known, len(f.asked), want)
		}
		check(t, store.DeleteAll(t.Context(), s, nil))
	}
	f := &fake{protected: "a/1"}
	s, _ := f.serve(t)
	says(t, store.DeleteAll(t.Context(), s, []string{"a/1", "a/2"}), "store-s3-denied")
}

func TestS3Unreachable(t *testing.T) {
	t.Parallel() // the pauses before a repetition
	server := httptest.NewServer(&fake{})
	s, err := store.Open("s3://office?endpoint="+server.URL, testKeys)
	check(t, err)
	server.Close()
	_, err = s.Get(t.Context(), "a/1")
	says(t, err, "store-s3-unreachable")
}

// A server's own certificate is trusted when it is named, and only then.
func TestS3Certificate(t *testing.T) {
	server := httptest.NewUnstartedServer(&fake{})
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	defer server.Close()
	address := "s3://office/kapu?endpoint=" + server.URL
	s, err := store.Open(address, testKeys)
	check(t, err)
	says(t, s.Put(t.Context(), "a/1", []byte("x")), "store-s3-certificate")

	file := filepath.Join(t.TempDir(), "own.pem")
	check(t, os.WriteFile(file, certificate(server), 0o600))
	t.Setenv("SSL_CERT_FILE", file)
	s, err = store.Open(address, testKeys)
	check(t, err)
	check(t, s.Put(t.Context(), "a/1", []byte("x")))
}

// A slow server does not hold up who has waited long enough.
func TestS3Slow(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	f := &fake{fault: func(_ int, _ http.ResponseWriter, r *http.Request) bool {
		cancel()
		<-r.Context().Done()
		return true
	}}
	s, _ := f.serve(t)
	if _, err := s.Get(ctx, "a/1"); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestCarelessStoresAreRefused(t *testing.T) {
	s, _ := (&fake{careless: true}).serve(t)
	says(t, store.Prepare(t.Context(), s), "store-careless")
}

func TestKeys(t *testing.T) {
	none := func(context.Context, string) (string, string, error) { return "", "", nil }
	broken := errors.New("the keychain is locked")
	for _, c := range []struct {
		name string
		keys store.Keys
		env  bool
		file string
		err  error
		id   string
	}{
		{name: "given", keys: testKeys},
		{name: "from the environment", env: true},
		{name: "the given ones come first", keys: testKeys, file: "wrong"},
		{name: "none given, from the environment", keys: none, env: true},
		{name: "from the file", keys: none, file: "access"},
		{name: "unknown", file: "wrong", id: "store-s3-key"},
		{name: "none", keys: none, id: "store-s3-no-keys"},
		{name: "the keychain does not answer", keys: func(context.Context, string) (string, string, error) { return "", "", broken }, env: true, err: broken},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, v := range []string{"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_ACCESS_KEY", "AWS_SECRET_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"} {
				t.Setenv(v, "")
			}
			home := t.TempDir()
			t.Setenv("AWS_SHARED_CREDENTIALS_FILE", filepath.Join(home, "credentials"))
			t.Setenv("AWS_CONFIG_FILE", filepath.Join(home, "config"))
			if c.env {
				t.Setenv("AWS_ACCESS_KEY_ID", "access")
				t.Setenv("AWS_SECRET_ACCESS_KEY", "secret")
			}
			if c.file != "" {
				check(t, os.WriteFile(filepath.Join(home, "credentials"),
					[]byte("[default]\naws_access_key_id = "+c.file+"\naws_secret_access_key = secret\n"), 0o600))
			}
			_, address := (&fake{}).serve(t)
			s, err := store.Open(address, c.keys)
			check(t, err)
			err = s.Put(t.Context(), "a/1", nil)
			switch {
			case c.id != "":
				says(t, err, c.id)
			case c.err != nil:
				if !errors.Is(err, c.err) {
					t.Error(err)
				}
			case err != nil:
				t.Error(err)
			}
		})
	}
}

func TestAddresses(t *testing.T) {
	const server = "?endpoint=https://s3.example.com"
	for address, id := range map[string]string{
		"s3://office" + server:                               "",
		"s3://office/" + server + ":9000/":                   "",
		"s3://office/a/b" + server + "&region=eu-central-1":  "",
		"s3://office?endpoint=http://127.0.0.1:9000":         "",
		"s3://office?endpoint=http://localhost":              "",
		"s3://office?endpoint=http://[::1]:9000":             "",
		"s3://office?endpoint=http://192.168.1.10:9000":      "store-address-open",
		"s3://office?endpoint=http://localhost.example.com":  "store-address-open",
		"s3://office?endpoint=ftp://127.0.0.1":               "store-address-endpoint",
		"s3://office?endpoint=s3.example.com":                "store-address-endpoint",
		"s3://office?endpoint=https://s3.example.com/office": "store-address-endpoint",
		"s3://office":                        "store-address-endpoint",
		"s3://hidden:hidden@office" + server: "store-address-secret",
		"s3://office?endpoint=https://hidden:hidden@example.com": "store-address-secret",
		"s3://office" + server + "&secret=hidden":                "store-address-option",
		"s3://office" + server + "#hidden":                       "store-address-form",
		"s3://office/%zz" + server:                               "store-address-form",
		"s3:office" + server:                                     "store-address-form",
		"s3://Office" + server:                                   "store-address-bucket",
		"":                                                       "store-address-form",
		"https://nextcloud.example.com/office":                   "store-address-form",
		"s3:///x" + server:                                       "store-address-bucket",
		"s3://office/A" + server:                                 "store-address-folder",
	} {
		_, err := store.Open(address, nil)
		var sentence *lang.Error
		switch {
		case id == "" && err != nil:
			t.Errorf("%s: %v", address, err)
		case id != "" && (!errors.As(err, &sentence) || sentence.Values["Reason"].(*lang.Error).ID != id):
			t.Errorf("%s: %v", address, err)
		case strings.Contains(fmt.Sprint(err), "hidden"):
			t.Errorf("the secret is in %q", err)
		}
	}
}
