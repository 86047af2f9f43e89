package doctor

import (
	"context"
	"slices"
	"strings"
	"time"

	"kapu/session"
)

// checkTriggers says for each reason to lock by itself whether this desktop tells of it. A desktop that does not is
// no fault of the machine's: the person should know what to do by hand.
func (e *examination) checkTriggers(ctx context.Context) []Finding {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	w := session.Watch(ctx, session.Options{Idle: time.Hour}) // any time will do, to see whether it can be told
	go func() {
		for e := range w.Events() {
			e.Done()
		}
	}()
	sources := w.Sources()
	var findings []Finding
	for _, reason := range session.Reasons() {
		findings = append(findings, e.checkTrigger(reason, sources))
	}
	return findings
}

func (e *examination) checkTrigger(reason session.Reason, sources []session.Source) Finding {
	f := Finding{Check: "lock-" + string(reason), State: Unknown}
	var why []string
	for _, s := range sources {
		switch {
		case !slices.Contains(s.Reasons, reason):
		case s.Code == session.NotRemote:
			return Finding{Check: f.Check, State: Unknown, Detail: e.texts.T("doctor-trigger-not-remote")}
		case s.Expect(reason) == session.Working && s.Code == session.OnWaking:
			f.State, f.Detail = OK, e.texts.T("doctor-trigger-late", "Source", s.Name)
		case s.Expect(reason) == session.Working:
			return Finding{Check: f.Check, State: OK, Detail: e.texts.T("doctor-trigger-good", "Source", s.Name)}
		default:
			why = append(why, s.Name+": "+e.texts.T("doctor-why-"+string(s.Code)))
		}
	}
	id := "doctor-trigger-unknown"
	if reason == session.Locked {
		id = "doctor-trigger-locker" // there is a way to let the same key lock both
	}
	if f.State != OK {
		f.Detail = e.texts.T(id, "Why", strings.Join(why, ", "))
	}
	return f
}
