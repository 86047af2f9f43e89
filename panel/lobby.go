package panel

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"os/exec"
	"slices"

	"kapu/agent"
	"kapu/config"
	"kapu/internal/process"
	"kapu/lang"
	"kapu/office"
)

// LobbyCommand is the hidden command of the program that runs the lobby; its argument is a view, or it has FlagHeir.
const (
	LobbyCommand = "lobby"
	FlagHeir     = "heir"
)

// lobbyTime is how long a lobby that no window shows goes on: a browser that is just starting, a page that is loaded
// anew.
const lobbyTime = ticketTime

// The pages of the lobby. Which of them stands at the path of a view depends on what there is: see Lobby.at.
var (
	doorsPage   = page{title: "page-doors", html: "lobby-doors.html", small: true}
	listDoor    = page{title: "page-door-import", html: "lobby-make.html", small: true}
	clientDoor  = page{title: "page-door-add", html: "lobby-make.html", small: true}
	joinDoor    = page{title: "page-door-join", html: "lobby-join.html", small: true}
	lockedPage  = page{title: "page-locked", html: "lobby-locked.html", small: true}
	restorePage = page{path: "/restore", title: "page-restore", html: "lobby-restore.html", small: true}
)

// lobbyPages are those whose paths lead somewhere: the agent's, and what only the lobby has.
func lobbyPages() []page { return append(pages(), restorePage) }

// lobby is the server of pages without keys. It leads to a vault by starting the agent, whose page it then hands the
// window on to. What is typed here goes to the agent's standard input, and the lobby ends soon after.
type lobby struct {
	site
	viewers viewers
	proof   string // of an heir
}

// RunLobby serves the lobby until no window shows it any more. With heir it reads from in what the agent has left; else
// it writes to out the link that opens a view.
func RunLobby(ctx context.Context, paths config.Paths, view string, heir bool, in io.Reader, out io.WriteCloser) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	l := &lobby{site: site{paths: paths, pages: lobbyPages()}}
	var at *place
	var err error
	if heir {
		var will inheritance
		will, at, err = inherit(ctx, in)
		if at == nil && err == nil {
			return nil
		}
		l.proof = will.Proof
		l.tickets.adopt(will.Cookie, will.Sessions)
	} else {
		at, err = settle()
	}
	if err != nil {
		return lang.E("page-no-port", "Reason", err)
	}
	l.viewers.whenGone(stop)
	at.serve(l.handler(at.host))
	defer at.close()
	if !heir {
		_ = json.NewEncoder(out).Encode(l.link(at.host, "/"+view))
	}
	_ = out.Close()
	<-ctx.Done()
	return nil
}

// StartLobby runs a lobby in a process of its own and returns a link that opens a view of it.
func StartLobby(view string) (link string, err error) {
	if !slices.ContainsFunc(lobbyPages(), func(p page) bool { return p.path == "/"+view }) {
		return "", lang.E("page-no-view", "View", view)
	}
	program, err := os.Executable()
	if err != nil {
		return "", err
	}
	cmd := exec.Command(program, LobbyCommand, view)
	cmd.SysProcAttr = process.Detached()
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err == nil {
		err = json.NewDecoder(out).Decode(&link)
	}
	if err != nil {
		return "", lang.E("lobby-start", "Reason", err)
	}
	return link, nil
}

// at says which page stands at a path. Where the vault is locked that is the way back in; where there is none, the door
// that leads to the view.
func (l *lobby) at(path string) page {
	exists, err := agent.HasVault(l.paths)
	switch {
	case path == restorePage.path:
		return restorePage
	case exists || err != nil: // unlocking says what is wrong
		return lockedPage
	case agent.HasBackups(l.paths): // nothing is made beside them
		return restorePage
	}
	switch path {
	case importPage.path:
		return listDoor
	case addPage.path:
		return clientDoor
	case officePage.path:
		return joinDoor
	default:
		return doorsPage
	}
}

func (l *lobby) handler(host string) http.Handler {
	r := l.newRoutes()
	r.mux.HandleFunc("GET "+eventsPath, r.known(l.events))
	for _, page := range l.pages {
		r.mux.HandleFunc("GET "+exact(page.path), r.known(func(w http.ResponseWriter, _ *http.Request) {
			l.show(w, http.StatusOK, l.at(page.path))
		}))
	}
	api(r, "heir", func(context.Context, struct{}) (string, error) { return l.proof, nil })
	api(r, "unlock", l.unlock)
	api(r, "make", l.make)
	api(r, "join", l.join)
	l.restoreRoutes(r)
	return guard(host, compressed(r.mux))
}

// unlocked is the event that somebody has unlocked.
const unlockedEvent = "unlocked"

// events tells a window when there is an agent, however that came about.
func (l *lobby) events(w http.ResponseWriter, r *http.Request) {
	defer l.viewers.enter()()
	send := stream(w)
	news, err := agent.Watch(r.Context(), l.paths)
	if err != nil {
		l.answer(w, nil, err)
		return
	}
	err = send(event{})
	for err == nil {
		if c, dialErr := agent.Dial(r.Context(), l.paths); dialErr == nil {
			c.Close()
			err = send(event{Type: unlockedEvent})
		}
		if _, more := <-news; !more {
			return
		}
	}
}

// entered says how a way in went.
type entered struct {
	Link string `json:"link,omitempty"` // to the agent's page
	// Ask is the method whose secret is wanted here, because no dialog can ask for it.
	Ask string `json:"ask,omitempty"`
	// Stuck is why trying again does not help.
	Stuck string `json:"stuck,omitempty"`
}

// unlocking is a request for the vault as it is.
type unlocking struct {
	View   string `json:"view"`
	Secret string `json:"secret,omitempty"`
}

// unlock starts the agent, which asks for the PIN or password by its own dialog, where there can be one.
func (l *lobby) unlock(ctx context.Context, q unlocking) (entered, error) {
	return l.enter(ctx, agent.StartOptions{Secret: q.Secret}, q.View)
}

// making is a request for a new vault.
type making struct {
	View   string `json:"view"`
	Method string `json:"method"`
	Secret string `json:"secret"`
}

func (m making) options() agent.StartOptions {
	return agent.StartOptions{Create: true, Method: m.Method, Secret: m.Secret}
}

func (l *lobby) make(ctx context.Context, m making) (entered, error) {
	return l.enter(ctx, m.options(), m.View)
}

// enter starts an agent and returns a link to a view of its page.
func (l *lobby) enter(ctx context.Context, opts agent.StartOptions, view string) (entered, error) {
	return l.then(ctx, opts, view, func(*agent.Conn) error { return nil })
}

// then is enter with something to be done before the page is shown.
func (l *lobby) then(ctx context.Context, opts agent.StartOptions, view string, deed func(*agent.Conn) error) (entered, error) {
	c, err := agent.Start(ctx, l.paths, opts)
	if err != nil {
		return l.refused(ctx, err)
	}
	defer c.Close()
	if err := deed(c); err != nil {
		return entered{}, err
	}
	if page, known := l.find("/" + view); !known || page.path == restorePage.path {
		view = ""
	}
	link, err := c.Link(ctx, view)
	return entered{Link: link}, err
}

// refused says what there is to do about an agent that could not start.
func (l *lobby) refused(ctx context.Context, err error) (entered, error) {
	switch {
	case errors.Is(err, agent.ErrCancelled):
		return entered{}, nil // the person closed the question and knows
	case errors.Is(err, agent.ErrNoPrompt):
		s, err := agent.StatusOf(ctx, l.paths)
		return entered{Ask: s.Method}, err
	case agent.Unopenable(err):
		return entered{Stuck: upright(l.texts().Error(err))}, nil
	}
	return entered{}, err
}

// joining is a request to make the vault and to ask to be let into an office.
type joining struct {
	making
	agent.OfficeJoin
}

// join makes the vault only for an invitation that can be read.
func (l *lobby) join(ctx context.Context, j joining) (entered, error) {
	if _, err := office.StoreOf(j.Invitation); err != nil {
		return entered{}, err
	}
	return l.then(ctx, j.options(), officePage.path[1:], func(c *agent.Conn) error {
		_, err := c.OfficeJoin(agent.WithSecret(ctx, j.Secret), j.OfficeJoin) // it was typed for this very vault
		return err
	})
}
