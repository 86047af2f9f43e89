package tray

import (
	"context"
	"errors"
	"time"

	"github.com/ncruces/zenity"

	"kapu/clip"
	"kapu/config"
	"kapu/internal/paper"
	"kapu/lang"
	"kapu/qr"
)

// prompter is the interface to dialogs. Each call blocks until the person has answered; errCancelled if they closed it.
type prompter interface {
	available() bool
	line(ctx context.Context, question string) (string, error)
	// window runs the command of this program that opens a window of the page.
	window(ctx context.Context, args ...string) error
	// elsewhere runs a dialog that sees keys in a process of its own and returns what that says of the outcome.
	elsewhere(ctx context.Context, what string) (string, error)
}

// errCancelled means that the person, the lock or the end of the session closed the dialog.
var errCancelled = errors.New("cancelled")

// dialogs are the desktop's own. Questions can be seen by other users in the list of processes and so never
// name a client; answers cannot.
type dialogs struct{ texts *lang.Texts }

func (d dialogs) line(ctx context.Context, question string) (string, error) {
	return d.entry(ctx, question)
}

func (d dialogs) secret(ctx context.Context, question string) (string, error) {
	return d.entry(ctx, question, zenity.HideText())
}

// entry names the buttons, which on Windows would be English.
func (d dialogs) entry(ctx context.Context, question string, more ...zenity.Option) (string, error) {
	options := append(more, zenity.Title("Kapu"), zenity.Context(ctx),
		zenity.OKLabel(d.texts.T("dialog-ok")), zenity.CancelLabel(d.texts.T("dialog-cancel")))
	return shown(func() (string, error) { return zenity.Entry(question, options...) })
}

func (dialogs) sure(ctx context.Context, question string, buttons [2]string) (bool, error) {
	_, err := shown(func() (string, error) {
		return "", zenity.Question(question, zenity.Title("Kapu"), zenity.QuestionIcon, zenity.DefaultCancel(),
			zenity.OKLabel(buttons[0]), zenity.CancelLabel(buttons[1]), zenity.Context(ctx))
	})
	return err == nil, err
}

func (dialogs) choose(ctx context.Context, question string, buttons [3]string) (int, error) {
	return oneOf(ctx, question, buttons)
}

func (dialogs) weigh(ctx context.Context, question string, buttons [3]string) (int, error) {
	return oneOf(ctx, question, buttons, zenity.DefaultCancel())
}

func oneOf(ctx context.Context, question string, buttons [3]string, more ...zenity.Option) (int, error) {
	choice := 0
	_, err := shown(func() (string, error) {
		err := zenity.Question(question, append(more, zenity.Title("Kapu"), zenity.QuestionIcon, zenity.NoWrap(),
			zenity.OKLabel(buttons[0]), zenity.ExtraButton(buttons[1]), zenity.CancelLabel(buttons[2]), zenity.Context(ctx))...)
		if errors.Is(err, zenity.ErrExtraButton) {
			choice, err = 1, nil
		}
		return "", err
	})
	return choice, err
}

func (dialogs) newFile(ctx context.Context, question, name string) (string, error) {
	return shown(func() (string, error) {
		return zenity.SelectFileSave(zenity.Title(question), zenity.Filename(name), zenity.Context(ctx))
	})
}

func (dialogs) print(ctx context.Context, pdf []byte) error {
	return paper.Print(ctx, config.Locate().Runtime, pdf)
}

// codes looks at the screen, and only if there is none at the clipboard: what lies there may be yesterday's.
func (dialogs) codes(ctx context.Context) ([]qr.Symbol, error) {
	time.Sleep(fadeTime)
	symbols, err := qr.Screen(ctx)
	if err == nil {
		return symbols, nil
	}
	if picture, none := clip.Picture(ctx); none == nil {
		if symbols, none = qr.Read(ctx, picture); none == nil {
			return symbols, nil
		}
	}
	return nil, err
}

// fadeTime is what a closed dialog may take to leave the screen.
const fadeTime = 300 * time.Millisecond

func shown[T any](dialog func() (T, error)) (none T, err error) {
	answer, err := speakable(dialog)
	switch {
	case err == nil:
		return answer, nil
	case errors.Is(err, zenity.ErrCanceled), errors.Is(err, context.Canceled):
		return none, errCancelled
	default:
		return none, lang.E("tray-no-dialog", "Reason", err)
	}
}
