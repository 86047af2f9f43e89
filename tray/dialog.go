package tray

import (
	"bytes"
	"context"
	"errors"
	"io"
	"maps"
	"os"
	"os/exec"
	"strings"
	"time"

	"kapu/agent"
	"kapu/config"
	"kapu/exchange"
	"kapu/lang"
	"kapu/qr"
)

// DialogCommand is the hidden command of the program that runs Dialog; its arguments are the dialogs.
const (
	DialogCommand  = "dialog"
	DialogAdd      = "add"
	DialogRecovery = "recovery"
	DialogAdmit    = "admit"
)

// Dialog runs one dialog of those that see keys: add a client, the recovery sheet, or admission to the office.
// It returns the sentence that says what was done; "" if the person cancelled. It runs in a process of its own, so that
// the keys go with it: in the tray's memory they would lie about for hours. lifeline is a pipe that the tray holds; at
// its end of file the dialog is cancelled.
func Dialog(ctx context.Context, paths config.Paths, texts *lang.Texts, what string, lifeline io.Reader) (string, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() {
		_, _ = io.Copy(io.Discard, lifeline)
		cancel()
	}()
	c, err := agent.Dial(ctx, paths)
	if err != nil {
		return "", err
	}
	defer c.Close()
	c.AskBy(askSecret(dialogs{texts}, texts))
	return talk(ctx, c, dialogs{texts}, texts, what)
}

// askSecret is the agent.Asker of a dialog: it asks for the PIN or password, and again if that was wrong. Other users
// can see the question, and so it names no client.
func askSecret(p secretDesktop, texts *lang.Texts) agent.Asker {
	return func(ctx context.Context, method string, why error) (string, error) {
		if e, ok := errors.AsType[*lang.Error](why); ok {
			why = withoutNames(e, texts)
		}
		ask := map[string]string{agent.PIN: "ask-pin", agent.Password: "ask-password"}[method]
		secret, err := p.secret(ctx, texts.Error(why)+"\n\n"+texts.T(ask))
		if err == nil && secret == "" {
			err = errCancelled
		}
		return secret, err
	}
}

// secretDesktop asks for what must not be seen.
type secretDesktop interface {
	secret(ctx context.Context, question string) (string, error)
}

// dialogDesktop is what the dialogs need of the desktop, and dialogAgent of the agent: interfaces for their tests.
type (
	dialogDesktop interface {
		line(ctx context.Context, question string) (string, error)
		secretDesktop
		// codes returns the QR codes in sight.
		codes(ctx context.Context) ([]qr.Symbol, error)
		// sure asks whether something is to be done; "no" is what Enter says.
		sure(ctx context.Context, question string, buttons [2]string) (bool, error)
		recoveryDesktop
		admissionDesktop
	}
	dialogAgent interface {
		recoveryAgent
		admissionAgent
		Add(ctx context.Context, n agent.New) (agent.Client, error)
	}
)

func talk(ctx context.Context, c dialogAgent, p dialogDesktop, texts *lang.Texts, what string) (said string, err error) {
	switch what {
	case DialogAdd:
		said, err = addClient(ctx, c, p, texts)
	case DialogRecovery:
		said, err = keepRecovery(ctx, c, p, texts)
	case DialogAdmit:
		said, err = admit(ctx, c, p, texts)
	default:
		return "", errors.New("no dialog " + what)
	}
	if errors.Is(err, errCancelled) {
		return "", nil
	}
	return said, err
}

func addClient(ctx context.Context, c dialogAgent, p dialogDesktop, texts *lang.Texts) (_ string, err error) {
	var n agent.New
	if n.Client.Name, err = p.line(ctx, texts.T("tray-ask-name")); err != nil {
		return "", err
	}
	if n.Key, err = p.secret(ctx, texts.T("tray-ask-key")); err != nil {
		return "", err
	}
	if strings.TrimSpace(n.Key) == "" {
		if err = scan(ctx, p, &n); err != nil {
			return "", err
		}
	}
	if n.Client.Folder, err = p.line(ctx, texts.T("tray-ask-folder")); err != nil {
		return "", err
	}
	added, err := c.Add(ctx, n)
	if errors.Is(err, agent.ErrDoubtful) {
		if n.Confirmed, err = p.sure(ctx, doubt(err, texts), [2]string{texts.T("tray-doubt-yes"), texts.T("tray-doubt-no")}); err != nil {
			return "", err
		}
		added, err = c.Add(ctx, n)
	}
	if err != nil {
		return "", err
	}
	return texts.T("tray-added", "Client", added.Label()), nil
}

// doubt says why the agent finds a client doubtful, without the names that are in it: a question can be seen by other
// users.
func doubt(err error, texts *lang.Texts) string {
	if e, ok := errors.AsType[*lang.Error](err); ok {
		err = withoutNames(e, texts)
	}
	return texts.T("tray-doubt", "Reason", texts.Error(err))
}

func withoutNames(e *lang.Error, texts *lang.Texts) *lang.Error {
	values := maps.Clone(e.Values)
	for name, v := range values {
		inner, ok := v.(*lang.Error)
		switch {
		case ok:
			values[name] = withoutNames(inner, texts)
		case name == "Client":
			values[name] = texts.T("tray-a-client")
		}
	}
	return &lang.Error{ID: e.ID, Values: values}
}

// scan takes the key from a QR code in sight.
func scan(ctx context.Context, p dialogDesktop, n *agent.New) error {
	found, err := p.codes(ctx)
	if err != nil {
		return err
	}
	e, err := exchange.One(exchange.Codes(found), n.Client.Name)
	if err != nil {
		return err
	}
	n.Scanned, n.Client.Service = &e, e.Service
	if strings.TrimSpace(n.Client.Name) == "" {
		n.Client.Name = e.Name
	}
	return nil
}

// elsewhere runs Dialog in a process of its own and returns what it says.
func (dialogs) elsewhere(ctx context.Context, what string) (string, error) {
	return command(ctx, DialogCommand, what)
}

func (dialogs) window(ctx context.Context, args ...string) error {
	_, err := command(ctx, args...)
	return err
}

// command runs a command of this program, which ends when ctx does, and returns what it says.
func command(ctx context.Context, args ...string) (string, error) {
	program, err := os.Executable()
	if err != nil {
		return "", err
	}
	cmd := exec.CommandContext(ctx, program, args...)
	lifeline, err := cmd.StdinPipe()
	if err != nil {
		return "", err
	}
	var said, refused bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &refused
	cmd.Cancel, cmd.WaitDelay = lifeline.Close, dialogEnd
	err = cmd.Run()
	switch {
	case ctx.Err() != nil:
		return "", errCancelled
	case err == nil:
		return strings.TrimSpace(said.String()), nil
	}
	if sentence, _, _ := strings.Cut(refused.String(), "\n"); sentence != "" {
		return "", lang.E("said", "Text", sentence) // in the person's language, by the other process
	}
	return "", lang.E("tray-no-dialog", "Reason", err)
}

// dialogEnd is what a dialog's process may take to close its window once it is told to.
const dialogEnd = time.Second
