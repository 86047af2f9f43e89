package cli

import (
	"errors"

	"kapu/agent"
	"kapu/lang"
)

// cured is the error of a command, but for those whose sentence would name the very command that has just failed as the
// cure. cure_test.go looks through all commands and sentences.
func cured(command string, err error) error {
	id := ""
	sentence, said := errors.AsType[*lang.Error](err)
	switch {
	case said:
		id = sentence.ID
	case errors.Is(err, agent.ErrLocked):
		id = "cli-locked"
	default:
		id = "agent-error"
	}
	switch command + " " + id {
	case "unlock cli-locked", "unlock agent-gone":
		return lang.E("locked-at-once").Kind(agent.ErrLocked)
	case "unlock prompt-none":
		return lang.E("prompt-terminal").Kind(agent.ErrNoPrompt)
	case "unlock prompt-failed":
		return lang.E("prompt-failed-terminal", "Reason", sentence.Values["Reason"]).Kind(agent.ErrNoPrompt)
	case "doctor agent-error":
		if said {
			return lang.E("doctor-failed", "Reason", sentence.Values["Reason"])
		}
		return lang.E("doctor-failed", "Reason", err)
	}
	return err
}
