package tray

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kapu/agent"
	"kapu/exchange"
	"kapu/lang"
	"kapu/qr"
)

// guest is a person who answers, and an agent that takes what it is given.
type guest struct {
	answers []string
	secrets []string // questions whose answers are hidden
	seen    []string // QR codes
	added   []agent.New
	taken   int
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

func (g *guest) files(ctx context.Context, q string) ([]string, error) {
	answer, err := g.line(ctx, q)
	return strings.Fields(answer), err
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
	g.added = append(g.added, n)
	return n.Client, nil
}

func (g *guest) Import(_ context.Context, i agent.Import) (agent.Imported, error) {
	g.taken += len(i.Entries)
	counts := map[exchange.Fate]int{exchange.New: 2, exchange.Refused: 1}
	return agent.Imported{Report: exchange.Report{Rows: make([]exchange.Row, 3), Counts: counts}}, nil
}

func TestDialogHandsOverToTheAgent(t *testing.T) {
	hu := lang.In(lang.Hungarian)
	list := filepath.Join(t.TempDir(), "list.txt")
	if err := os.WriteFile(list, []byte("otpauth://totp/A:B?secret=JBSWY3DPEHPK3PXP\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		what         string
		answers      []string
		said         string
		added, taken int
	}{
		{DialogAdd, []string{"Új Kft.", "ABCD", "Kft-k"}, hu.T("tray-added", "Client", "Új Kft."), 1, 0},
		{DialogAdd, []string{"Új Kft.", "ABCD"}, "", 0, 0},
		{DialogImport, []string{list}, hu.N("tray-imported", 3, "New", 2, "Same", 0) + " " + hu.N("tray-imported-not", 1), 0, 1},
		{DialogImport, nil, "", 0, 0},
	} {
		g := &guest{answers: tt.answers}
		said, err := talk(t.Context(), g, g, hu, tt.what)
		if err != nil || said != tt.said || len(g.added) != tt.added || g.taken != tt.taken {
			t.Errorf("%s %v: %q, %v; added %v, took in %d", tt.what, tt.answers, said, err, g.added, g.taken)
		}
		if tt.added > 0 && (g.added[0].Key != "ABCD" || g.added[0].Client.Name != "Új Kft." || g.added[0].Client.Folder != "Kft-k") {
			t.Errorf("added %+v", g.added[0])
		}
	}
	const sealed = "../exchange/testdata/ente-encrypted.json"
	right, wrong := "Árvíztűrő 12", "nem ez az"
	for _, tt := range []struct {
		name    string
		answers []string
		asked   []string
		taken   bool
		err     error
	}{
		{"right", []string{sealed, right}, []string{"ask-file-password"}, true, nil},
		{"wrong, then right", []string{sealed, wrong, right}, []string{"ask-file-password", "ask-file-password-again"}, true, nil},
		{"given up", []string{sealed, wrong}, []string{"ask-file-password", "ask-file-password-again"}, false, nil},
		{
			"three times wrong",
			[]string{sealed, wrong, wrong, wrong, right},
			[]string{"ask-file-password", "ask-file-password-again", "ask-file-password-again"},
			false, exchange.ErrPassword,
		},
	} {
		var want []string
		for _, id := range tt.asked {
			want = append(want, hu.T(id, "Format", "Ente Auth"))
		}
		g := &guest{answers: tt.answers}
		said, err := talk(t.Context(), g, g, hu, DialogImport)
		if !errors.Is(err, tt.err) || (g.taken > 0) != tt.taken || (said != "") != tt.taken {
			t.Errorf("%s: %q, %v, took in %d", tt.name, said, err, g.taken)
		}
		if diff := cmp.Diff(want, g.secrets); diff != "" {
			t.Errorf("%s: %s", tt.name, diff)
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
			g.added[0].Scanned.Secret != "JBSWY3DPEHPK3PXP" || g.added[0].Scanned.Digits != 8 || g.added[0].Client.Service != "NISZ") {
			t.Errorf("%q sees %q: added %+v", tt.name, tt.seen, g.added)
		}
	}
	g := &guest{answers: []string{list + ".none"}}
	if said, err := talk(t.Context(), g, g, hu, DialogImport); err == nil || said != "" {
		t.Errorf("a file that is not there: %q, %v", said, err)
	}
}
