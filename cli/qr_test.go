//go:build linux

package cli

import (
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"kapu/agent"
	"kapu/internal/desktop/desktoptest"
	"kapu/lang"
	"kapu/qr"
)

// A code is on the screen's second page until its time is up, Ctrl-C or locking, and that page is then empty.
func TestCodeOnTheScreenGoes(t *testing.T) {
	const soon = 300 * time.Millisecond
	code, err := qr.MakeSmall("otpauth://totp/Bank:Alfa?secret=JBSWY3DPEHPK3PXP&issuer=Bank")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name       string
		shown      time.Duration
		ctrlC      bool
		locked     bool
		cols, rows uint16
		want       error
	}{
		{"its time", soon, false, false, 80, 40, nil},
		{"Ctrl-C", desktoptest.Limit, true, false, 80, 40, context.Canceled},
		{"locked", desktoptest.Limit, false, true, 80, 40, agent.ErrLocked},
		{"too few lines", desktoptest.Limit, false, false, 80, 12, lang.E("phone-small")},
		{"too few columns", desktoptest.Limit, false, false, 20, 40, lang.E("phone-small")},
	} {
		t.Run(tt.name, func(t *testing.T) {
			keyboard, program := terminal(t)
			size := &unix.Winsize{Col: tt.cols, Row: tt.rows}
			if err := unix.IoctlSetWinsize(int(program.Fd()), unix.TIOCSWINSZ, size); err != nil {
				t.Fatal(err)
			}
			seen, drawn := make(chan string), make(chan struct{})
			go func() {
				all, part := "", make([]byte, 4096)
				for { // until an error says that the program's end is closed
					n, err := keyboard.Read(part)
					before := strings.Contains(all, "Shown for")
					if all += string(part[:n]); !before && strings.Contains(all, "Shown for") {
						close(drawn)
					}
					if err != nil {
						break
					}
				}
				seen <- all
			}()
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			events := make(chan agent.Event)
			if tt.ctrlC {
				go func() { <-drawn; cancel() }()
			}
			if tt.locked {
				go func() { <-drawn; close(events) }()
			}
			a := &app{out: program, texts: lang.In(lang.English), shown: tt.shown}
			err := a.showBriefly(ctx, "Alfa "+strings.Repeat("ű", 200), code, events)
			program.Close()
			screen := strings.ReplaceAll(<-seen, "\r\n", "\n")
			if small := (*lang.Error)(nil); errors.As(tt.want, &small) {
				if got := (*lang.Error)(nil); !errors.As(err, &got) || got.ID != small.ID || screen != "" {
					t.Errorf("%v; the screen got %q", err, screen)
				}
				return
			}
			if !errors.Is(err, tt.want) {
				t.Errorf("ended by %v, want %v", err, tt.want)
			}
			body, ok := strings.CutPrefix(screen, alternateScreen)
			body, wiped := strings.CutSuffix(body, mainScreen)
			title, rest, _ := strings.Cut(body, "\n")
			picture, left, shown := strings.Cut(rest, "\r")
			if !ok || !wiped || !shown || picture != code.Terminal() || !strings.Contains(left, "Shown for") {
				t.Errorf("the screen got %q", screen)
			}
			if n := len([]rune(title)); n != int(tt.cols) || !strings.HasPrefix(title, "Alfa ű") {
				t.Errorf("a title of %d columns: %s", n, title)
			}
		})
	}
}

// Where there is no terminal, no code is written, and nothing is asked.
func TestCodeOnTheScreenWantsAScreen(t *testing.T) {
	out, err := os.CreateTemp(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	a := &app{out: out, err: io.Discard, texts: lang.In(lang.English)}
	got, _ := errors.AsType[*lang.Error](a.runQR(t.Context(), "alfa"))
	if got == nil || got.ID != "phone-no-terminal" {
		t.Errorf("%v", got)
	}
}
