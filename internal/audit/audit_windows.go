package audit

import "golang.org/x/sys/windows/svc/eventlog"

// system is the application log. The installer for the whole machine registers the source, without which Windows shows
// the lines all the same, after a sentence of its own about that.
type system struct{ w *eventlog.Log }

func open() (system, error) {
	w, err := eventlog.Open(source)
	return system{w}, err
}

func (s system) write(e Event, line string) error {
	if e.failed {
		return s.w.Warning(e.id, line)
	}
	return s.w.Info(e.id, line)
}
