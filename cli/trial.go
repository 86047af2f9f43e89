package cli

import (
	"fmt"
	"time"

	"kapu/agent"
	"kapu/internal/doctor"
	"kapu/lang"
)

// toType is the life that a code must have left to be read, typed and sent.
const toType = 10 * time.Second

// trial lets the person try the first code on the portal, and helps on where it is not accepted.
func (s *assistant) trial() error {
	for {
		accepted, err := s.tryCode()
		if err != nil {
			return err
		}
		if accepted {
			s.say("assistant-done", "Client", s.client.Label())
			if s.existing {
				s.tell("assistant-test-old")
			}
			s.tell("assistant-keep-deletion-code", "ShellClient", lang.Shell(s.client.Label()))
			return nil
		}
		s.tell("assistant-clock", "Detail", doctor.Clock(s.cfg, s.texts).Detail)
		what, err := s.choose("assistant-refused",
			"assistant-refused-next", "assistant-refused-key", "assistant-refused-keep", "assistant-refused-remove")
		if err != nil {
			return err
		}
		switch what {
		case 1:
			err = s.correct()
		case 2:
			s.say("assistant-kept", "Client", s.client.Label())
			return nil
		case 3:
			return s.remove()
		}
		if err != nil {
			return err
		}
	}
}

// tryCode shows a code and asks whether the portal has accepted it.
func (s *assistant) tryCode() (bool, error) {
	code, err := s.fresh()
	if err != nil {
		return false, err
	}
	fmt.Fprintf(s.err, "\n%s\n   %s\n\n", big(code.Code), code.Code)
	return s.yes(func() string {
		left := int(time.Until(code.Until) / time.Second)
		switch {
		case code.Until.IsZero():
			return s.texts.T("assistant-accepted") + " "
		case left <= 0:
			return s.texts.T("assistant-accepted-over") + " "
		default:
			return s.texts.N("assistant-accepted-left", left) + " "
		}
	})
}

// fresh waits for a code that can still be typed; one that was shown before is not shown again.
func (s *assistant) fresh() (agent.Code, error) {
	for {
		code, err := s.agent.Code(s.ctx, s.client.ID, false)
		if err != nil || code.Until.IsZero() || time.Until(code.Until) >= toType && code.Code != s.shown {
			s.shown = code.Code
			return code, err
		}
		left := time.Until(code.Until)
		fmt.Fprintln(s.err, s.texts.N("assistant-wait", int(left/time.Second)+1))
		select {
		case <-time.After(left):
		case <-s.interrupted:
			return code, errLeft
		}
	}
}

// correct puts the client with another key in the place of the one that was added. It is not edited: its account may
// be that of other clients, whose key is right. The new one comes first, so that whatever fails leaves one of them.
func (s *assistant) correct() error {
	old := s.client
	if err := s.key(); err != nil {
		return err
	}
	added, err := s.agent.Add(s.ctx, s.n)
	if err != nil {
		s.complain(err)
		return nil
	}
	s.client = added
	if _, err = s.agent.Remove(s.ctx, old.ID); err != nil {
		return err
	}
	s.client, err = s.agent.Find(s.ctx, added.ID) // nobody else bears its name any more
	return err
}

func (s *assistant) remove() error {
	if _, err := s.agent.Remove(s.ctx, s.client.ID); err != nil {
		return err
	}
	s.say("assistant-taken-out", "Client", s.client.Label())
	return nil
}
