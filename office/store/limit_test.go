package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"kapu/lang"
)

// A server whose listing has no end is told so, whichever way it goes on: names for ever, pages without a name, a page
// without an end, a byte now and then, or one address that leads to the next.
func TestEndlessListings(t *testing.T) {
	page := func(w io.Writer, n, names int, more bool) {
		fmt.Fprintf(w, `<ListBucketResult><IsTruncated>%v</IsTruncated><NextContinuationToken>%d</NextContinuationToken>`, more, n)
		for i := range names {
			fmt.Fprintf(w, `<Contents><Key>kapu/feed/%09d</Key></Contents>`, n*names+i)
		}
		fmt.Fprint(w, `</ListBucketResult>`)
	}
	gone := make(chan struct{})
	n := 0
	for name, tt := range map[string]struct {
		most   listLimits
		answer http.HandlerFunc
	}{
		"names": {listLimits{time.Hour, time.Hour, 1500}, func(w http.ResponseWriter, _ *http.Request) { n++; page(w, n, 1000, true) }},
		"no names": {listLimits{20 * time.Millisecond, time.Hour, 1500}, func(w http.ResponseWriter, _ *http.Request) {
			n++
			page(w, n, 0, true)
		}},
		"the same name": {listLimits{20 * time.Millisecond, time.Hour, 1500}, func(w http.ResponseWriter, _ *http.Request) {
			n++
			page(w, 1, 1, true)
		}},
		"slow names": {listLimits{time.Hour, 20 * time.Millisecond, 1 << 30}, func(w http.ResponseWriter, _ *http.Request) {
			n++
			page(w, n, 1, true)
		}},
		"a large page": {listLimits{time.Hour, time.Hour, 1500}, func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprint(w, `<ListBucketResult>`)
			for range maxPage / 12 {
				fmt.Fprint(w, `<Contents/>`+"\n")
			}
			fmt.Fprint(w, `</ListBucketResult>`)
		}},
		"bytes": {listLimits{20 * time.Millisecond, time.Hour, 1500}, func(w http.ResponseWriter, q *http.Request) {
			fmt.Fprint(w, `<ListBucketResult>`)
			for q.Context().Err() == nil {
				fmt.Fprint(w, ` `)
				w.(http.Flusher).Flush()
				select {
				case <-q.Context().Done():
				case <-gone:
					return
				case <-time.After(time.Millisecond):
				}
			}
		}},
		"redirects": {listLimits{20 * time.Millisecond, time.Hour, 1500}, func(w http.ResponseWriter, q *http.Request) {
			n++
			http.Redirect(w, q, fmt.Sprintf("/office/?list-type=2&n=%d", n), http.StatusTemporaryRedirect)
		}},
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(tt.answer)
			defer server.Close()
			st, err := openS3("s3://office/kapu?endpoint="+server.URL, func(context.Context, string) (string, string, error) {
				return "access", "secretsecret", nil
			})
			if err != nil {
				t.Fatal(err)
			}
			st.(*s3).most = tt.most
			var last error
			for _, err := range st.List(t.Context(), "feed/", "") {
				last = err
			}
			said, _ := errors.AsType[*lang.Error](last)
			if said == nil || said.ID != "store-s3-endless" && (name != "redirects" || !strings.HasPrefix(said.ID, "store-s3-")) {
				t.Errorf("%v", last)
			}
		})
	}
	close(gone)
}

// An object larger than any is cut off while it comes.
func TestEndlessObject(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Last-Modified", "Mon, 02 Jan 2006 15:04:05 GMT")
		for err := error(nil); err == nil; {
			_, err = w.Write(make([]byte, 1<<16))
		}
	}))
	defer server.Close()
	st, err := openS3("s3://office/kapu?endpoint="+server.URL, func(context.Context, string) (string, string, error) {
		return "access", "secretsecret", nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := st.Get(t.Context(), "feed/1"); err == nil {
		t.Error("it is taken")
	}
}
