// Package doctor examines everything Kapu needs from this machine: the settings, the vault, the keychain, the desktop,
// the clock, what locks by itself, and what an administrator has set up.
//
//	doctor.go     what is found, and the list of checks
//	vault.go      the vault, its recovery key and its keychain
//	clock.go      the clock and the calendar
//	presence.go   which reasons to lock this desktop tells of
//	machine.go    the administrator's settings, log and newest version
//
// Its promise: it changes nothing, every finding says what to do, and `kapu doctor` and the page say the same. Only the
// clock, and the newest version where an administrator named an address, are asked over the network.
package doctor

import (
	"context"
	"slices"
	"time"

	"kapu/clip"
	"kapu/config"
	"kapu/internal/process"
	"kapu/lang"
	"kapu/session"
	"kapu/tray"
	"kapu/vault"
)

// Finding is the result of one health check. docs/cli.md documents the values.
type Finding struct {
	Check  string `json:"check"`
	State  string `json:"state"`
	Name   string `json:"name"` // what is checked, in the person's language
	Detail string `json:"detail"`
	Page   string `json:"page,omitempty"` // where there is more about it
}

// The states of a finding.
const (
	OK      = "ok"
	Failed  = "failed"
	Unknown = "unknown" // nothing can be found out, or it is the person's to decide
)

// examination is one run of all checks.
type examination struct {
	paths config.Paths
	cfg   config.Config // the defaults, if the settings are broken
	texts *lang.Texts
}

// Examine runs the checks. It takes as long as the clock's server, three seconds if that is silent.
func Examine(ctx context.Context, paths config.Paths) []Finding {
	cfg, err := config.Load(paths)
	if err != nil {
		cfg = config.Default()
	}
	e := &examination{paths, cfg, lang.In(cfg.Language)}
	return e.examine(ctx, err)
}

// examine runs them; broken is what is wrong with the settings.
func (e *examination) examine(ctx context.Context, broken error) []Finding {
	_, board := clip.Open()
	findings := []Finding{
		e.judge("settings", broken),
		e.judge("folders", e.paths.Trusted()),
		e.examineVault(),
		e.examineHistory(),
		e.examineRecovery(),
		e.checkKeychain(ctx),
		e.judge("tray", tray.CheckHost(ctx)),
		e.judge("clipboard", board),
		e.checkClock(),
		e.checkCalendar(time.Now()),
		e.checkMemory(),
	}
	if session.ScreenOpen() {
		findings = append(findings, e.judge("screen", lang.E("doctor-screen-open")))
	}
	findings = append(findings, e.checkTriggers(ctx)...)
	findings = append(findings, e.checkUnlocking()...)
	findings = append(findings, e.checkMachine(ctx)...)
	for i := range findings {
		findings[i].Name = e.texts.T("doctor-" + findings[i].Check)
	}
	return findings
}

// judge is the finding of a check that gives an error or nothing.
func (e *examination) judge(check string, err error) Finding {
	if err != nil {
		return Finding{Check: check, State: Failed, Detail: e.texts.Error(err)}
	}
	return Finding{Check: check, State: OK, Detail: e.texts.T("doctor-" + check + "-good")}
}

// checkMemory tries with this process what the agent does with its own.
func (e *examination) checkMemory() Finding {
	err := process.KeepInRAM()
	switch {
	case err == nil:
		return Finding{Check: "memory", State: OK, Detail: e.texts.T("doctor-memory-good")}
	case !process.SwapsToDisk():
		return Finding{Check: "memory", State: OK, Detail: e.texts.T("doctor-memory-no-swap")}
	default:
		return Finding{Check: "memory", State: Unknown, Detail: e.texts.Error(err)}
	}
}

// checkUnlocking looks at the settings that mean something only with one way to unlock: the settings cannot know it.
func (e *examination) checkUnlocking() (findings []Finding) {
	method := vault.Door{Dir: e.paths.Vault, State: e.paths.State}.Method()
	timed := slices.ContainsFunc(e.cfg.Groups, func(g config.Group) bool { return g.LockAfter.Duration > 0 })
	if timed && method == vault.Keychain {
		findings = append(findings, Finding{Check: "group-lock", State: Unknown, Detail: e.texts.T("doctor-group-lock-useless")})
	}
	if e.cfg.Lock.UnlockWithSession && method != vault.Keychain {
		findings = append(findings, Finding{Check: "unlock-with-session", State: Unknown, Detail: e.texts.T("doctor-unlock-with-session-useless")})
	}
	return findings
}
