package doctor

import (
	"time"

	"github.com/beevik/ntp"

	"kapu/config"
	"kapu/lang"
	"kapu/office"
)

// A code is made from the time, and a service accepts the one before or after at most.
const (
	maxClockError = 10 * time.Second
	clockTime     = 3 * time.Second
)

// Clock asks the settings' server for the time.
func Clock(cfg config.Config, texts *lang.Texts) Finding {
	return (&examination{cfg: cfg, texts: texts}).checkClock()
}

func (e *examination) checkClock() Finding {
	r, err := ntp.QueryWithOptions(e.cfg.NTPServer, ntp.QueryOptions{Timeout: clockTime})
	if err == nil {
		err = r.Validate()
	}
	if err != nil {
		return Finding{Check: "clock", State: Unknown, Detail: e.texts.T("doctor-clock-unknown", "Server", e.cfg.NTPServer)}
	}
	off := r.ClockOffset.Round(time.Millisecond)
	if off.Abs() > maxClockError {
		return Finding{Check: "clock", State: Failed, Detail: e.texts.T("doctor-clock-wrong", "Offset", off.String(), "Server", e.cfg.NTPServer)}
	}
	return Finding{Check: "clock", State: OK, Detail: e.texts.T("doctor-clock-good", "Offset", off.String(), "Server", e.cfg.NTPServer)}
}

// checkCalendar says by which time zone days begin and end. That now is in another one, the machine's, is no fault; but
// a right ends at another hour there than the person may think.
func (e *examination) checkCalendar(now time.Time) Finding {
	const clock = "2006-01-02 15:04 (UTC-07:00)"
	there := now.In(time.FixedZone("", int(office.Offset(now).Seconds()))).Format(clock)
	for month := range 12 { // a zone may be the same in winter only
		at := now.AddDate(0, month, 0)
		if _, own := at.Zone(); office.Offset(at) != time.Duration(own)*time.Second {
			return Finding{Check: "calendar", State: Unknown, Detail: e.texts.T("doctor-calendar-elsewhere",
				"Zone", office.Zone, "Time", there, "Own", now.Format(clock))}
		}
	}
	return Finding{Check: "calendar", State: OK, Detail: e.texts.T("doctor-calendar-good", "Zone", office.Zone, "Time", there)}
}
