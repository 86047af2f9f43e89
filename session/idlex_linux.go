package session

import (
	"context"
	"encoding/binary"
	"time"

	"kapu/internal/xserver"
)

// Requests of the SYNC extension, and what they are made of.
const (
	syncInitialize   = 0
	syncListCounters = 1
	syncQueryCounter = 5
	syncCreateAlarm  = 8

	alarmParts         = 1<<0 | 1<<1 | 1<<2 | 1<<3 | 1<<4 | 1<<5 // all six
	absoluteValue      = 0
	positiveTransition = 0 // fires when the value is passed, each time anew

	alarmNotify = 1 // after the extension's first event
)

// idleX sets an alarm on the X server's own idle counter, so that there is nothing to ask for again.
func (p environment) idleX(w *watch, name string) outcome {
	if p.getenv("DISPLAY") == "" {
		return unavailable(NoDisplay, "")
	}
	x, err := xserver.Dial(p.getenv, callLimit)
	if err != nil {
		return unavailable(NoDisplay, err.Error())
	}
	event, reached, err := idleAlarm(x, w.opts.Idle)
	if err != nil {
		x.Close()
		return failed(err)
	}
	_ = x.SetDeadline(time.Time{})
	w.run(func() {
		defer context.AfterFunc(w.ctx, func() { x.Close() })()
		defer x.Close()
		if reached {
			w.emit(name, Idle)
		}
		for {
			e, err := x.Event()
			if err != nil {
				w.lost(name, Idle)
				return
			}
			if e.EventCode() == event && e.Raw[28] != 2 { // 2: the alarm was destroyed
				w.emit(name, Idle)
			}
		}
	})
	return working("X11")
}

// idleAlarm sets the alarm. It returns the event's number, and whether it is too late for one.
func idleAlarm(x *xserver.Conn, limit time.Duration) (event byte, reached bool, err error) {
	opcode, first, err := extension(x, "SYNC")
	if err != nil {
		return 0, false, err
	}
	if _, err = x.Ask(xserver.Request(opcode, syncInitialize, 3|1<<8)); err != nil { // version 3.1
		return 0, false, err
	}
	list, err := x.Ask(xserver.Request(opcode, syncListCounters))
	if err != nil {
		return 0, false, err
	}
	counter, ok := findCounter(list.Raw, "IDLETIME")
	if !ok {
		return 0, false, errNoExtension
	}
	ms := uint64(limit.Milliseconds())
	err = x.Send(xserver.Request(opcode, syncCreateAlarm, x.IDs.Next(), alarmParts,
		counter, absoluteValue, uint32(ms>>32), uint32(ms), positiveTransition, 0, 0, 1))
	if err != nil {
		return 0, false, err
	}
	// If the alarm was refused, that is the answer to this.
	value, err := x.Ask(xserver.Request(opcode, syncQueryCounter, counter))
	if err != nil {
		return 0, false, err
	}
	idle := uint64(binary.LittleEndian.Uint32(value.Raw[8:]))<<32 | uint64(binary.LittleEndian.Uint32(value.Raw[12:]))
	return first + alarmNotify, idle >= ms, nil
}

// findCounter looks for a counter in the answer to ListSystemCounters.
func findCounter(list []byte, name string) (uint32, bool) {
	const head = 14 // number, resolution, length of the name
	n := binary.LittleEndian.Uint32(list[8:])
	rest := list[32:]
	for range n {
		if len(rest) < head {
			return 0, false
		}
		length := int(binary.LittleEndian.Uint16(rest[12:]))
		end := (head + length + 3) / 4 * 4
		if len(rest) < end {
			return 0, false
		}
		if string(rest[head:head+length]) == name {
			return binary.LittleEndian.Uint32(rest), true
		}
		rest = rest[end:]
	}
	return 0, false
}
