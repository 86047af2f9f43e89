package tray

import (
	"context"
	"errors"
	"strings"
	"testing"

	"kapu/agent"
	"kapu/lang"
	"kapu/qr"
	"kapu/vault"
)

// guest is a person who answers, and an agent that takes what it is given.
type guest struct {
	answers []string
	secrets []string // questions whose answers are hidden
	seen    []string // QR codes
	added   []agent.New
	doubt   error // of the agent, about what is added
	// questions are those that were asked about it.
	questions []string
	safe
	*admin
}

func (g *guest) line(context.Context, string) (string, error) {
	if len(g.answers) == 0 {
		return "", errCancelled
	}
	answer := g.answers[0]
	g.answers = g.answers[1:]
	return answer, nil
}

func (g *guest) secret(ctx context.Context, q string) (string, error) {
	g.secrets = append(g.secrets, q)
	return g.line(ctx, q)
}

// A dialog asks for the PIN with the reason, again if it was wrong, and names no client: others can see the question.
func TestDialogAsksForThePIN(t *testing.T) {
	hu := lang.In(lang.Hungarian)
	g := &guest{answers: []string{"0000", "2580", ""}}
	ask := askSecret(g, hu)
	reach := lang.E("asked-reach", "Client", "Alfa Kft.", "Names", "Béla").Kind(agent.ErrAsked)
	for _, tt := range []struct {
		why    error
		answer string
		err    error
		parts  []string
	}{
		{reach, "0000", nil, []string{"Béla", "PIN-kód:"}},
		{lang.E("pin-wrong", "N", 9).Kind(vault.ErrSecret), "2580", nil, []string{"Hibás PIN-kód", "PIN-kód:"}},
		{reach, "", errCancelled, nil},
	} {
		answer, err := ask(t.Context(), agent.PIN, tt.why)
		question := g.secrets[len(g.secrets)-1]
		if answer != tt.answer || !errors.Is(err, tt.err) || strings.Contains(question, "Alfa") {
			t.Errorf("%v: %q, %v after %q", tt.why, answer, err, question)
		}
		for _, part := range tt.parts {
			if !strings.Contains(question, part) {
				t.Errorf("%q does not say %q", question, part)
			}
		}
	}
}

// sure is "yes" if the next answer is.
func (g *guest) sure(ctx context.Context, q string, _ [2]string) (bool, error) {
	answer, err := g.line(ctx, q)
	g.questions = append(g.questions, q)
	if err == nil && answer != "yes" {
		err = errCancelled
	}
	return err == nil, err
}

func (g *guest) codes(context.Context) (symbols []qr.Symbol, err error) {
	if len(g.seen) == 0 {
		return nil, lang.E("qr-screen-none")
	}
	for _, text := range g.seen {
		symbols = append(symbols, qr.Symbol{Text: text})
	}
	return symbols, nil
}

func (g *guest) Add(_ context.Context, n agent.New) (agent.Client, error) {
	if g.doubt != nil && !n.Confirmed {
		return agent.Client{}, g.doubt
	}
	g.added = append(g.added, n)
	return n.Client, nil
}

// What the agent finds doubtful is asked about, without a client's name, and added if the person is sure.
func TestDialogAsksAboutWhatIsDoubtful(t *testing.T) {
	hu := lang.In(lang.Hungarian)
	doubt := func() error {
		return lang.E("import-sentences", "First", lang.E("doubt-word"), "Second", lang.E("doubt-parameters", "Client", "Titkos Kft.")).
			Kind(agent.ErrDoubtful)
	}
	for answer, added := range map[string]int{"yes": 1, "no": 0} {
		g := &guest{answers: []string{"Új Kft.", "telefon", "", answer}, doubt: doubt()}
		said, err := talk(t.Context(), g, g, hu, DialogAdd)
		if err != nil || len(g.added) != added || (said != "") != (added > 0) {
			t.Errorf("%s: %q, %v, added %d", answer, said, err, len(g.added))
		}
		if len(g.questions) != 1 || !strings.Contains(g.questions[0], hu.T("doubt-word")) || strings.Contains(g.questions[0], "Titkos") {
			t.Errorf("asked %q", g.questions)
		}
	}
}

func TestDialogHandsOverToTheAgent(t *testing.T) {
	hu := lang.In(lang.Hungarian)
	for _, tt := range []struct {
		what    string
		answers []string
		said    string
		added   int
	}{
		{DialogAdd, []string{"Új Kft.", "ABCD", "Kft-k"}, hu.T("tray-added", "Client", "Új Kft."), 1},
		{DialogAdd, []string{"Új Kft.", "ABCD"}, "", 0},
	} {
		g := &guest{answers: tt.answers}
		said, err := talk(t.Context(), g, g, hu, tt.what)
		if err != nil || said != tt.said || len(g.added) != tt.added {
			t.Errorf("%s %v: %q, %v; added %v", tt.what, tt.answers, said, err, g.added)
		}
		if tt.added > 0 && (g.added[0].Key != "ABCD" || g.added[0].Client.Name != "Új Kft." || g.added[0].Client.Folder != "Kft-k") {
			t.Errorf("added %+v", g.added[0])
		}
	}
	const first, second = "otpauth://totp/NISZ:Anna?secret=JBSWY3DPEHPK3PXP&digits=8", "otpauth://totp/Bea?secret=MFRGGZDFMZTWQ2LK"
	for _, tt := range []struct {
		name         string
		seen         []string
		added, error string
	}{
		{"Új Kft.", []string{first}, "Új Kft.", ""},
		{" ", []string{first, "https://example.com"}, "Anna", ""},
		{"Új Kft.", []string{first, second}, "", "qr-several"},
		{"anna", []string{first, second}, "anna", ""},
		{"Új Kft.", []string{"https://example.com"}, "", "import-qr-other"},
		{"Új Kft.", nil, "", "qr-screen-none"},
	} {
		g := &guest{answers: []string{tt.name, "", ""}, seen: tt.seen}
		_, err := talk(t.Context(), g, g, hu, DialogAdd)
		if e, ok := errors.AsType[*lang.Error](err); ok != (tt.error != "") || (ok && e.ID != tt.error) {
			t.Errorf("%q sees %q: %v", tt.name, tt.seen, err)
		}
		if tt.added != "" && (len(g.added) != 1 || g.added[0].Client.Name != tt.added ||
			g.added[0].Scanned.Key.Secret != "JBSWY3DPEHPK3PXP" || g.added[0].Scanned.Key.Digits != 8 || g.added[0].Client.Service != "NISZ") {
			t.Errorf("%q sees %q: added %+v", tt.name, tt.seen, g.added)
		}
	}
}
