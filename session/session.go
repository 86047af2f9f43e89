// Package session is presence detection: it tells when the person leaves the screen, by the events of the desktop, the
// system and the clock.
//
//	session.go     the contract: reasons, events, sources, Watcher
//	watch.go       the engine that starts sources and fans their events in
//	idle.go, clock.go, messages.go   decisions that need no system: idleness, clock jumps, Windows' messages
//	*_linux.go     logind, screen savers, X11 and Wayland displays, xrdp; *_windows.go one hidden window; *_darwin.go the clocks
//
// Its promise: every trigger that this desktop can deliver is delivered once it is known, before the machine
// sleeps if the system lets us hold it up; a trigger that it cannot deliver is listed with the reason, costs
// nothing and holds nothing up; what has happened before the watching began (the screen is locked already) is
// told too. One moment may be told twice, by two sources. A source that goes blind, because its bus or display
// is gone, is told as a logout: that is what ends them.
//
// Where the system has an event there is no polling. What polls: the idle time on Windows (as late as idleness
// could be reached, 5 s at the earliest), xrdp for clients without sound (5 s), the clock on macOS (10 s).
package session

import (
	"context"
	"slices"
	"time"
)

// Reason is why the person is away, or about to be.
type Reason string

// The reasons. Clock is a jump of the wall clock: the machine may have been away, as after a sleep.
const (
	Locked       Reason = "screen-locked"
	Sleep        Reason = "sleep"
	Logout       Reason = "logout"
	Switched     Reason = "switched"
	Disconnected Reason = "disconnected"
	Idle         Reason = "idle"
	Clock        Reason = "clock"
)

// Back is no reason to lock: the person has come to the screen again. One return may be told several times, and also
// while the screen is still locked (the machine has woken): whoever unlocks then has to listen for that as well.
const Back Reason = "back"

// Reasons are all reasons to lock, in the order in which a person should read them.
func Reasons() []Reason {
	return []Reason{Locked, Sleep, Logout, Switched, Disconnected, Idle, Clock}
}

// Options configure a watch. The zero value watches everything but idleness.
type Options struct {
	// Idle is how long keyboard and mouse must rest; 0 means that resting is no reason.
	Idle time.Duration
	// Off has the reasons that are not to be told.
	Off map[Reason]bool
	// Back is whether a return is to be told.
	Back bool
}

func (o Options) on(r Reason) bool {
	if r == Back {
		return o.Back
	}
	return !o.Off[r] && (r != Idle || o.Idle > 0)
}

// Event is one reason to lock, now.
type Event struct {
	Reason Reason
	Source string // the name of the Source that saw it
	done   func()
}

// Done must be called when everything is locked, or is not going to be. Until then the machine's sleep is held
// up, where the system allows it and for as long. It may be called more than once.
func (e Event) Done() { e.done() }

// State is the health of a source: what can be expected of it.
type State string

// The states. Unsure is a source that works if the desktop does its part, which cannot be found out beforehand.
const (
	Working     State = "working"
	Unsure      State = "unsure"
	Unavailable State = "unavailable"
	Off         State = "off" // by the options
)

// Code is the machine-readable reason why a source is not simply working. It is stable; texts for people are the
// caller's.
type Code string

// The codes.
const (
	NoBus      Code = "no-bus"      // there is no such message bus
	NoService  Code = "no-service"  // nothing on the bus offers it; should it appear, screen savers are heard
	NoSession  Code = "no-session"  // the system knows of no session that this process belongs to
	NoDisplay  Code = "no-display"  // there is no screen
	NotRemote  Code = "not-remote"  // this is no remote session of that kind
	NoSockets  Code = "no-sockets"  // it is one, but its connections cannot be seen
	NoDelay    Code = "no-delay"    // sleep is heard of, but cannot be held up until everything is locked
	OnWaking   Code = "on-waking"   // sleep is noticed only when it is over
	DesktopSet Code = "desktop-set" // the desktop itself decides when, if it does at all
	LockerSet  Code = "locker-set"  // only lockers tell that set logind's LockedHint, and i3lock and swaylock do not
	NotBuilt   Code = "not-built"   // this program cannot do it on this system yet
	TimedOut   Code = "timed-out"   // asked, but did not answer in time
	Failed     Code = "failed"      // anything else: see the detail
)

// Source is one origin of events and how it does.
type Source struct {
	Name    string
	Reasons []Reason
	State   State
	Unsure  []Reason // those of a working source that come only if this desktop does its part: unproven
	Code    Code     // empty if there is nothing to say
	Detail  string   // technical, in English; empty if there is nothing to say
}

// Expect is what one source lets expect of a reason: its state, but Unsure where that reason is unproven.
func (s Source) Expect(r Reason) State {
	if s.State == Working && slices.Contains(s.Unsure, r) {
		return Unsure
	}
	return s.State
}

// Hears says whether a source is known to tell of a reason here.
func Hears(ctx context.Context, r Reason) bool {
	off := map[Reason]bool{}
	for _, other := range Reasons() {
		off[other] = other != r
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	w := Watch(ctx, Options{Off: off, Idle: time.Hour})
	go func() {
		for e := range w.Events() {
			e.Done()
		}
	}()
	return slices.ContainsFunc(w.Sources(), func(s Source) bool {
		return slices.Contains(s.Reasons, r) && s.Expect(r) == Working
	})
}

// Returns listens for nothing but the person's coming back.
func Returns(ctx context.Context) *Watcher {
	off := map[Reason]bool{}
	for _, r := range Reasons() {
		off[r] = true
	}
	return Watch(ctx, Options{Off: off, Back: true})
}

// Watcher is a running subscription. It ends with the context that it was started with.
type Watcher struct{ w *watch }

// Watch begins to listen, and returns at once. Begin before asking for a PIN, so that a screen locked during
// the prompt is not missed, and do not serve before Sources has returned.
func Watch(ctx context.Context, opts Options) *Watcher {
	return &Watcher{begin(ctx, opts, sources())}
}

// Events delivers what happens. It must be read all the time; it is closed after the end of the context.
func (w *Watcher) Events() <-chan Event { return w.w.events }

// Sources lists what is listened to. It waits until every source works or is known not to, which takes
// milliseconds, and 2 s where something does not answer.
func (w *Watcher) Sources() []Source {
	<-w.w.ready
	return slices.Clone(w.w.listed)
}
