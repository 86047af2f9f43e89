package agent

import (
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"kapu/lang"
)

// alarmDays is how long before a last day the calendar reminds of it.
const alarmDays = 7

// WriteCalendar writes deadlines as an iCalendar file (RFC 5545): each an event of one whole day, whose UID is the same
// in every export, so that a calendar that takes the file in again moves the event. Clients' names leave Kapu with it;
// no key, code, user name or tax number does.
func WriteCalendar(to io.Writer, t *lang.Texts, list []Deadline, now time.Time) error {
	c := calendar{to: to}
	c.line("BEGIN", "VCALENDAR")
	c.line("VERSION", "2.0")
	c.line("PRODID", "-//Kapu//Kapu//HU")
	c.line("CALSCALE", "GREGORIAN")
	c.line("METHOD", "PUBLISH")
	c.text("X-WR-CALNAME", t.T("calendar-name"))
	stamp := now.UTC().Format("20060102T150405Z")
	for _, d := range list {
		day, err := time.Parse(time.DateOnly, d.Day)
		if err != nil {
			return err // the vault holds none such
		}
		c.line("BEGIN", "VEVENT")
		c.line("UID", d.uid())
		c.line("DTSTAMP", stamp)
		c.line("LAST-MODIFIED", stamp)
		// A number that grows: calendars that know the event take the newer one.
		c.line("SEQUENCE", fmt.Sprint(now.Unix()/60))
		c.line("DTSTART;VALUE=DATE", day.Format("20060102"))
		c.line("DTEND;VALUE=DATE", day.AddDate(0, 0, 1).Format("20060102")) // the first day that is not part of it
		c.text("SUMMARY", d.summary(t))
		c.line("CLASS", "PRIVATE")
		c.line("TRANSP", "TRANSPARENT")
		c.line("BEGIN", "VALARM")
		c.line("ACTION", "DISPLAY")
		c.text("DESCRIPTION", d.summary(t))
		c.line("TRIGGER", fmt.Sprintf("-P%dD", alarmDays))
		c.line("END", "VALARM")
		c.line("END", "VEVENT")
	}
	c.line("END", "VCALENDAR")
	return c.err
}

// uid is of the mandate of a client or of the password of an account, whatever day it runs out on.
func (d *Deadline) uid() string {
	id := d.Client.ID
	if d.Kind == PasswordEnds {
		id = d.Client.Account
	}
	return string(d.Kind) + "-" + id + "@kapu.invalid"
}

// summary says what runs out, of whom.
func (d *Deadline) summary(t *lang.Texts) string {
	said := t.T("calendar-mandate", "Client", d.Client.Label())
	if d.Kind == PasswordEnds {
		said = t.T("calendar-password", "Client", d.Client.Label())
	}
	if d.Others > 0 {
		said += " " + t.N("deadline-others", d.Others)
	}
	return said
}

// calendar writes the content lines of a file until one fails.
type calendar struct {
	to  io.Writer
	err error
}

// text writes a property whose value is text, escaped (section 3.3.11). Control characters have no place in it.
func (c *calendar) text(name, value string) {
	value = strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' || r == 0x7f {
			return -1
		}
		return r
	}, value)
	c.line(name, strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\n", `\n`).Replace(value))
}

// line writes a property, folded into lines of at most 75 octets (section 3.1), between characters.
func (c *calendar) line(name, value string) {
	rest, room := name+":"+value, 75
	for len(rest) > room {
		end := room
		for !utf8.RuneStart(rest[end]) {
			end--
		}
		c.write(rest[:end] + "\r\n ")
		rest, room = rest[end:], 74
	}
	c.write(rest + "\r\n")
}

func (c *calendar) write(s string) {
	if c.err == nil {
		_, c.err = io.WriteString(c.to, s)
	}
}
