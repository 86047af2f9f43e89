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
	alarms, rested, err := setAlarms(x, w.opts.Idle)
	if err != nil {
		x.Close()
		return failed(err)
	}
	_ = x.SetDeadline(time.Time{})
	w.run(func() {
		defer context.AfterFunc(w.ctx, func() { x.Close() })()
		defer x.Close()
		rest := restSince{w.begun, w.opts.Idle, rested >= w.opts.Idle}
		for {
			e, err := x.Event()
			if err != nil {
				w.lost(name, Idle)
				return
			}
			if e.EventCode() != alarms.event || e.Raw[28] == 2 { // 2: the alarm was destroyed
				continue
			}
			counts := rest.first
			if binary.LittleEndian.Uint32(e.Raw[4:]) == alarms.each {
				counts = func() bool { return rest.each(time.Now()) }
			}
			if counts() {
				w.emit(name, Idle)
			}
		}
	})
	return working("X11")
}

// idleAlarms are the two of restSince, and the number of their event.
type idleAlarms struct {
	event       byte
	each, first uint32
}

// setAlarms sets them, and returns how long nothing has been touched.
func setAlarms(x *xserver.Conn, limit time.Duration) (set idleAlarms, rested time.Duration, err error) {
	opcode, first, err := extension(x, "SYNC")
	if err != nil {
		return set, 0, err
	}
	if _, err = x.Ask(xserver.Request(opcode, syncInitialize, 3|1<<8)); err != nil { // version 3.1
		return set, 0, err
	}
	list, err := x.Ask(xserver.Request(opcode, syncListCounters))
	if err != nil {
		return set, 0, err
	}
	counter, ok := findCounter(list.Raw, "IDLETIME")
	if !ok {
		return set, 0, errNoExtension
	}
	query := func() error {
		value, err := x.Ask(xserver.Request(opcode, syncQueryCounter, counter))
		if err == nil {
			ms := uint64(binary.LittleEndian.Uint32(value.Raw[8:]))<<32 | uint64(binary.LittleEndian.Uint32(value.Raw[12:]))
			rested = time.Duration(ms) * time.Millisecond
		}
		return err
	}
	alarm := func(at time.Duration) (id uint32, err error) {
		ms := uint64(at.Milliseconds())
		id = x.IDs.Next()
		return id, x.Send(xserver.Request(opcode, syncCreateAlarm, id, alarmParts,
			counter, absoluteValue, uint32(ms>>32), uint32(ms), positiveTransition, 0, 0, 1))
	}
	set.event = first + alarmNotify
	if set.each, err = alarm(limit); err != nil {
		return set, 0, err
	}
	if err = query(); err != nil { // if the alarm was refused, that is the answer to this
		return set, 0, err
	}
	if set.first, err = alarm(rested + limit); err != nil {
		return set, 0, err
	}
	return set, rested, nil
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
