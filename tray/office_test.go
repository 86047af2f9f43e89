package tray

import (
	"context"
	"errors"
	"strings"
	"testing"

	"kapu/agent"
	"kapu/icons"
	"kapu/lang"
)

// The menu says of the office what matters most, and while locked nothing.
func TestOfficeInTheMenu(t *testing.T) {
	sentence := lang.E("office-expelled", "Office", "Kis Iroda")
	for _, tt := range []struct {
		name   string
		office *agent.OfficeStatus
		row    string
		icon   icons.State
	}{
		{"no office", nil, "", icons.Open},
		{"all is well", &agent.OfficeStatus{Name: "Kis Iroda", Admin: true}, "", icons.Open},
		{"out of reach for a moment", &agent.OfficeStatus{Failing: sentence}, "", icons.Open},
		{"out of reach for long", &agent.OfficeStatus{Failing: sentence, Worrying: true, Requests: 1}, "Az iroda nem frissül ezen a gépen…\n", icons.Attention},
		{"somebody waits", &agent.OfficeStatus{Requests: 2}, "2 gép vár beengedésre…\n", icons.Attention},
		{"this machine was away", &agent.OfficeStatus{Away: "2026-09-30", Words: "alma híd"}, "Újra jóvá kell hagyni; a hat szó: alma híd…\n", icons.Attention},
		{"this machine waits", &agent.OfficeStatus{Joining: true, Words: "alma híd zab szél"}, "Beengedésre vár; a hat szó: alma híd zab szél…\n", icons.Open},
		{"no longer in it", &agent.OfficeStatus{Expelled: true, Failing: sentence, Worrying: true}, "Ez a gép már nem tagja az irodának…\n", icons.Attention},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for _, s := range []state{unlocked(in("", "Alfa")...), unlocked()} {
				s.office = tt.office
				m := build(s)
				if row, _, _ := strings.Cut(outline(m)[strings.LastIndex(outline(m), "---\n")+4:], "Ke"); row != tt.row {
					t.Errorf("the row is %q, want %q", row, tt.row)
				}
				if text := strings.TrimSuffix(tt.row, "…\n"); m.icon != tt.icon || (tt.icon == icons.Attention) != strings.HasSuffix(m.title, ", "+text) {
					t.Errorf("icon %v, title %q", m.icon, m.title)
				}
				s.locked = true
				if m := build(s); m.icon != icons.Locked || tt.row != "" && strings.Contains(outline(m)+m.title, strings.TrimSuffix(tt.row, "…\n")) {
					t.Errorf("locked: %v, %q\n%s", m.icon, m.title, outline(m))
				}
			}
		})
	}
}

// admin is an agent whom machines ask, and the person at its dialog.
type admin struct {
	asking  []agent.OfficeRequest
	answers []int // numbers of the buttons; 2 is later
	shown   []string
	done    []string
	broken  error
}

func (a *admin) OfficeView(context.Context) (agent.OfficeView, error) {
	return agent.OfficeView{Asking: a.asking}, nil
}

func (a *admin) OfficeApprove(_ context.Context, device string) error {
	a.done = append(a.done, "+"+device)
	return a.broken
}

func (a *admin) OfficeRefuse(_ context.Context, device string) error {
	a.done = append(a.done, "-"+device)
	return a.broken
}

func (a *admin) weigh(_ context.Context, question string, _ [3]string) (int, error) {
	a.shown = append(a.shown, question)
	answer := a.answers[0]
	a.answers = a.answers[1:]
	if answer == 2 {
		return 0, errCancelled
	}
	return answer, nil
}

// Each machine is let in, refused or left waiting by the person who has seen its words; nothing else decides.
func TestDialogLetsIn(t *testing.T) {
	hu := lang.In(lang.Hungarian)
	asking := []agent.OfficeRequest{
		{Device: "a", Name: "Béla", Machine: "bela@gep", Words: "alma híd zab szél"},
		{Device: "b", Name: "Cili", Machine: "cili@lap", Words: "vaj hó jég köd", Away: "2026-09-30"},
		{Device: "c", Name: "Dóra", Machine: "dora@pc", Words: "láng rét ökör ujj"},
	}
	a := &admin{asking: asking, answers: []int{0, 2, 1}}
	said, err := admit(t.Context(), a, a, hu)
	if got := strings.Join(a.done, " "); err != nil || got != "+a -c" {
		t.Errorf("%v, %q", err, got)
	}
	for i, r := range asking {
		for _, part := range []string{r.Name, r.Machine, r.Words, r.Away} {
			if !strings.Contains(a.shown[i], part) {
				t.Errorf("question %d does not say %q: %s", i, part, a.shown[i])
			}
		}
	}
	if !strings.Contains(said, "bela@gep") || strings.Contains(said, "cili@lap") || !strings.Contains(said, "dora@pc") {
		t.Errorf("it said %q", said)
	}
	a = &admin{asking: asking, answers: []int{0, 0, 2}, broken: errCancelled}
	if said, err := admit(t.Context(), a, a, hu); err != nil || said != "" || len(a.shown) != 3 {
		t.Errorf("without the PIN it said %q, %v", said, err)
	}
	a = &admin{asking: asking, answers: []int{0}, broken: errors.New("the store is gone")}
	if said, err := admit(t.Context(), a, a, hu); !errors.Is(err, a.broken) || said != "" {
		t.Errorf("of a failure it said %q, %v", said, err)
	}
}
