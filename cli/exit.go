package cli

import (
	"context"
	"errors"
	"fmt"

	"kapu/agent"
	"kapu/lang"
	"kapu/office"
)

// Exit codes, documented in docs/cli.md and the README.
const (
	exitDone      = 0
	exitFailed    = 1
	exitUsage     = 2
	exitLocked    = 3
	exitNotFound  = 4
	exitAmbiguous = 5
	exitNoRight   = 6
)

// usageError is a wrong call of a command: an argument, an option, or input that is missing.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

// fail says what went wrong, and maps the error to its exit code.
func (a *app) fail(err error) int {
	var usage usageError
	switch {
	case errors.Is(err, context.Canceled):
		return exitFailed // the person pressed Ctrl-C and knows
	case errors.As(err, &usage):
		fmt.Fprintln(a.err, a.texts.Error(usage.error))
		return exitUsage
	case errors.Is(err, agent.ErrLocked):
		if sentence := (*lang.Error)(nil); !errors.As(err, &sentence) {
			err = lang.E("cli-locked")
			if missing := agent.NoVault(a.paths); missing != nil {
				err = missing
			}
		}
		fmt.Fprintln(a.err, a.texts.Error(err))
		return exitLocked
	}
	said, _ := agent.NewFailure(err) // what is no sentence becomes one
	fmt.Fprintln(a.err, a.texts.Error(said.Sentence))
	switch {
	case errors.Is(err, agent.ErrNotFound), errors.Is(err, office.ErrUnknown):
		return exitNotFound
	case refused(err):
		return exitNoRight
	case errors.Is(err, agent.ErrAmbiguous):
		return exitAmbiguous
	default:
		return exitFailed
	}
}
