// Package update learns whether there is a newer version of the program, where an administrator has named an address to
// ask. It downloads nothing, runs nothing, and says nothing of who asks.
//
// What the address answers is JSON, {"version": "1.2.3", "page": "https://…"}: the newest version for this office, and
// the page that tells how to get it, on the same server.
//
// Its promise: without an address nobody is asked; with one at most once a day for each person and machine, at a time
// of day that drifts, so that an office does not ask all at once.
package update

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"kapu/internal/build"
	"kapu/internal/disk"
)

// Notice is a newer version than this one, and the page about it.
type Notice struct {
	Version string `json:"version"`
	Page    string `json:"page"`
}

// memory is what is kept between two questions.
type memory struct {
	URL  string    `json:"url"`
	Next time.Time `json:"next"` // not to be asked before
	Notice
	Failed bool `json:"failed"` // the last question had no answer that can be used
}

// Bounds of the time between two questions, of one question, and of its answer.
const (
	leastWait = 24 * time.Hour
	mostWait  = 30 * time.Hour
	askTime   = 10 * time.Second
	maxAnswer = 4 << 10
)

const memoryName = "update.json"

// Newer returns the newer version that there is, or nil. dir is where this machine remembers for the person what was
// answered last; an error says that the last question had no answer that can be used.
func Newer(ctx context.Context, address, dir string) (*Notice, error) {
	return newer(ctx, address, dir, time.Now(), build.Version)
}

func newer(ctx context.Context, address, dir string, now time.Time, version string) (*Notice, error) {
	if address == "" {
		return nil, nil
	}
	m := recall(dir)
	var err error
	if m.URL != address || !now.Before(m.Next) || m.Next.After(now.Add(mostWait)) { // a clock may have been wrong
		wait := leastWait + rand.N(mostWait-leastWait)
		m = memory{URL: address, Next: now.Add(wait), Notice: m.Notice}
		var n Notice
		if n, err = ask(ctx, address); err == nil {
			m.Notice = n
		}
		m.Failed = err != nil
		remember(dir, m)
	} else if m.Failed {
		err = errors.New("no answer")
	}
	if check(m.Notice, address) == nil && less(version, m.Version) {
		return &m.Notice, nil
	}
	return nil, err
}

func recall(dir string) (m memory) {
	if data, err := disk.ReadTrusted(filepath.Join(dir, memoryName)); err == nil {
		_ = json.Unmarshal(data, &m) // what cannot be read is asked for anew
	}
	return m
}

// remember is best effort: without it the question comes again.
func remember(dir string, m memory) {
	data, err := json.Marshal(m)
	if err == nil && disk.TrustedFolder(dir) == nil {
		_ = disk.Replace(filepath.Join(dir, memoryName), data)
	}
}

// ask asks once. No redirection is followed: what the administrator named is what is asked.
func ask(ctx context.Context, address string) (n Notice, err error) {
	ctx, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return n, err
	}
	if r.URL.Scheme != "https" {
		return n, errors.New("not https")
	}
	r.Header.Set("User-Agent", "Kapu")
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := client.Do(r)
	if err != nil {
		return n, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return n, fmt.Errorf("status %d", answer.StatusCode)
	}
	if err := json.NewDecoder(io.LimitReader(answer.Body, maxAnswer)).Decode(&n); err != nil {
		return Notice{}, err
	}
	return n, check(n, address)
}

// check wants a version, and a page on the server that was asked.
func check(n Notice, address string) error {
	if _, err := numbers(n.Version); err != nil {
		return err
	}
	asked, err := url.Parse(address)
	if err != nil {
		return err
	}
	page, err := url.Parse(n.Page)
	if err != nil || page.Scheme != "https" || page.Host != asked.Host {
		return errors.New("the page is not on the server that was asked")
	}
	return nil
}

// less compares two versions; one that is no version is less than nothing.
func less(a, b string) bool {
	x, errX := numbers(a)
	y, errY := numbers(b)
	return errX == nil && errY == nil && slices.Compare(x, y) < 0
}

// numbers are those of MAJOR.MINOR.PATCH.
func numbers(version string) ([]int, error) {
	parts := strings.Split(version, ".")
	if len(parts) != 3 {
		return nil, fmt.Errorf("no version: %q", version)
	}
	list := make([]int, 3)
	for i, p := range parts {
		n, err := strconv.ParseUint(p, 10, 31)
		if err != nil {
			return nil, fmt.Errorf("no version: %q", version)
		}
		list[i] = int(n)
	}
	return list, nil
}
