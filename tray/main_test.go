package tray

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"kapu/agent"
	"kapu/config"
	"kapu/lang"
)

// TestMain lets the test binary be a tray, in a process of its own, with an agent that does what the test says.
func TestMain(m *testing.M) {
	if os.Getenv("KAPU_TRAY_TEST") == "" {
		os.Exit(m.Run())
	}
	paths := config.Locate()
	cfg, err := config.Load(paths)
	if err == nil {
		a := &fakeAgents{news: make(chan struct{}, 1), back: make(chan struct{})}
		go a.obey()
		err = run(context.Background(), paths, cfg, lang.In(lang.Hungarian), a, a)
	}
	if err != nil {
		fmt.Println("error:", lang.In(lang.Hungarian).Error(err))
		os.Exit(1)
	}
	fmt.Println("ended")
}

// order is a line on the standard input of such a tray.
type order struct {
	Agent   *bool          // an agent comes or goes
	Clients []agent.Client // are what the agent has
	Random  int            // so many more
	Answers []string       // to dialogs
	Slow    bool           // copies wait for the next order
	Used    bool           // codes have been used before
	Due     int            // deadlines that run out soon
	Unkept  bool           // the recovery key is on no paper
	Locked  []string       // folders that are locked
	Left    bool           // the agent ends because the person has left
	Asks    bool           // unlocking asks the person
	Back    bool           // the person comes back
	Code    string         // what copying hands back to be shown
	Reach   agent.Reach    // and how far it comes
	Office  *agent.OfficeStatus
	News    *agent.Event // of the office
}

// fakeAgents is an agent and a person at the dialogs. It prints what is asked of it.
type fakeAgents struct {
	news chan struct{}

	mu      sync.Mutex
	there   bool
	clients []agent.Client
	answers []string
	events  chan agent.Event
	slow    chan struct{}
	used    bool
	code    string
	reach   agent.Reach
	unkept  bool
	due     int
	locked  []string
	asks    bool
	office  *agent.OfficeStatus
	back    chan struct{}
}

// codeLife is how long the codes of the tests live.
const codeLife = 3 * time.Second

func (a *fakeAgents) obey() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var o order
		if err := json.Unmarshal(lines.Bytes(), &o); err != nil {
			panic(err)
		}
		a.mu.Lock()
		a.answers, a.used, a.unkept, a.due = append(a.answers, o.Answers...), o.Used, o.Unkept, o.Due
		a.locked, a.asks, a.code, a.reach, a.office = o.Locked, o.Asks, o.Code, o.Reach, o.Office
		if o.Left {
			a.send(agent.Event{Type: agent.Left})
		}
		if a.slow != nil {
			close(a.slow)
			a.slow = nil
		}
		if o.Slow {
			a.slow = make(chan struct{})
		}
		if o.Clients != nil || o.Random > 0 {
			r := rand.New(rand.NewPCG(1, 1))
			a.clients = append(o.Clients, randomClients(r, o.Random, func(i int) string { return fmt.Sprint("Mappa ", i%40) })...)
			a.clients = unlocked(a.clients...).clients
		}
		if o.Agent != nil && *o.Agent != a.there {
			a.turn(*o.Agent)
			a.tell()
		} else if o.News != nil {
			a.send(*o.News)
		} else {
			a.send(agent.Event{Type: agent.Changed})
		}
		a.mu.Unlock()
		if o.Back {
			a.back <- struct{}{}
		}
		fmt.Println("obeyed")
	}
}

func (a *fakeAgents) turn(there bool) {
	a.there = there
	if !there && a.events != nil {
		close(a.events)
		a.events = nil
	}
}

func (a *fakeAgents) tell() {
	select {
	case a.news <- struct{}{}:
	default:
	}
}

func (a *fakeAgents) send(e agent.Event) {
	if a.events != nil {
		a.events <- e
	}
}

func (a *fakeAgents) gone() error {
	if !a.there {
		return lang.E("agent-gone").Kind(agent.ErrLocked)
	}
	return nil
}

func (a *fakeAgents) watch(context.Context) (<-chan struct{}, error) { return a.news, nil }

func (a *fakeAgents) returns(context.Context) <-chan struct{} { return a.back }

func (a *fakeAgents) unheard(context.Context) bool { return false }

func (a *fakeAgents) silent(context.Context) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return !a.asks
}

func (a *fakeAgents) dial(context.Context) (conn, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if !a.there {
		return nil, agent.ErrLocked
	}
	return found{a}, nil
}

// found is a connection to an agent that was there; closing it ends nothing but itself.
type found struct{ *fakeAgents }

func (found) Close() { fmt.Println("close") }

func (a *fakeAgents) start(_ context.Context, opts agent.StartOptions) (conn, error) {
	fmt.Println("start", opts.Create)
	a.mu.Lock()
	defer a.mu.Unlock()
	a.turn(true)
	return a, nil
}

func (a *fakeAgents) List(_ context.Context, query, _ string) (found []agent.Client, err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, c := range a.clients {
		if strings.Contains(lang.Fold(c.Name), lang.Fold(query)) {
			found = append(found, c)
		}
	}
	return found, a.gone()
}

func (a *fakeAgents) CopyOrShow(_ context.Context, r agent.Copy) (agent.Copied, error) {
	if r.What == agent.TheCode {
		fmt.Println("copy", r.Query, r.Next)
	} else {
		fmt.Println("copy", r.Query, r.What)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	for i := range a.clients {
		c := &a.clients[i]
		if c.ID != r.Query {
			continue
		}
		if slow := a.slow; slow != nil {
			a.send(agent.Event{Type: agent.Waiting, Client: c, Seconds: 4})
			a.mu.Unlock()
			<-slow
			a.mu.Lock()
		}
		if err := a.gone(); err != nil {
			return agent.Copied{}, err
		}
		c.LastUsed = time.Now()
		a.send(agent.Event{Type: agent.Changed})
		if r.What == agent.SignIn {
			return agent.Copied{Client: *c, What: agent.UserName, Follows: agent.WhenAsked, ClearAfter: 30}, nil
		}
		return agent.Copied{Client: *c, Until: time.Now().Add(codeLife), Remaining: 23, UsedBefore: a.used, Code: a.code, Reach: a.reach}, nil
	}
	return agent.Copied{}, lang.E("client-gone").Kind(agent.ErrNotFound)
}

func (a *fakeAgents) Status(context.Context) (agent.Status, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return agent.Status{RecoveryKept: !a.unkept, Deadlines: a.due, LockedFolders: a.locked, Office: a.office}, a.gone()
}

func (a *fakeAgents) UnlockFolder(_ context.Context, folder, secret string) error {
	fmt.Println("unlock", folder, secret)
	if said, err := a.answer(); err != nil || said == "" {
		return lang.E("prompt-cancelled").Kind(agent.ErrCancelled)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.locked = nil
	a.send(agent.Event{Type: agent.Changed})
	return nil
}

func (a *fakeAgents) Lock(context.Context) error {
	fmt.Println("lock")
	a.mu.Lock()
	defer a.mu.Unlock()
	a.turn(false)
	return nil
}

func (a *fakeAgents) NoticeEvents(context.Context) (<-chan agent.Event, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.events == nil {
		a.events = make(chan agent.Event, 100)
	}
	return a.events, a.gone()
}

// Close ends the agent, as the end of the tray that started it does.
func (a *fakeAgents) Close() {
	fmt.Println("close")
	a.mu.Lock()
	defer a.mu.Unlock()
	a.turn(false)
}

func (a *fakeAgents) available() bool { return os.Getenv("KAPU_TRAY_TEST") == "dialogs" }

func (a *fakeAgents) answer() (string, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.answers) == 0 {
		return "", errCancelled
	}
	answer := a.answers[0]
	a.answers = a.answers[1:]
	return answer, nil
}

func (a *fakeAgents) line(context.Context, string) (string, error) {
	defer fmt.Println("asked for a line")
	return a.answer()
}

// window has a browser for the page only, so that a search asks by a dialog.
func (a *fakeAgents) window(_ context.Context, args ...string) error {
	name := strings.Join(args, " ")
	if name == "search" {
		return errors.New("no browser")
	}
	fmt.Println("window", name)
	return nil
}

func (a *fakeAgents) elsewhere(ctx context.Context, what string) (string, error) {
	fmt.Println("dialog", what)
	said, err := a.answer()
	if err == nil && said == "" { // it stays open
		<-ctx.Done()
		fmt.Println("closed", what)
		return "", errCancelled
	}
	return said, err
}
