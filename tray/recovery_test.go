package tray

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"kapu/agent"
	"kapu/lang"
	"kapu/vault"
)

// safe is what a guest does with the recovery key.
type safe struct {
	choice  int
	method  string
	printed []byte
	asked   string // what the agent was told as the PIN or password
	ask     agent.Asker
	kept    bool
	broken  error // the printer
}

func (s *safe) choose(context.Context, string, [3]string) (int, error) {
	if s.choice > 1 {
		return 0, errCancelled
	}
	return s.choice, nil
}

func (g *guest) newFile(ctx context.Context, question, _ string) (string, error) {
	return g.line(ctx, question)
}

func (s *safe) print(_ context.Context, pdf []byte) error {
	s.printed = pdf
	return s.broken
}

func (s *safe) Recovery(ctx context.Context) (_ agent.Recovery, err error) {
	if s.method != vault.Keychain {
		if s.asked, err = s.ask(ctx, s.method, lang.E("asked").Kind(agent.ErrAsked)); err != nil {
			return agent.Recovery{}, err
		}
	}
	return agent.Recovery{Key: "AGE-SECRET-KEY-PQ-18Z6T9QWYP5TS49NEFSH8XFYGJL9V74PUY7F95R6YAQKK4KDV69ZS09MTSM"}, nil
}

func (s *safe) RecoveryKept(context.Context) error {
	s.kept = true
	return nil
}

// Only what has reached paper or a file ends the reminding.
func TestDialogPutsRecoveryKeyOnPaper(t *testing.T) {
	hu := lang.In(lang.Hungarian)
	path := filepath.Join(t.TempDir(), "kulcs.pdf")
	taken := filepath.Join(t.TempDir(), "más.pdf")
	if err := os.WriteFile(taken, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	noPaper := errors.New("no paper")
	for _, tt := range []struct {
		name    string
		safe    safe
		answers []string
		said    string
		asked   string
		kept    bool
		fails   bool
	}{
		{"printed", safe{method: vault.Keychain}, nil, hu.T("recovery-printed"), "", true, false},
		{"printed after the PIN", safe{method: vault.PIN}, []string{"2580"}, hu.T("recovery-printed"), "2580", true, false},
		{"saved", safe{method: vault.Keychain, choice: 1}, []string{path}, hu.T("recovery-saved", "Path", path), "", true, false},
		{"no PIN given", safe{method: vault.PIN}, nil, "", "", false, false},
		{"later", safe{method: vault.Keychain, choice: 2}, nil, "", "", false, false},
		{"nowhere to save", safe{method: vault.Keychain, choice: 1}, nil, "", "", false, false},
		{"over another file", safe{method: vault.Keychain, choice: 1}, []string{taken}, "", "", false, true},
		{"the printer fails", safe{method: vault.Keychain, broken: noPaper}, nil, "", "", false, true},
	} {
		g := &guest{answers: tt.answers, safe: tt.safe}
		g.ask = askSecret(g, hu)
		said, err := talk(t.Context(), g, g, hu, DialogRecovery)
		if (err != nil) != tt.fails || (!tt.fails && said != tt.said) || g.kept != tt.kept || g.asked != tt.asked {
			t.Errorf("%s: said %q, %v; kept %v, asked %q", tt.name, said, err, g.kept, g.asked)
		}
		if g.choice == 0 && tt.kept && !bytes.HasPrefix(g.printed, []byte("%PDF-")) {
			t.Errorf("%s: printed %.20q", tt.name, g.printed)
		}
	}
	if pdf, err := os.ReadFile(path); err != nil || !bytes.HasPrefix(pdf, []byte("%PDF-")) {
		t.Errorf("saved %.20q, %v", pdf, err)
	}
	if mine, err := os.ReadFile(taken); err != nil || string(mine) != "mine" {
		t.Errorf("the other file is now %.20q, %v", mine, err)
	}
}
