package agent

import (
	"time"

	"kapu/lang"
)

// Said says in a sentence or two what came of copying, naming the client as the caller does. Neither the digits nor the
// text are in it. How long a code is good for is said as a moment of the person's clock, which stays true however
// late it is read.
func (c Copied) Said(t *lang.Texts, client string) string {
	if c.What != TheCode {
		return c.saidText(t, client)
	}
	lives := !c.Until.IsZero()
	until := c.Until.Local().Format(time.TimeOnly)
	typed := func(said string) string {
		if lives {
			said += " " + t.T("code-copied-lives", "Until", until)
		}
		if c.UsedBefore {
			said += " " + t.T("code-copied-twice")
		}
		return said
	}
	switch {
	case c.Reach == OnlyHere:
		return typed(t.T("code-copied-only-here", "Client", client))
	case c.Reach == Nowhere:
		return typed(t.T("code-copied-nowhere", "Client", client))
	case !lives:
		return t.T("code-copied-counter", "Client", client)
	case c.UsedBefore:
		return t.T("code-copied-again", "Client", client, "Until", until)
	default:
		return t.T("code-copied", "Client", client, "Until", until)
	}
}

// Said says who has used a code first, naming the client as the caller does, and when the next one comes.
func (k *Taken) Said(t *lang.Texts, client string, seconds int) string {
	at := k.At.Local().Format(time.TimeOnly)
	if k.Own {
		return t.T("code-taken-own", "Client", client, "Machine", k.Machine, "Time", at, "Seconds", seconds)
	}
	return t.T("code-taken", "Client", client, "By", k.By, "Time", at, "Seconds", seconds)
}

func (c Copied) saidText(t *lang.Texts, client string) string {
	said := t.T("user-name-copied", "Client", client)
	if c.What == TaxNumber {
		said = t.T("tax-number-copied", "Client", client)
	}
	if c.Reach == OnlyHere {
		said += " " + t.T("copied-only-here")
	}
	switch c.Follows {
	case AfterPaste:
		return said + " " + t.T("code-follows-paste")
	case WhenAsked:
		return said + " " + t.T("code-follows-asked")
	}
	return said
}
