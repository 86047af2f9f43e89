package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"kapu/agent"
	"kapu/lang"
	"kapu/vault"
)

// portalPatience is how long a question of the assistant stands: the person has to sign in to the portal meanwhile.
const portalPatience = 20 * time.Minute

// assistant is a wizard on the terminal: it leads a person through adding a client, beside the portal's own steps.
// Until the client is complete it changes nothing; what is left to do then is to try its first code.
type assistant struct {
	*dialogue
	ctx      context.Context
	n        agent.New // what is known so far, by options of the command
	existing bool      // the account is in use on another device
	agent    *agent.Conn
	client   agent.Client // once it is added
	shown    string       // the code that was tried last
}

// assist adds a client in a dialogue.
func (a *app) assist(ctx context.Context, n agent.New) error {
	patient := *a
	patient.patience = max(a.patience, portalPatience)
	s := &assistant{dialogue: newDialogue(&patient), ctx: ctx, n: n}
	err := s.run()
	switch {
	case !errors.Is(err, errLeft) && !errors.Is(err, agent.ErrCancelled) && !errors.Is(err, context.Canceled):
		return err
	case s.client.ID != "":
		return lang.E("assistant-left-added", "Client", s.client.Label()).Kind(agent.ErrCancelled)
	default:
		return lang.E("assistant-left").Kind(agent.ErrCancelled)
	}
}

func (s *assistant) run() error {
	folders, err := s.folders()
	if err != nil {
		return err
	}
	for _, step := range []func() error{
		s.portal, s.name, s.tax, func() error { return s.folder(folders) }, s.user, s.key, s.deletionCode, s.add, s.trial,
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// folders are those that there are. A locked vault is said before anything is asked; one that is yet to be made is made
// only when there is something to put in.
func (s *assistant) folders() ([]string, error) {
	c, err := s.unlockedOrNone(s.ctx)
	if c == nil || err != nil {
		return nil, err
	}
	clients, err := c.List(s.ctx, "", "")
	var folders []string
	for _, client := range clients {
		if client.Folder != "" && !slices.Contains(folders, client.Folder) {
			folders = append(folders, client.Folder)
		}
	}
	lang.Sort(folders, func(f string) string { return f })
	return folders, err
}

// portal asks what the person is about to do, and says what the portal wants for it.
func (s *assistant) portal() error {
	s.tell("assistant-hello")
	which, err := s.choose("assistant-which", "assistant-which-new", "assistant-which-existing")
	if err != nil {
		return err
	}
	s.existing = which == 1
	if s.existing {
		s.tell("assistant-steps-existing")
	} else {
		s.tell("assistant-steps-new")
	}
	return nil
}

func (s *assistant) name() (err error) {
	s.n.Client.Name, err = s.good(func(name string) error {
		c := vault.Client{Name: name}
		return c.Check()
	}, "assistant-name")
	return err
}

// ask fills in what no option has said.
func (s *assistant) ask(about *string, check func(string) error, id string) (err error) {
	if *about == "" {
		*about, err = s.good(check, id)
	}
	return err
}

func (s *assistant) tax() error {
	return s.ask(&s.n.Client.TaxNumber, func(text string) error {
		c := vault.Client{Name: s.n.Client.Name, TaxNumber: text}
		return c.Check()
	}, "assistant-tax-number")
}

func (s *assistant) folder(known []string) error {
	if s.n.Client.Folder != "" {
		return nil
	}
	question := "assistant-folder-first"
	if len(known) > 0 {
		question = "assistant-folder"
		s.tell("assistant-folders")
	}
	for i, f := range known {
		fmt.Fprintf(s.err, "  %d  %s\n", i+1, f)
	}
	err := s.ask(&s.n.Client.Folder, func(text string) error {
		c := vault.Client{Name: s.n.Client.Name, Folder: text}
		return c.Check()
	}, question)
	if i, notNumber := strconv.Atoi(s.n.Client.Folder); notNumber == nil && i >= 1 && i <= len(known) {
		s.n.Client.Folder = known[i-1]
	}
	return err
}

func (s *assistant) user() error {
	return s.ask(&s.n.Client.UserName, func(text string) error {
		a := vault.Account{UserName: text, Key: sampleKey}
		return a.Check()
	}, "assistant-user-name")
}

// sampleKey stands in for the key while the rest of an account is checked.
var sampleKey = vault.Key{Kind: vault.TOTP, Secret: "JBSWY3DPEHPK3PXP", Algorithm: "SHA1", Digits: 6, Period: 30}

// key asks where the key is until there is a good one.
func (s *assistant) key() error {
	for {
		where, err := s.choose("assistant-key",
			"assistant-key-paste", "assistant-key-screen", "assistant-key-clipboard", "assistant-key-file")
		if err != nil {
			return err
		}
		if err = s.keyFrom(where); err == nil || errors.Is(err, errLeft) || errors.Is(err, agent.ErrCancelled) {
			return err
		}
		s.complain(err)
	}
}

func (s *assistant) keyFrom(where int) (err error) {
	n := s.n
	n.Key, n.Scanned = "", nil
	if where == 0 {
		if n.Key, err = s.hidden("ask-key"); err == nil {
			_, err = vault.ParseKey(n.Key)
		}
	} else {
		place := []string{1: onScreen, 2: onClipboard, 3: ""}[where]
		if place == "" {
			if place, err = s.line("assistant-file"); err != nil {
				return err
			}
		}
		e, scanErr := s.scan(s.ctx, place, n.Client.Name)
		n.Scanned, err = &e, scanErr
		n.Client.Service = cmp.Or(n.Client.Service, e.Service)
	}
	if err == nil {
		s.n = n
	}
	return err
}

func (s *assistant) deletionCode() (err error) {
	s.tell("assistant-deletion-code")
	for {
		if s.n.DeletionCode, err = s.hidden("assistant-ask-deletion-code"); err != nil {
			return err
		}
		a := vault.Account{DeletionCode: s.n.DeletionCode, Key: sampleKey}
		if err = a.Check(); err == nil {
			return nil
		}
		s.complain(err)
	}
}

func (s *assistant) add() (err error) {
	if s.agent, err = s.unlockedOrNew(s.ctx); err != nil {
		return err
	}
	s.client, err = s.agent.Add(s.ctx, s.n)
	if s.n.Confirmed, err = s.affirmed(err); s.n.Confirmed {
		s.client, err = s.agent.Add(s.ctx, s.n)
	}
	if err == nil {
		s.tell("assistant-added", "Client", s.client.Label())
	}
	return err
}
