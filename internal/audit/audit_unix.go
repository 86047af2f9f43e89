//go:build !windows

package audit

import "log/syslog"

// system is a connection to syslog, under the facility that only administrators can read.
type system struct{ w *syslog.Writer }

func open() (system, error) {
	w, err := syslog.New(syslog.LOG_AUTHPRIV|syslog.LOG_INFO, source)
	return system{w}, err
}

func (s system) write(e Event, line string) error {
	if e.failed {
		return s.w.Warning(line)
	}
	return s.w.Info(line)
}
