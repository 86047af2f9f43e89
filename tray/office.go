package tray

import (
	"context"
	"errors"
	"strings"

	"kapu/agent"
	"kapu/lang"
)

// What the tray says of the office: one row, of what matters most; a notice when somebody wants to be let in; and the
// dialog in which an admin compares their words.

// officeText is what there is to say of the office, or "", and whether that is for the icon too.
func officeText(o *agent.OfficeStatus, texts *lang.Texts) (text string, urgent bool) {
	switch {
	case o == nil:
		return "", false
	case o.Expelled:
		return texts.T("tray-office-expelled"), true
	case o.Worrying:
		return texts.T("tray-office-failing"), true
	case o.Requests > 0:
		return texts.N("tray-office-asking", o.Requests), true
	case o.Away != "" && o.Words != "":
		return texts.T("tray-office-away", "Words", o.Words), true
	case o.Joining && o.Words != "":
		return texts.T("tray-office-joining", "Words", o.Words), false // it is somebody else's turn
	}
	return "", false
}

// officeNews refreshes the menu if what it says of the office is not so any more. The list of clients has news of its
// own.
func (t *tray) officeNews(s *attachment) {
	go func() {
		status, err := s.conn.Status(t.ctx)
		t.post(func() {
			before, _ := officeText(t.office, t.texts)
			if now, _ := officeText(status.Office, t.texts); err == nil && now != before {
				t.refresh(s)
			}
		})
	}()
}

// asked tells an admin of a machine that wants to be let in.
func (t *tray) asked(r *agent.OfficeRequest) {
	text := t.texts.T("tray-asked", requestValues(r)...)
	if r.Away != "" {
		text = t.texts.T("tray-asked-again", requestValues(r)...)
	}
	t.notices.show(note{
		text:  text,
		plain: t.texts.N("tray-office-asking", 1), private: true,
	})
}

func requestValues(r *agent.OfficeRequest) []any {
	return []any{"Name", shorten(r.Name), "Machine", shorten(r.Machine), "Words", r.Words, "Day", r.Away}
}

// belongs tells the person that the vault has entered an office, or left it: somebody else may have done that here. The
// notice outlives the lock, for it is meant for whoever comes back to this screen.
func (t *tray) belongs(e agent.Event) {
	var said string
	switch office := shorten(e.Office); e.Membership {
	case agent.Applied:
		said = t.texts.T("tray-office-applied", "Office", office)
	case agent.Inside:
		said = t.texts.T("tray-office-inside", "Office", office)
	case agent.Outside:
		said = t.texts.T("tray-office-outside", "Office", office)
	default:
		return
	}
	t.notices.show(note{text: said, log: true})
}

// openOffice is for the row: who waits is let in by a dialog, all else is on the page. Where no browser can show that,
// the sentence is what there is.
func (t *tray) openOffice() {
	o := t.office
	if o == nil {
		return
	}
	if o.Requests > 0 && !o.Expelled && !o.Worrying && t.prompts.available() {
		t.dialog(DialogAdmit)
		return
	}
	t.window(func() {
		switch {
		case o.Failing != nil:
			t.report(o.Failing)
		case o.Away != "":
			t.notices.show(note{
				text: t.texts.Error(lang.E("office-away", "Office", o.Name, "Day", o.Away, "Words", o.Words)),
			})
		case o.Joining:
			t.notices.show(note{text: t.texts.Error(lang.E("office-not-yet", "Office", o.Name, "Words", o.Words))})
		}
	}, "open", "office")
}

// admissionAgent is what the dialog about who waits needs of the agent.
type admissionAgent interface {
	OfficeView(ctx context.Context) (agent.OfficeView, error)
	OfficeApprove(ctx context.Context, device string) error
	OfficeRefuse(ctx context.Context, device string) error
}

// admissionDesktop asks where Enter must not decide: it returns the number of the button, as choose does.
type admissionDesktop interface {
	weigh(ctx context.Context, question string, buttons [3]string) (int, error)
}

// admit asks an admin of each machine that waits, new or away before, whether it is the one whose words they were told.
// What the dialog shows can be read in the list of processes: a colleague's name and the words for the telephone, which
// are no secret.
func admit(ctx context.Context, c admissionAgent, p admissionDesktop, texts *lang.Texts) (said string, err error) {
	const yes = 0
	v, err := c.OfficeView(ctx)
	if err != nil {
		return "", err
	}
	buttons := [3]string{texts.T("tray-admit-yes"), texts.T("tray-admit-no"), texts.T("tray-later")}
	for _, r := range v.Asking {
		values := requestValues(&r)
		question, refused := texts.T("tray-admit", values...), texts.T("tray-turned-away", values...)
		if r.Away != "" {
			question, refused = texts.T("tray-admit-again", values...), texts.T("tray-turned-away-again", values...)
		}
		choice, err := p.weigh(ctx, question, buttons)
		if errors.Is(err, errCancelled) {
			continue // later
		}
		if err != nil {
			return said, err
		}
		sentence := refused
		if choice == yes {
			sentence = texts.T("tray-admitted", values...)
			err = c.OfficeApprove(ctx, r.Device)
		} else {
			err = c.OfficeRefuse(ctx, r.Device)
		}
		if errors.Is(err, errCancelled) {
			continue // who does not give the PIN has decided nothing
		}
		if err != nil {
			return said, err
		}
		said = strings.TrimSpace(said + " " + sentence)
	}
	return said, nil
}
