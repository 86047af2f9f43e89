package tray

import "errors"

// balloons are notices beside the icon. zenity's would go through a script in a file, with the client's name in it.
type balloons struct{ next func(client string) }

func newSink(_ *desktop, next func(client string)) sink { return balloons{next} }

func (b balloons) show(n note) error {
	text := n.text
	var pressed func()
	if n.next != "" { // there are no buttons: the whole notice is one
		text += "\n→ " + n.label
		pressed = func() { b.next(n.next) }
	}
	if !inTaskbar.notice(n.heading(), text, n.problem, pressed) {
		return errors.New("the taskbar takes no notice")
	}
	return nil
}

func (balloons) hide() { inTaskbar.notice("", "", false, nil) }
