package session

import (
	"errors"
	"os"
	"time"

	"kapu/internal/wayland"
)

// idleProtocol is a Wayland protocol that tells of idleness: a request to a global makes an object, whose first event
// says that the limit was reached.
type idleProtocol struct {
	global  string
	version uint32 // the newest that is known here
	request func(version uint32) (opcode uint16)
	// arguments are those of the request.
	arguments func(object, seat, ms uint32) []uint32
}

// idleReached is the event of both protocols.
const idleReached = 0

// idleProtocols are those that are known, the better one first: ext-idle-notify-v1 (wlroots 0.16, KDE Plasma 5.27, and
// what came after them), and KDE's older one (sway 1.7, older Plasma). Since its second version the former also has a
// request that does not heed what inhibits idleness, such as a film: a person may have left that, too.
var idleProtocols = []idleProtocol{
	{
		"ext_idle_notifier_v1", 2,
		func(version uint32) uint16 { return uint16(version) }, // get_idle_notification, get_input_idle_notification
		func(object, seat, ms uint32) []uint32 { return []uint32{object, ms, seat} },
	},
	{
		"org_kde_kwin_idle", 1,
		func(uint32) uint16 { return 0 }, // get_idle_timeout
		func(object, seat, ms uint32) []uint32 { return []uint32{object, seat, ms} },
	},
}

// idleWayland lets the compositor tell when nothing was touched for that long.
func (p environment) idleWayland(w *watch, name string) outcome {
	path := wayland.Socket(p.getenv)
	if path == "" {
		return unavailable(NoDisplay, "")
	}
	c, err := wayland.Dial(path, callLimit)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return unavailable(TimedOut, "Wayland")
	}
	if err != nil {
		return unavailable(NoDisplay, err.Error())
	}
	stop := c.CloseWith(w.ctx)
	object, protocol, err := idleNotification(c, w.opts.Idle)
	if err == nil {
		err = c.SetDeadline(time.Time{})
	}
	if protocol == "" || err != nil {
		stop()
		c.Close()
		if err != nil {
			return failed(err)
		}
		return unavailable(NotBuilt, "Wayland")
	}
	w.run(func() {
		defer stop()
		defer c.Close()
		for {
			e, err := c.Event()
			if err != nil {
				w.lost(name, Idle)
				return
			}
			if e.Object == object && e.Opcode == idleReached {
				w.emit(name, Idle)
			}
		}
	})
	return working(protocol)
}

// idleNotification asks for idleness of the first seat. protocol is empty if the compositor has none of those known.
func idleNotification(c *wayland.Conn, limit time.Duration) (object uint32, protocol string, err error) {
	const seat = "wl_seat"
	if !c.Has(seat) {
		return 0, "", nil
	}
	for _, p := range idleProtocols {
		if !c.Has(p.global) {
			continue
		}
		person, _, err := c.Bind(seat, 1)
		if err != nil {
			return 0, "", err
		}
		manager, version, err := c.Bind(p.global, p.version)
		if err != nil {
			return 0, "", err
		}
		object = c.Object()
		ms := min(limit.Milliseconds(), 1<<32-1)
		return object, p.global, c.Send(manager, p.request(version), p.arguments(object, person, uint32(ms))...)
	}
	return 0, "", nil
}
