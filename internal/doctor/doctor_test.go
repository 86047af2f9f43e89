package doctor

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"kapu/config"
	"kapu/lang"
	"kapu/session"
)

// The calendar is the same on every machine; one in another zone is told so, also where the two agree in winter only.
func TestCheckCalendar(t *testing.T) {
	e := &examination{texts: lang.In(lang.English)}
	winter := time.Date(2026, 12, 31, 23, 30, 0, 0, time.UTC)
	for zone, want := range map[string]string{
		"Europe/Budapest": OK, "Europe/Vienna": OK, "Africa/Lagos": Unknown, "America/New_York": Unknown, "UTC": Unknown,
	} {
		location, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		got := e.checkCalendar(winter.In(location))
		if got.Check != "calendar" || got.State != want || !strings.Contains(got.Detail, "Europe/Budapest") ||
			!strings.Contains(got.Detail, "2027-01-01 00:30 (UTC+01:00)") {
			t.Errorf("in %s: %+v", zone, got)
		}
	}
}

// A newer version is told with its page, where an administrator has named an address; without one there is nothing.
func TestNewerVersion(t *testing.T) {
	answer := ""
	s := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(answer)) }))
	t.Cleanup(s.Close)
	before := http.DefaultTransport
	http.DefaultTransport = s.Client().Transport
	t.Cleanup(func() { http.DefaultTransport = before })

	for _, tt := range []struct{ answer, state, page string }{
		{`{"version": "99.0.0", "page": "` + s.URL + `/kapu"}`, Unknown, s.URL + "/kapu"},
		{`{"version": "0.0.1", "page": "` + s.URL + `/kapu"}`, OK, ""},
		{`no`, Unknown, ""},
	} {
		answer = tt.answer
		e := &examination{paths: config.Paths{State: t.TempDir()}, texts: lang.In(lang.English)}
		if got := e.checkMachine(t.Context()); len(got) != 0 {
			t.Errorf("without an administrator: %+v", got)
		}
		e.cfg.Policy.UpdateURL = s.URL
		got := e.checkMachine(t.Context())
		f := got[len(got)-1]
		if f.Check != "version" || f.State != tt.state || f.Page != tt.page || !strings.Contains(f.Detail, tt.page) {
			t.Errorf("%s: %+v", tt.answer, f)
		}
	}
}

// A locked screen counts as noticed only where a screen saver proves it; logind alone does not.
func TestCheckTriggerLocked(t *testing.T) {
	e := &examination{texts: lang.In(lang.English)}
	logind := session.Source{
		Name: "logind-session", Reasons: []session.Reason{session.Locked, session.Switched}, State: session.Working,
		Unsure: []session.Reason{session.Locked}, Code: session.LockerSet,
	}
	saver := session.Source{Name: "screen-saver", Reasons: []session.Reason{session.Locked}, State: session.Unavailable, Code: session.NoService}
	if f := e.checkTrigger(session.Locked, []session.Source{logind, saver}); f.State != Unknown || !strings.Contains(f.Detail, "swaylock") {
		t.Errorf("without a screen saver: %+v", f)
	}
	if f := e.checkTrigger(session.Switched, []session.Source{logind, saver}); f.State != OK {
		t.Errorf("a change of the person: %+v", f)
	}
	saver.State = session.Working
	if f := e.checkTrigger(session.Locked, []session.Source{logind, saver}); f.State != OK {
		t.Errorf("with a screen saver: %+v", f)
	}
}
