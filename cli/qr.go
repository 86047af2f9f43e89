package cli

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"kapu/agent"
	"kapu/lang"
	"kapu/qr"
)

// shown is how long a QR code stays on the screen: a telephone is at hand, and so may be other people's.
const shown = 30 * time.Second

// qrCommand shows a client's QR code to a telephone, and takes it off the screen again.
func (a *app) qrCommand() *cobra.Command {
	return &cobra.Command{
		Use: "qr QUERY", Short: "help-qr", Long: "help-qr-long", Args: args(1, 1), ValidArgsFunction: a.completeClients,
		RunE: func(cmd *cobra.Command, args []string) error { return a.runQR(cmd.Context(), args[0]) },
	}
}

func (a *app) runQR(ctx context.Context, query string) error {
	if !isTerminal(a.out) {
		return lang.E("phone-no-terminal")
	}
	c, client, err := a.oneClient(ctx, query)
	if err != nil {
		return err
	}
	r := agent.Reveal{ID: client.ID, URI: true}
	if err := a.askToReveal(ctx, c); err != nil {
		return err
	}
	d, err := c.Details(ctx, r)
	if err != nil {
		return err
	}
	code, err := qr.MakeSmall(d.URI)
	if err != nil {
		return lang.E("paper-code-long", "Name", d.Label())
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	events, err := c.Events(ctx)
	if err != nil {
		return err
	}
	return a.showBriefly(ctx, d.Label(), code, events)
}

// The terminal's control sequences. Its alternate screen has no scrollback.
const (
	alternateScreen = "\x1b[?1049h\x1b[?25l\x1b[2J\x1b[H"
	mainScreen      = "\x1b[2J\x1b[H\x1b[?25h\x1b[?1049l"
	eraseToEnd      = "\x1b[K"
)

// showBriefly shows a code until its time is up, Ctrl-C, or the vault is locked, which ends the events. Nothing of it
// stays behind.
func (a *app) showBriefly(ctx context.Context, name string, code qr.Code, events <-chan agent.Event) error {
	picture := code.Terminal()
	width, height, err := term.GetSize(int(a.out.(*os.File).Fd()))
	wantWidth, wantHeight := code.Size+2*qr.Quiet, strings.Count(picture, "\n")+2 // the name, the time
	if err != nil || width < wantWidth || height < wantHeight {
		return lang.E("phone-small", "Width", wantWidth, "Height", wantHeight)
	}
	showColours()
	defer stayInFront()()
	fmt.Fprint(a.out, alternateScreen)
	defer fmt.Fprint(a.out, mainScreen)
	fmt.Fprint(a.out, fitted(name, width)+"\n"+picture)
	over, tick := time.Now().Add(a.shown), time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		left := time.Until(over)
		if left <= 0 {
			return nil
		}
		fmt.Fprint(a.out, "\r"+fitted(a.texts.N("phone-left", int((left+time.Second-1)/time.Second)), width-1)+eraseToEnd)
		select {
		case <-ctx.Done():
			return ctx.Err()
		case _, open := <-events:
			if !open && ctx.Err() == nil {
				return agent.ErrLocked
			}
		case <-tick.C:
		}
	}
}

// fitted cuts a text to a width: one line more would push the code off the screen.
func fitted(text string, width int) string {
	if letters := []rune(text); len(letters) > width {
		return string(letters[:width-1]) + "…"
	}
	return text
}
