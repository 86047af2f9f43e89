package keeper

import (
	"context"
	"errors"
	"time"

	"github.com/ncruces/zenity"

	"kapu/agent"
	"kapu/lang"
	"kapu/vault"
)

// promptTime is how long a question may stand on the screen. Whoever has not answered by then is not there.
const promptTime = 2 * time.Minute

// prompt asks for the PIN or the password on the desktop. Only the agent asks: no other process that lives on
// ever holds them. Other users can see the question in the list of processes, never the answer.
type prompt struct{ texts *lang.Texts }

// ask returns the secret that was handed over, else asks the person; wrong is what was the matter last time.
func (p prompt) ask(secret string, wrong error) vault.Ask {
	if secret != "" {
		return vault.Given(secret)
	}
	return func(ctx context.Context, method string) (string, error) {
		question := p.texts.T(map[string]string{vault.PIN: "ask-pin", vault.Password: "ask-password"}[method])
		if wrong != nil {
			question = p.texts.Error(wrong) + "\n\n" + question
		}
		return p.entry(ctx, question)
	}
}

// entry asks on the desktop for what must not be seen.
func (p prompt) entry(ctx context.Context, question string) (string, error) {
	if !dialogs() {
		return "", lang.E("prompt-none").Kind(agent.ErrNoPrompt)
	}
	ctx, cancel := context.WithTimeout(ctx, promptTime)
	defer cancel()
	answer, err := speakable(func() (string, error) {
		return zenity.Entry(question, zenity.Title("Kapu"), zenity.HideText(), zenity.Context(ctx),
			zenity.OKLabel(p.texts.T("dialog-ok")), zenity.CancelLabel(p.texts.T("dialog-cancel"))) // English on Windows
	})
	switch {
	case ctx.Err() != nil, errors.Is(err, zenity.ErrCanceled), err == nil && answer == "":
		return "", lang.E("prompt-cancelled").Kind(agent.ErrCancelled)
	case err != nil:
		return "", lang.E("prompt-failed", "Reason", err).Kind(agent.ErrNoPrompt)
	}
	return answer, nil
}
