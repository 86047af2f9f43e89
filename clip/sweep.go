package clip

import "context"

// Sweep is the last will of an agent, done by a process without keys: it puts emptiness in the place of what is still
// to be cleared, or of the emptiness that would end with the agent, and keeps it so. Without it managers bring the code
// back (as Mutter does in GNOME, and Diodon), and xrdp, which asks whoever owns the clipboard, lets a paste on the
// person's machine hang. superseded says that another agent has come meanwhile: what is copied then is of the same
// clients, and none of this one's business. swept is called when the clipboard is empty of what is doomed; Sweep
// returns when something else was copied, the desktop has ended, or ctx has.
func Sweep(ctx context.Context, d Doomed, superseded func() bool, swept func()) error {
	sys, err := find()
	if err != nil {
		return err
	}
	doomed := func(text []byte) bool { return d.has(text) && !superseded() }
	empty := func(text []byte) bool { return len(text) == 0 && !superseded() || doomed(text) }
	emptyOfSomeone := func(text []byte) bool { return text != nil && empty(text) }
	guards := []*guard{
		keepEmpty(sys, clipboardSelection, nil, empty, doomed),
		keepEmpty(sys, primarySelection, nil, emptyOfSomeone, doomed),
	}
	for _, g := range guards {
		<-g.began
	}
	swept()
	for _, g := range guards {
		select {
		case <-g.done:
		case <-ctx.Done():
		}
	}
	return nil
}
