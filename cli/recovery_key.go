package cli

import (
	"context"
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"kapu/agent"
	"kapu/config"
	"kapu/internal/paper"
	"kapu/lang"
	"kapu/qr"
	"kapu/vault"
)

// recoveryWay is how the person wants the recovery key; at most one is set, and none means as text on a terminal.
type recoveryWay struct {
	pdf             string
	print, qr, text bool
}

// onTerminal is whether the key is to be shown on the terminal, as text or as a QR code.
func (w recoveryWay) onTerminal() bool { return w.pdf == "" && !w.print && !w.text }

// recoveryKeyCommand hands out the one thing that opens the vault without anything else.
func (a *app) recoveryKeyCommand() *cobra.Command {
	var way recoveryWay
	cmd := &cobra.Command{
		Use: "recovery-key", Short: "help-recovery-key", Long: "help-recovery-key-long", Args: args(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if cmd.Flags().NFlag() > 1 || cmd.Flags().Changed("pdf") == (way.pdf == "") {
				return usageError{lang.E("usage-args", "Usage", usage(cmd))}
			}
			return a.runRecoveryKey(cmd.Context(), way)
		},
	}
	cmd.Flags().StringVar(&way.pdf, "pdf", "", "flag-recovery-pdf")
	cmd.Flags().BoolVar(&way.print, "print", false, "flag-recovery-print")
	cmd.Flags().BoolVar(&way.qr, "qr", false, "flag-recovery-qr")
	cmd.Flags().BoolVar(&way.text, "text", false, "flag-recovery-text")
	return cmd
}

func (a *app) runRecoveryKey(ctx context.Context, way recoveryWay) error {
	if way.onTerminal() && !isTerminal(a.out) {
		return lang.E("recovery-no-terminal")
	}
	c, err := a.unlocked(ctx)
	if err != nil {
		return err
	}
	s, err := c.Status(ctx)
	if err != nil {
		return err
	}
	if s.Method == vault.Keychain && way.onTerminal() && !a.confirm("ask-recovery") {
		a.say("recovery-not-shown")
		return nil
	}
	r, err := c.Recovery(ctx)
	if err == nil {
		err = a.handOut(ctx, way, r)
	}
	if err != nil {
		return err
	}
	return c.RecoveryKept(ctx)
}

func (a *app) handOut(ctx context.Context, way recoveryWay, r agent.Recovery) error {
	switch {
	case way.qr:
		code, err := qr.Make(r.Key)
		if err != nil {
			return err
		}
		showColours()
		fmt.Fprint(a.out, code.Terminal())
	case way.pdf == "" && !way.print:
		fmt.Fprintln(a.out, r.Key)
	default:
		return a.putOnPaper(ctx, way, r)
	}
	fmt.Fprintln(a.err, a.texts.T("recovery-keep"))
	return nil
}

func (a *app) putOnPaper(ctx context.Context, way recoveryWay, r agent.Recovery) error {
	pdf, err := paper.NewSheet(r.Key, r.Vault, r.Office, r.Store).PDF(a.texts)
	if err != nil {
		return err
	}
	if way.print {
		if err := paper.Print(ctx, a.paths.Runtime, pdf); err != nil {
			return err
		}
		a.say("recovery-printed")
		return nil
	}
	path, err := filepath.Abs(way.pdf)
	if err == nil {
		err = config.WriteNew(path, pdf)
	}
	if err != nil {
		return err
	}
	a.say("recovery-saved", "Path", path)
	return nil
}
