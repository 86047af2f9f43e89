//go:build linux

package panel_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kapu/internal/stranger"
)

// A flood by another user of the machine, on the agent's port and the page's: the person's commands and the page answer
// all the time, and so does the lock.
func TestFlood(t *testing.T) {
	program := stranger.Program(t)
	o := newOffice(t, "", client("Alfa Kft."))
	c, base := enter(t, o)
	c.Transport.(*http.Transport).DisableKeepAlives = true // each request has to come in anew
	page, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	addresses := []string{o.agentAddress(), "127.0.0.1:" + page.Port()}
	const perSecond = 5000
	slowest := map[string]time.Duration{}
	timed := func(what string, do func()) {
		begun := time.Now()
		do()
		slowest[what] = max(slowest[what], time.Since(begun))
	}

	flood := stranger.Flood(t, program, 30_000, perSecond, addresses...)
	over := make(chan stranger.Fate, 1)
	go func() { over <- flood.Fate(t) }()
	rounds := 0
	for going := true; going; rounds++ {
		select {
		case fate := <-over:
			if fate.Answered+fate.Kept > 0 {
				t.Errorf("some of the connections were heard or kept open: %+v", fate)
			}
			t.Logf("%+v", fate)
			going = false
		default:
		}
		timed("kapu code", func() { o.kapu("", "code", "alfa") })
		timed("kapu list", func() { o.kapu("", "list") })
		timed("page", func() {
			for method, path := range map[string]string{"GET": "/", "POST": "/api/clients"} {
				if answer := send(t, c, method, base+path, "{}"); answer.StatusCode != http.StatusOK {
					t.Errorf("%s: %s", path, answer.Status)
				}
			}
		})
	}
	if rounds < 2 {
		t.Error("the flood was over before anything was asked")
	}

	flood = stranger.Flood(t, program, 30_000, perSecond, addresses...)
	defer flood.Stop()
	timed("kapu lock", func() { o.kapu("", "lock") })
	timed("kapu unlock", func() { o.kapu(password+"\n", "unlock") })
	o.dial()
	t.Logf("%d rounds; the slowest of each: %v", rounds, slowest)
}

// agentAddress is where the agent listens.
func (o *office) agentAddress() string {
	o.t.Helper()
	found, _ := filepath.Glob(filepath.Join(o.paths().Runtime, "agent-*.json"))
	if len(found) != 1 {
		o.t.Fatalf("locators: %v", found)
	}
	data, err := os.ReadFile(found[0])
	var l struct{ Address string }
	if err == nil {
		err = json.Unmarshal(data, &l)
	}
	if err != nil || !strings.HasPrefix(l.Address, "127.0.0.1:") {
		o.t.Fatalf("%s: %v", data, err)
	}
	return l.Address
}
