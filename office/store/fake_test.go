package store_test

import (
	"crypto/md5"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"

	"kapu/office/store"
	"kapu/office/store/storetest"
)

// fake is as much of an S3 server as the tests of what goes wrong need. What a real one does, the cluster tests try.
type fake struct {
	mu      sync.Mutex // a conditional write is one step
	objects storetest.Mem
	page    int
	asked   []string // the methods

	// fault sees each request first; it says whether it has answered it.
	fault func(n int, w http.ResponseWriter, r *http.Request) bool
	// lost says whether the answer to the nth request is lost after the thing was done.
	lost func(n int) bool
	// protected is the name of an object that cannot be deleted with others.
	protected string
	// careless servers do not know conditional writes.
	careless bool
}

// serve returns a store on the fake, and the fake's address.
func (f *fake) serve(t *testing.T) (store.Store, string) {
	t.Helper()
	server := httptest.NewServer(f)
	t.Cleanup(server.Close)
	address := "s3://office/kapu?endpoint=" + server.URL
	s, err := store.Open(address, testKeys)
	if err != nil {
		t.Fatal(err)
	}
	return s, address
}

func (f *fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := len(f.asked)
	f.asked = append(f.asked, r.Method)
	signed := r.Header.Get("Authorization")
	if !strings.Contains(signed, "Credential=access/") {
		refuse(w, http.StatusForbidden, "InvalidAccessKeyId")
		return
	}
	if r.Header.Get("If-None-Match") != "" && !strings.Contains(signed, ";if-none-match;") {
		refuse(w, http.StatusForbidden, "AccessDenied") // who is on the way must not make it unconditional
		return
	}
	if f.fault != nil && f.fault(n, w, r) {
		return
	}
	if f.lost != nil && f.lost(n) {
		f.answer(httptest.NewRecorder(), r)
		hangUp(w)
		return
	}
	f.answer(w, r)
}

func (f *fake) answer(w http.ResponseWriter, r *http.Request) {
	name, ok := strings.CutPrefix(r.URL.Path, "/office/kapu/")
	switch {
	case r.URL.Path == "/office/" && r.Method == http.MethodGet:
		f.list(w, r)
	case r.URL.Path == "/office/" && r.Method == http.MethodPost && r.URL.Query().Has("delete"):
		f.deleteMany(w, r)
	case !ok:
		refuse(w, http.StatusNotFound, "NoSuchBucket")
	case r.Method == http.MethodGet:
		body, err := f.objects.Get(r.Context(), name)
		if err != nil {
			refuse(w, http.StatusNotFound, "NoSuchKey")
			return
		}
		w.Header().Set("Last-Modified", "Mon, 02 Jan 2006 15:04:05 GMT")
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		_, _ = w.Write(body)
	case r.Method == http.MethodPut:
		f.put(w, r, name)
	case r.Method == http.MethodDelete:
		_ = f.objects.Delete(r.Context(), name)
		w.WriteHeader(http.StatusNoContent)
	}
}

// body is that of a request whose sums are right.
func (f *fake) body(w http.ResponseWriter, r *http.Request) (body []byte, ok bool) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, false // cut off
	}
	sum, sum5 := sha256.Sum256(body), md5.Sum(body)
	if r.Header.Get("X-Amz-Content-Sha256") != hex.EncodeToString(sum[:]) ||
		r.Header.Get("Content-Md5") != base64.StdEncoding.EncodeToString(sum5[:]) {
		refuse(w, http.StatusBadRequest, "BadDigest")
		return nil, false
	}
	return body, true
}

func (f *fake) put(w http.ResponseWriter, r *http.Request, name string) {
	body, ok := f.body(w, r)
	if !ok {
		return
	}
	if f.careless {
		f.objects.Replace(name, body)
		return
	}
	if r.Header.Get("If-None-Match") != "*" {
		refuse(w, http.StatusBadRequest, "NotConditional")
		return
	}
	if _, err := f.objects.Get(r.Context(), name); err == nil {
		refuse(w, http.StatusPreconditionFailed, "PreconditionFailed")
		return
	}
	if err := f.objects.Put(r.Context(), name, body); err != nil {
		refuse(w, http.StatusBadRequest, "InvalidArgument")
	}
}

// deleteMany deletes what the request names, but for the names in protected.
func (f *fake) deleteMany(w http.ResponseWriter, r *http.Request) {
	body, ok := f.body(w, r)
	if !ok {
		return
	}
	var asked struct {
		XMLName xml.Name `xml:"Delete"`
		Quiet   bool
		Object  []content
	}
	if err := xml.Unmarshal(body, &asked); err != nil || !asked.Quiet || len(asked.Object) > 1000 {
		refuse(w, http.StatusBadRequest, "MalformedXML")
		return
	}
	fmt.Fprint(w, "<DeleteResult>")
	for _, object := range asked.Object {
		name := strings.TrimPrefix(object.Key, "kapu/")
		if name == f.protected {
			fmt.Fprintf(w, "<Error><Key>%s</Key><Code>AccessDenied</Code><Message>It is protected.</Message></Error>", object.Key)
			continue
		}
		_ = f.objects.Delete(r.Context(), name)
	}
	fmt.Fprint(w, "</DeleteResult>")
}

type listed struct {
	XMLName               xml.Name `xml:"ListBucketResult"`
	IsTruncated           bool
	NextContinuationToken string `xml:",omitempty"`
	Contents              []content
}

type content struct{ Key string }

func (f *fake) list(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	after := strings.TrimPrefix(max(q.Get("start-after"), q.Get("continuation-token")), "kapu/")
	page := f.page
	if page == 0 {
		page = 1000
	}
	var l listed
	for name := range f.objects.List(r.Context(), strings.TrimPrefix(q.Get("prefix"), "kapu/"), after) {
		if len(l.Contents) == page {
			l.IsTruncated, l.NextContinuationToken = true, l.Contents[page-1].Key
			break
		}
		l.Contents = append(l.Contents, content{"kapu/" + name})
	}
	_ = xml.NewEncoder(w).Encode(l)
}

func refuse(w http.ResponseWriter, status int, code string) {
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(status)
	fmt.Fprintf(w, "<Error><Code>%s</Code><Message>It is refused.</Message></Error>", code)
}

// hangUp ends the connection without an answer.
func hangUp(w http.ResponseWriter) {
	conn, _, err := w.(http.Hijacker).Hijack()
	if err == nil {
		conn.Close()
	}
}
