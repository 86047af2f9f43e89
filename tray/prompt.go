package tray

import (
	"context"
	"errors"

	"github.com/ncruces/zenity"

	"kapu/lang"
)

// prompter asks the person something and returns the answer, or errCancelled.
type prompter interface {
	available() bool
	line(ctx context.Context, question string) (string, error)
	// elsewhere runs a dialog that sees keys in a process of its own and returns what that says of the outcome.
	elsewhere(ctx context.Context, what string) (string, error)
}

// errCancelled means that the person, the lock or the end of the session closed the dialog.
var errCancelled = errors.New("cancelled")

// dialogs are the desktop's own. Questions can be seen by other users in the list of processes and so never
// name a client; answers cannot.
type dialogs struct{}

func (dialogs) line(ctx context.Context, question string) (string, error) {
	return shown(func() (string, error) {
		return zenity.Entry(question, zenity.Title("Kapu"), zenity.Context(ctx))
	})
}

func (dialogs) secret(ctx context.Context, question string) (string, error) {
	return shown(func() (string, error) {
		return zenity.Entry(question, zenity.Title("Kapu"), zenity.HideText(), zenity.Context(ctx))
	})
}

func (dialogs) file(ctx context.Context, question string) (string, error) {
	return shown(func() (string, error) {
		return zenity.SelectFile(zenity.Title(question), zenity.Context(ctx))
	})
}

func shown(dialog func() (string, error)) (string, error) {
	answer, err := speakable(dialog)
	switch {
	case err == nil:
		return answer, nil
	case errors.Is(err, zenity.ErrCanceled), errors.Is(err, context.Canceled):
		return "", errCancelled
	default:
		return "", lang.E("tray-no-dialog", "Reason", err)
	}
}
