package clip

import (
	"os"
	"time"

	wire "golang.design/x/x11"

	"kapu/internal/xserver"
)

// goneTime is how long the program that has emptied the clipboard may take to be gone.
const goneTime = time.Second

// KeepEmpty owns the X selection with an empty content, in the place of a process of ours that has ended, until
// something else is copied. Only xrdp needs that: it asks whoever owns the selection, and while nobody does, a paste on
// the person's machine hangs. It holds no secret, and takes the selection from nobody.
func KeepEmpty() error {
	if os.Getenv("XRDP_SESSION") == "" || os.Getenv("WAYLAND_DISPLAY") != "" {
		return nil
	}
	x, err := xserver.Dial(os.Getenv, writeTime)
	if err != nil {
		return err
	}
	o := newOwner(x, nil)
	free := false
	if err = o.prepare(); err == nil {
		free, err = o.waitFree()
	}
	if err == nil && free && o.own() {
		if err = o.SetDeadline(time.Time{}); err == nil {
			go o.serve()
			return nil
		}
	}
	o.end()
	return err
}

// waitFree polls, for at most goneTime, until nobody owns the selection, and says whether that came. The server's time
// is taken before each poll: whoever takes the selection after it is not overruled.
func (o *owner) waitFree() (bool, error) {
	for start := time.Now(); time.Since(start) < goneTime; time.Sleep(20 * time.Millisecond) {
		if err := o.learnTime(); err != nil {
			return false, err
		}
		p, err := o.Ask(wire.GetSelectionOwner(o.atoms["CLIPBOARD"]))
		if err != nil || p.SelectionOwner() == wire.None {
			return err == nil, err
		}
	}
	return false, nil
}
