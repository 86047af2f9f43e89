package cli

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/beevik/ntp"
	"github.com/spf13/cobra"

	"kapu/clip"
	"kapu/config"
	"kapu/internal/disk"
	"kapu/internal/process"
	"kapu/lang"
	"kapu/office"
	"kapu/session"
	"kapu/tray"
	"kapu/vault"
)

// finding is the result of one health check.
type finding struct {
	Check  string `json:"check"`
	State  string `json:"state"` // ok, failed, or unknown: nothing can be found out, or it is the person's to decide
	Detail string `json:"detail"`
}

const (
	ok      = "ok"
	failed  = "failed"
	unknown = "unknown"
)

func (a *app) doctorCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use: "doctor", Short: "help-doctor", Args: args(0, 0), Annotations: map[string]string{anyConfig: "yes"},
		RunE: func(cmd *cobra.Command, _ []string) error { return a.runDoctor(cmd.Context(), asJSON) },
	}
	jsonFlag(cmd, &asJSON)
	return cmd
}

// runDoctor prints what every check found; a failed one makes it an error.
func (a *app) runDoctor(ctx context.Context, asJSON bool) error {
	findings := a.examine(ctx)
	if asJSON {
		if err := a.printJSON(findings); err != nil {
			return err
		}
	}
	sick := 0
	for _, f := range findings {
		if !asJSON {
			mark := map[string]string{ok: "✓", failed: "✗", unknown: "?"}[f.State]
			fmt.Fprintf(a.out, "%s %s: %s\n", mark, a.texts.T("doctor-"+f.Check), f.Detail)
		}
		if f.State == failed {
			sick++
		}
	}
	if sick > 0 {
		return lang.E("doctor-sick", "N", sick)
	}
	return nil
}

// examine runs the health checks: everything Kapu needs from this machine, each with what to do where it is missing.
func (a *app) examine(ctx context.Context) []finding {
	_, board := clip.Open()
	_, settings := config.Load(a.paths)
	findings := []finding{
		a.judge("settings", settings),
		a.examineVault(),
		a.examineRecovery(),
		a.checkKeychain(ctx),
		a.judge("tray", tray.CheckHost(ctx)),
		a.judge("clipboard", board),
		a.checkClock(),
		a.checkCalendar(time.Now()),
		a.checkMemory(),
	}
	if session.ScreenOpen() {
		findings = append(findings, a.judge("screen", lang.E("doctor-screen-open")))
	}
	findings = append(findings, a.checkTriggers(ctx)...)
	return append(findings, a.checkUnlocking()...)
}

// checkTriggers says for each reason to lock by itself whether this desktop tells of it. A desktop that does not is
// no fault of the machine's: the person should know what to do by hand.
func (a *app) checkTriggers(ctx context.Context) []finding {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	w := session.Watch(ctx, session.Options{Idle: time.Hour}) // any time will do, to see whether it can be told
	go func() {
		for e := range w.Events() {
			e.Done()
		}
	}()
	sources := w.Sources()
	var findings []finding
	for _, reason := range session.Reasons() {
		findings = append(findings, a.checkTrigger(reason, sources))
	}
	return findings
}

func (a *app) checkTrigger(reason session.Reason, sources []session.Source) finding {
	f := finding{Check: "lock-" + string(reason), State: unknown}
	var why []string
	for _, s := range sources {
		switch {
		case !slices.Contains(s.Reasons, reason):
		case s.Code == session.NotRemote:
			return finding{f.Check, unknown, a.texts.T("doctor-trigger-not-remote")}
		case s.State == session.Working && s.Code == session.OnWaking:
			f.State, f.Detail = ok, a.texts.T("doctor-trigger-late", "Source", s.Name)
		case s.State == session.Working:
			return finding{f.Check, ok, a.texts.T("doctor-trigger-good", "Source", s.Name)}
		default:
			why = append(why, s.Name+": "+a.texts.T("doctor-why-"+string(s.Code)))
		}
	}
	if f.State != ok {
		f.Detail = a.texts.T("doctor-trigger-unknown", "Why", strings.Join(why, ", "))
	}
	return f
}

// judge is the finding of a check that gives an error or nothing.
func (a *app) judge(check string, err error) finding {
	if err != nil {
		return finding{check, failed, a.texts.Error(err)}
	}
	return finding{check, ok, a.texts.T("doctor-" + check + "-good")}
}

func (a *app) examineVault() finding {
	f := a.judge("vault", a.checkVault())
	if exists, _ := vault.Exists(a.paths.Vault); !exists && f.State == ok {
		f.Detail = a.texts.T("doctor-vault-none")
	}
	return f
}

// examineRecovery cannot see into a safe: it knows only what this machine was asked for.
func (a *app) examineRecovery() finding {
	d := vault.Door{Dir: a.paths.Vault, State: a.paths.State}
	switch exists, err := vault.Exists(a.paths.Vault); {
	case err == nil && !exists:
		return finding{"recovery", ok, a.texts.T("doctor-vault-none")}
	case !d.RecoveryKept():
		return finding{"recovery", unknown, a.texts.T("recovery-remind")}
	default:
		return a.judge("recovery", nil)
	}
}

// checkKeychain asks the keychain, unless a password makes it unnecessary.
func (a *app) checkKeychain(ctx context.Context) finding {
	d := vault.Door{Dir: a.paths.Vault, State: a.paths.State}
	if d.Method() == vault.Password {
		return finding{"keychain", ok, a.texts.T("doctor-keychain-unneeded")}
	}
	return a.judge("keychain", d.CheckKeychain(ctx))
}

// checkMemory tries with this process what the agent does with its own.
func (a *app) checkMemory() finding {
	err := process.KeepInRAM()
	switch {
	case err == nil:
		return finding{"memory", ok, a.texts.T("doctor-memory-good")}
	case !process.SwapsToDisk():
		return finding{"memory", ok, a.texts.T("doctor-memory-no-swap")}
	default:
		return finding{"memory", unknown, a.texts.Error(err)}
	}
}

// checkUnlocking looks at the settings that mean something only with one way to unlock: the settings cannot know it.
func (a *app) checkUnlocking() (findings []finding) {
	method := vault.Door{Dir: a.paths.Vault, State: a.paths.State}.Method()
	timed := slices.ContainsFunc(a.cfg.Groups, func(g config.Group) bool { return g.LockAfter.Duration > 0 })
	if timed && method == vault.Keychain {
		findings = append(findings, finding{"group-lock", unknown, a.texts.T("doctor-group-lock-useless")})
	}
	if a.cfg.Lock.UnlockWithSession && method != vault.Keychain {
		findings = append(findings, finding{"unlock-with-session", unknown, a.texts.T("doctor-unlock-with-session-useless")})
	}
	return findings
}

// checkVault looks whether the vault can be used, and whether others can get at it or at its folder, where they could
// put something in its place.
func (a *app) checkVault() error {
	exists, err := vault.Exists(a.paths.Vault)
	if err != nil || !exists {
		return err
	}
	for _, it := range []struct{ path, closed string }{
		{a.paths.Vault, "chmod 700"}, {vault.Path(a.paths.Vault), "chmod 600"},
	} {
		open, err := disk.OpenToOthers(it.path)
		if err != nil {
			return err
		}
		if open && runtime.GOOS == "windows" {
			it.closed = a.texts.T("doctor-vault-open-windows")
		}
		if open {
			return lang.E("doctor-vault-open", "Path", it.path, "How", it.closed)
		}
	}
	return nil
}

// A code is made from the time, and a service accepts the one before or after at most.
const (
	maxClockError = 10 * time.Second
	clockTime     = 3 * time.Second
)

func (a *app) checkClock() finding {
	r, err := ntp.QueryWithOptions(a.cfg.NTPServer, ntp.QueryOptions{Timeout: clockTime})
	if err == nil {
		err = r.Validate()
	}
	if err != nil {
		return finding{"clock", unknown, a.texts.T("doctor-clock-unknown", "Server", a.cfg.NTPServer)}
	}
	off := r.ClockOffset.Round(time.Millisecond)
	if off.Abs() > maxClockError {
		return finding{"clock", failed, a.texts.T("doctor-clock-wrong", "Offset", off.String(), "Server", a.cfg.NTPServer)}
	}
	return finding{"clock", ok, a.texts.T("doctor-clock-good", "Offset", off.String(), "Server", a.cfg.NTPServer)}
}

// checkCalendar says by which time zone days begin and end. That now is in another one, the machine's, is no fault; but
// a right ends at another hour there than the person may think.
func (a *app) checkCalendar(now time.Time) finding {
	const clock = "2006-01-02 15:04 (UTC-07:00)"
	there := now.In(time.FixedZone("", int(office.Offset(now).Seconds()))).Format(clock)
	for month := range 12 { // a zone may be the same in winter only
		at := now.AddDate(0, month, 0)
		if _, own := at.Zone(); office.Offset(at) != time.Duration(own)*time.Second {
			return finding{"calendar", unknown, a.texts.T("doctor-calendar-elsewhere",
				"Zone", office.Zone, "Time", there, "Own", now.Format(clock))}
		}
	}
	return finding{"calendar", ok, a.texts.T("doctor-calendar-good", "Zone", office.Zone, "Time", there)}
}
