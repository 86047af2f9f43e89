package agent

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"kapu/config"
	"kapu/internal/wait"
	"kapu/lang"
	"kapu/office"
	"kapu/vault"
)

// Another user's program on the port of an agent that died learns neither the token nor anything else.
func TestImpostorLearnsNothing(t *testing.T) {
	paths := config.Paths{Vault: t.TempDir(), Runtime: t.TempDir()}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var heard bytes.Buffer
	done := make(chan struct{})
	go func() {
		defer close(done)
		conn, err := l.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		_ = conn.SetReadDeadline(time.Now().Add(wait.Hang))
		buf := make([]byte, 4096)
		n, _ := conn.Read(buf)
		heard.Write(buf[:n])
		_, _ = conn.Write([]byte("HTTP/1.1 200 OK\r\nContent-Length: 43\r\n\r\n" + strings.Repeat("A", 43)))
		_ = conn.SetReadDeadline(time.Now().Add(2 * time.Second)) // what is said after that, if anything
		n, _ = conn.Read(buf)
		heard.Write(buf[:n])
	}()
	e := NewLocator(l.Addr().String())
	if err := e.Publish(LocatorPath(paths)); err != nil {
		t.Fatal(err)
	}
	if _, err := Dial(t.Context(), paths); !errors.Is(err, ErrLocked) {
		t.Errorf("got %v", err)
	}
	<-done
	if strings.Contains(heard.String(), e.Token) || !strings.Contains(heard.String(), "hello") {
		t.Errorf("heard %q", heard.String())
	}
}

// found is a face's connection to an agent that answers as a server does, and proves beside that it is one.
func found(t *testing.T, server *http.Server) *Conn {
	t.Helper()
	paths := config.Paths{Vault: t.TempDir(), Runtime: t.TempDir()}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l := NewLocator(listener.Addr().String())
	answers := server.Handler
	server.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == HelloPath {
			_, _ = w.Write([]byte(l.Prove(r.Header.Get(NonceHeader))))
			return
		}
		answers.ServeHTTP(w, r)
	})
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(func() { server.Close() })
	if err := l.Publish(LocatorPath(paths)); err != nil {
		t.Fatal(err)
	}
	c, err := Dial(t.Context(), paths)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// A face that asked its person something after it had found the agent is served all the same.
func TestFaceThatCameBackLate(t *testing.T) {
	mux := http.NewServeMux()
	mux.HandleFunc("POST "+GetStatus.Path(), func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(Status{Clients: 7})
	})
	c := found(t, &http.Server{Handler: mux})
	c.first.made = c.first.made.Add(-2 * HelloTime)
	c.first.Close() // the agent lets nobody stand there silent
	if s, err := c.Status(t.Context()); err != nil || s.Clients != 7 {
		t.Errorf("%+v, %v", s, err)
	}
}

// An agent that ends while it is asked has locked, and one that ended before that, too.
func TestAgentDiesInTheMiddle(t *testing.T) {
	mux := http.NewServeMux()
	server := &http.Server{Handler: mux}
	mux.HandleFunc("POST "+CopyText.Path(), func(http.ResponseWriter, *http.Request) { server.Close() })
	c := found(t, server)
	for _, when := range []string{"while it is asked", "before"} {
		if _, err := c.Copy(t.Context(), Copy{Query: "alfa"}); !errors.Is(err, ErrLocked) {
			t.Errorf("%s: got %v", when, err)
		}
	}
}

// An agent that is there and does not get its turn is not one that has locked.
func TestAgentThatDoesNotGetItsTurn(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0") // which takes connections, and nobody answers
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, err = NewLocator(l.Addr().String()).Conn().Status(t.Context())
	var sentence *lang.Error
	if errors.Is(err, ErrLocked) || !errors.As(err, &sentence) || sentence.ID != "agent-silent" {
		t.Errorf("got %v", err)
	}
}

// Where the agent wants the PIN the person is asked, once for all that a command does; a wrong one is asked again if
// the asker does.
func TestAgentThatAsks(t *testing.T) {
	var secrets []string
	mux := http.NewServeMux()
	answer := func(path string, value any) {
		mux.HandleFunc("POST "+path, func(w http.ResponseWriter, r *http.Request) {
			secret := SecretIn(r.Header)
			switch {
			case path == GetStatus.Path() && secret == "":
				_ = json.NewEncoder(w).Encode(Status{Method: PIN})
				return
			case secret == "jó jelszó\n 100%":
				_ = json.NewEncoder(w).Encode(value)
			default:
				err := lang.E("asked").Kind(ErrAsked)
				if secret != "" {
					err = lang.E("password-wrong").Kind(vault.ErrSecret)
				}
				f, status := NewFailure(err)
				w.WriteHeader(status)
				_ = json.NewEncoder(w).Encode(f)
			}
			secrets = append(secrets, secret)
		})
	}
	answer(GetStatus.Path(), Status{})
	answer(ShareClients.Path(), None{})
	answer(EditClient.Path(), Client{ID: "x"})
	c := found(t, &http.Server{Handler: mux})
	if err := c.OfficeShare(t.Context(), "x"); !errors.Is(err, ErrAsked) {
		t.Errorf("with nobody to ask: %v", err)
	}
	given := []string{"rossz", "jó jelszó\n 100%"}
	c.AskBy(func(_ context.Context, method string, why error) (string, error) {
		if method != PIN || len(given) == 0 {
			t.Fatalf("asked for %q because of %v", method, why)
		}
		answer := given[0]
		given = given[1:]
		return answer, nil
	})
	if err := c.OfficeShare(t.Context(), "x"); err != nil {
		t.Error(err)
	}
	if err := c.OfficeShare(t.Context(), "x"); err != nil { // not asked again
		t.Error(err)
	}
	if _, err := c.Edit(t.Context(), Edit{ID: "x"}); err != nil {
		t.Error(err)
	}
	if got, want := strings.Join(secrets, "|"), "||rossz|jó jelszó\n 100%|jó jelszó\n 100%||jó jelszó\n 100%"; got != want {
		t.Errorf("the agent was told %q, want %q", got, want)
	}
}

// Another member's program, a machine that names itself and a file may say anything; a face gets what may be shown.
func TestFacesGetWhatMayBeShown(t *testing.T) {
	const bad, good = "A\u202en\u200bn\u3164a\x1b[2J", "Anna[2J"
	sentence := lang.E("folder-locked", "Folder", bad, "ShellFolder", bad)
	mux := http.NewServeMux()
	mux.HandleFunc("POST "+GetOffice.Path(), func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(OfficeView{
			Members: []OfficeMember{{Name: bad}}, Asking: []OfficeRequest{{Name: bad}}, Settings: &office.Settings{BookDays: 7},
		})
	})
	mux.HandleFunc("POST "+ListClients.Path(), func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode([]Client{{Name: bad, Folder: bad}})
	})
	mux.HandleFunc("POST "+StreamEvents.Path(), func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(Event{Client: &Client{Name: bad}, Problem: sentence, Request: &OfficeRequest{Name: bad}})
	})
	mux.HandleFunc("POST "+GetStatus.Path(), func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusLocked)
		f, _ := NewFailure(sentence)
		_ = json.NewEncoder(w).Encode(f)
	})
	c := found(t, &http.Server{Handler: mux})
	got := map[string]string{}
	view, err := c.OfficeView(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	got["member"], got["request"] = view.Members[0].Name, view.Asking[0].Name
	clients, err := c.List(t.Context(), "", "")
	if err != nil {
		t.Fatal(err)
	}
	got["client"], got["folder"] = clients[0].Name, clients[0].Folder
	events, err := c.Events(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	e := <-events
	got["event's client"], got["event's request"] = e.Client.Name, e.Request.Name
	for what, text := range got {
		if text != good {
			t.Errorf("%s: %+q", what, text)
		}
	}
	_, failed := c.Status(t.Context())
	for _, err := range []error{failed, e.Problem} {
		if said := lang.In(lang.Hungarian).Error(err); said == "" || lang.Visible(said) != said {
			t.Errorf("said %+q", said)
		}
	}
}
