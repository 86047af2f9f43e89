package tray

import "errors"

// balloons are notices beside the icon. zenity's would go through a script in a file, with the client's name in it.
type balloons struct{}

func newSink(*desktop) sink { return balloons{} }

func (balloons) show(n note) error {
	text := n.text
	if n.button != "" { // there are no buttons: the whole notice is one
		text += "\n→ " + n.button
	}
	if !inTaskbar.notice(n.heading(), text, n.problem, n.press) {
		return errors.New("the taskbar takes no notice")
	}
	return nil
}

func (balloons) hide() { inTaskbar.notice("", "", false, nil) }
