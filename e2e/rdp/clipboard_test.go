//go:build linux

package rdp

import (
	"errors"
	"os/exec"
	"slices"
	"strings"
	"time"

	"kapu/internal/examples"
)

// insideClipboard is what a paste in the session gets; "" if nothing, which is also what xrdp gives where it has the
// clipboard for a client that has gone: it never answers.
func (o *office) insideClipboard() string {
	o.t.Helper()
	out, err := output(o.inside("timeout", "3", "xclip", "-o", "-selection", "clipboard", "-t", "UTF8_STRING"))
	exit := (*exec.ExitError)(nil)
	silent := errors.As(err, &exit) && exit.ExitCode() == 124 // timeout's
	if err != nil && !silent && !strings.Contains(err.Error(), "not available") {
		o.t.Errorf("the session's clipboard: %v", err)
	}
	return out
}

// outsideEmpty checks that a paste on the person's machine gives nothing.
func (o *office) outsideEmpty(when string) {
	o.t.Helper()
	if text, err := o.Clipboard(o.ctx); text != "" || err != nil {
		o.t.Errorf("%s the person's machine holds %q, %v", when, text, err)
	}
}

// insideEmpty checks the same of the session.
func (o *office) insideEmpty(when string) {
	o.t.Helper()
	if text := o.insideClipboard(); text != "" {
		o.t.Errorf("%s the session's clipboard holds %q", when, text)
	}
}

// crosses copies a client's code in the session and waits until the person's machine has it. It says how long
// that took after the copying.
func (o *office) crosses(c examples.Client) time.Duration {
	o.t.Helper()
	before := o.copied()
	o.kapu("copy", c.Name)
	start := time.Now()
	// Only when it has been announced: a paste just before can make xrdp 0.9.21 lose the announcement, since it
	// takes both answers through one property of its window.
	if _, announced := o.forgets(before); !announced {
		o.t.Fatalf("the copied code was not announced to the person's machine; the session has %q", o.insideClipboard())
	}
	text, err := o.Clipboard(o.ctx)
	took := time.Since(start)
	if !slices.Contains(o.codes(c.Key), text) {
		o.t.Fatalf("the person's machine has %q (%v), oathtool says %v; the session has %q", text, err, o.codes(c.Key), o.insideClipboard())
	}
	return took
}

// copied is when the person's machine was last given a new content from the session: the remote desktop's program
// answers this by itself. Asking it for the text instead would make it ask the server, and xrdp 0.9.21 never
// answers when the program that copied is gone, after which xfreerdp 2 passes nothing on until the next connection.
func (o *office) copied() string {
	at, err := o.ClipboardAs(o.ctx, "TIMESTAMP")
	if err != nil {
		return ""
	}
	return string(at)
}

// forgets waits until the person's machine has given up what it was given at a time, for something newer or for
// nothing, and says how long that took; false if it keeps it, for a minute: it never asks again by itself.
func (o *office) forgets(at string) (time.Duration, bool) {
	o.t.Helper()
	start := time.Now()
	for time.Since(start) < time.Minute {
		if now := o.copied(); now != "" && now != at {
			return time.Since(start), true
		}
		time.Sleep(10 * time.Millisecond)
	}
	return time.Since(start), false
}

// settle waits until the tray has said in the agent's place that there is nothing, and the person's machine has heard
// it.
func (o *office) settle() {
	o.t.Helper()
	o.wait("somebody to answer for the clipboard", func() bool {
		offered, err := o.inside("timeout", "1", "xclip", "-o", "-selection", "clipboard", "-t", "TARGETS").Output()
		return err == nil && len(offered) > 0
	})
	o.steady()
}

// steady waits until the person's machine is told nothing new any more, of what may be told in several messages, and
// returns when it was last given a content.
func (o *office) steady() (at string) {
	at, since := o.copied(), time.Now()
	for time.Since(since) < 100*time.Millisecond {
		time.Sleep(10 * time.Millisecond)
		if now := o.copied(); now != "" && now != at {
			at, since = now, time.Now()
		}
	}
	return at
}

// codes are what oathtool says of a key around now: of this window, the one before and the one after.
func (o *office) codes(key string) []string {
	o.t.Helper()
	now := time.Now().Add(-30 * time.Second).UTC().Format("2006-01-02 15:04:05 UTC")
	out, err := output(exec.CommandContext(o.ctx, "oathtool", "--totp", "-b", "-w", "2", key, "--now", now))
	o.must(err)
	return strings.Fields(out)
}
