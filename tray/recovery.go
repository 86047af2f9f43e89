package tray

import (
	"context"

	"kapu/agent"
	"kapu/config"
	"kapu/internal/paper"
	"kapu/lang"
)

// recoveryDesktop is what the dialog about the recovery key needs of the desktop, and recoveryAgent of the agent.
type (
	recoveryDesktop interface {
		// choose returns the number of the button; the last one, like closing the window, is errCancelled.
		choose(ctx context.Context, question string, buttons [3]string) (int, error)
		newFile(ctx context.Context, question, name string) (string, error)
		print(ctx context.Context, pdf []byte) error
	}
	recoveryAgent interface {
		Recovery(ctx context.Context) (agent.Recovery, error)
		RecoveryKept(ctx context.Context) error
	}
)

// keepRecovery asks the person to put the recovery key on paper, now or later.
func keepRecovery(ctx context.Context, c recoveryAgent, p recoveryDesktop, texts *lang.Texts) (string, error) {
	const printing = 0
	choice, err := p.choose(ctx, texts.T("tray-recovery-why"),
		[3]string{texts.T("tray-recovery-print"), texts.T("tray-recovery-save"), texts.T("tray-later")})
	if err != nil {
		return "", err
	}
	pdf, err := recoverySheet(ctx, c, texts)
	if err != nil {
		return "", err
	}
	said := texts.T("recovery-printed")
	if choice == printing {
		err = p.print(ctx, pdf)
	} else {
		said, err = saveSheet(ctx, p, texts, pdf)
	}
	if err == nil {
		err = c.RecoveryKept(ctx)
	}
	return said, err
}

func recoverySheet(ctx context.Context, c recoveryAgent, texts *lang.Texts) ([]byte, error) {
	r, err := c.Recovery(ctx)
	if err != nil {
		return nil, err
	}
	return paper.NewSheet(r.Key, r.Vault, r.Office, r.Store).PDF(texts)
}

func saveSheet(ctx context.Context, p recoveryDesktop, texts *lang.Texts, pdf []byte) (string, error) {
	path, err := p.newFile(ctx, texts.T("tray-recovery-where"), texts.T("sheet-file"))
	if err == nil {
		err = config.WriteNew(path, pdf)
	}
	return texts.T("recovery-saved", "Path", path), err
}
