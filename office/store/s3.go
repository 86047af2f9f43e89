package store

import (
	"bytes"
	"context"
	"crypto/md5"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"io"
	"iter"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// The limits of an operation.
const (
	allTime = time.Minute // with its retries
	again   = 3           // tries of what the client itself does not repeat: an answer that breaks off
)

// s3 is a Store in a bucket of an S3-compatible server, or under a prefix in one.
type s3 struct {
	bucket
	client *s3client
	most   listLimits
}

func openS3(address string, keys Keys) (Store, error) {
	b, err := parseS3(address)
	if err != nil {
		return nil, err
	}
	return &s3{b, newS3Client(b, &keyring{address, keys}), usual}, nil
}

// Parallel is the concurrency of GetAll and Each.
func (s *s3) Parallel() int { return s3Parallel }

// Put implements Store by a conditional put (If-None-Match: *). If an answer got lost, the retry finds what the first
// try made: so where a name is taken, the content is compared.
func (s *s3) Put(ctx context.Context, name string, body []byte) error {
	if err := errors.Join(checkBody(body), CheckName(name)); err != nil {
		return err
	}
	put := call{method: http.MethodPut, key: s.folder + name, body: body, header: map[string]string{
		"If-None-Match": "*",
		"Content-Type":  "application/octet-stream",
		"Content-Md5":   md5Of(body), // a bucket under an object lock demands it
	}}
	return s.within(ctx, func(ctx context.Context) error {
		for try := 1; ; try++ {
			err := s.discard(ctx, put)
			refused, _ := errors.AsType[refusal](err)
			if !refused.isTaken() {
				return err
			}
			there, got := s.get(ctx, name)
			switch {
			case got == nil && bytes.Equal(there, body):
				return nil
			case got == nil || refused.isTakenForSure() && got == ErrNotExist:
				return ErrExists
			case got != ErrNotExist:
				return got
			case try == again: // somebody is always just writing it, and nobody ever has
				return err
			}
		}
	})
}

// md5Of is the sum that some requests have to have.
func md5Of(body []byte) string {
	sum := md5.Sum(body)
	return base64.StdEncoding.EncodeToString(sum[:])
}

// Get implements Store.
func (s *s3) Get(ctx context.Context, name string) (body []byte, err error) {
	if err := CheckName(name); err != nil {
		return nil, err
	}
	err = s.within(ctx, func(ctx context.Context) error {
		body, err = s.get(ctx, name)
		return err
	})
	if err != nil {
		return nil, err
	}
	return body, nil
}

// get reads an object. An answer that breaks off is retried; what is larger than any object of ours is none of ours.
func (s *s3) get(ctx context.Context, name string) (body []byte, err error) {
	for range again {
		var answer *http.Response
		answer, err = s.client.do(ctx, call{method: http.MethodGet, key: s.folder + name})
		if refused, _ := errors.AsType[refusal](err); refused.isNoKey() {
			return nil, ErrNotExist
		}
		if err != nil {
			return nil, err
		}
		body, err = io.ReadAll(io.LimitReader(answer.Body, biggest+1))
		answer.Body.Close()
		switch {
		case len(body) > biggest:
			return nil, ErrNotExist
		case err == nil || ctx.Err() != nil:
			return body, err
		}
	}
	return nil, err
}

// List implements Store.
func (s *s3) List(ctx context.Context, prefix, after string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		p := watched(ctx, s.most)
		defer p.stop()
		for try := 1; ; try++ {
			from := after
			more, err := s.list(p, prefix, &after, yield)
			if !more {
				return
			}
			if err == nil {
				err = ctx.Err()
			}
			if isEndless(p.ctx, err) {
				yield("", s.tooLong())
				return
			}
			if after > from {
				try = 1
			}
			if err == nil || try == again || ctx.Err() != nil || !isBrokenOff(err) {
				if err != nil {
					yield("", s.sentence(ctx, err))
				}
				return
			}
		}
	}
}

// page is a page of a listing (ListObjectsV2).
type page struct {
	XMLName  xml.Name `xml:"ListBucketResult"`
	More     bool     `xml:"IsTruncated"`
	Next     string   `xml:"NextContinuationToken"`
	Contents []struct{ Key string }
}

// list yields the names of one listing and keeps the last one in after, from where a retry continues; it returns false
// to stop.
func (s *s3) list(
	p *progress, prefix string, after *string, yield func(string, error) bool,
) (more bool, err error) {
	query := url.Values{"list-type": {"2"}, "encoding-type": {"url"}, "prefix": {s.folder + prefix}}
	if *after != "" {
		query.Set("start-after", s.folder+*after)
	}
	for {
		page, err := s.page(p.ctx, query)
		if err != nil {
			return true, err
		}
		for _, object := range page.Contents {
			// What cannot be decoded is no name of ours, either.
			key, _ := url.QueryUnescape(object.Key)
			name, ours := strings.CutPrefix(key, s.folder)
			if !ours || name <= *after || !strings.HasPrefix(name, prefix) || !ValidName(name) {
				continue
			}
			*after = name
			if !p.came() {
				return true, errEndless
			}
			if !yield(name, nil) {
				return false, nil
			}
			p.goesOn()
		}
		if !page.More || page.Next == "" {
			return true, nil
		}
		query.Set("continuation-token", page.Next)
	}
}

// page fetches a page of a listing.
func (s *s3) page(ctx context.Context, query url.Values) (got page, err error) {
	answer, err := s.client.do(ctx, call{method: http.MethodGet, query: query})
	if err != nil {
		return page{}, err
	}
	defer drain(answer)
	return got, xml.NewDecoder(answer.Body).Decode(&got)
}

// Delete implements Store.
func (s *s3) Delete(ctx context.Context, name string) error {
	if err := CheckName(name); err != nil {
		return err
	}
	return s.within(ctx, func(ctx context.Context) error {
		err := s.discard(ctx, call{method: http.MethodDelete, key: s.folder + name})
		if refused, _ := errors.AsType[refusal](err); refused.isNoKey() {
			return nil
		}
		return err
	})
}

// deletion is the request that deletes many objects (DeleteObjects).
type deletion struct {
	XMLName xml.Name   `xml:"Delete"`
	Quiet   bool       // the answer is to name only what failed
	Objects []s3object `xml:"Object"`
}

type s3object struct{ Key string }

// deletionResult is its answer.
type deletionResult struct {
	XMLName xml.Name  `xml:"DeleteResult"`
	Failed  []refusal `xml:"Error"`
}

// deleteMany implements bulk. A server that does not know the request is asked for each object.
func (s *s3) deleteMany(ctx context.Context, names []string) error {
	asked := deletion{Quiet: true}
	for _, name := range names {
		if err := CheckName(name); err != nil {
			return err
		}
		asked.Objects = append(asked.Objects, s3object{s.folder + name})
	}
	body, err := xml.Marshal(asked)
	if err != nil {
		return err
	}
	known := true
	err = s.within(ctx, func(ctx context.Context) error {
		answer, err := s.client.do(ctx, call{
			method: http.MethodPost, query: url.Values{"delete": {""}}, body: body,
			header: map[string]string{"Content-Type": "application/xml", "Content-Md5": md5Of(body)},
		})
		if refused, ok := errors.AsType[refusal](err); ok && !refused.isBusy() {
			known = false
			return nil
		}
		if err != nil {
			return err
		}
		defer drain(answer)
		var result deletionResult
		if err := xml.NewDecoder(answer.Body).Decode(&result); err != nil {
			return err
		}
		for _, failed := range result.Failed {
			if !failed.isNoKey() {
				return failed
			}
		}
		return nil
	})
	if err != nil || known {
		return err
	}
	return s.deleteEach(ctx, names)
}

// deleteEach deletes objects by a request for each.
func (s *s3) deleteEach(ctx context.Context, names []string) error {
	type one struct {
		name string
		err  error
	}
	var all []*one
	for _, name := range names {
		all = append(all, &one{name: name})
	}
	Each(s, all, func(o *one) { o.err = s.Delete(ctx, o.name) })
	for _, o := range all {
		if o.err != nil {
			return o.err
		}
	}
	return nil
}

// discard sends a request whose answer says nothing but that it was done.
func (s *s3) discard(ctx context.Context, q call) error {
	answer, err := s.client.do(ctx, q)
	if err != nil {
		return err
	}
	drain(answer)
	return nil
}

// within runs an operation with a timeout, and makes a sentence of what went wrong.
func (s *s3) within(ctx context.Context, operation func(context.Context) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	limited, cancel := context.WithTimeout(ctx, allTime)
	defer cancel()
	err := operation(limited)
	if err == nil || err == ErrExists || err == ErrNotExist {
		return err
	}
	return s.sentence(ctx, err)
}
