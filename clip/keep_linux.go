package clip

import (
	"os"
	"time"

	wire "golang.design/x/x11"

	"kapu/internal/xserver"
)

// goneTime is how long the program that has emptied the clipboard may take to be gone.
const goneTime = time.Second

// KeepEmpty is a stand-in owner of an empty clipboard, in the place of a program of ours that has ended, until
// something else is copied. Only xrdp needs that: it asks whoever owns the clipboard, and while nobody does, a paste
// on the person's machine hangs. It keeps no secret, and acquires only what nobody owns.
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
	if err == nil && free && o.acquire() {
		if err = o.SetDeadline(time.Time{}); err == nil {
			go o.serve()
			return nil
		}
	}
	o.close()
	return err
}

// waitFree waits until nobody owns the clipboard, and says whether that came. The time is learnt before each look:
// whoever takes the clipboard after the look is not overruled.
func (o *owner) waitFree() (bool, error) {
	for start := time.Now(); time.Since(start) < goneTime; time.Sleep(20 * time.Millisecond) {
		if err := o.fetchTime(); err != nil {
			return false, err
		}
		p, err := o.Ask(wire.GetSelectionOwner(o.atoms["CLIPBOARD"]))
		if err != nil || p.SelectionOwner() == wire.None {
			return err == nil, err
		}
	}
	return false, nil
}
