package agent

import "kapu/lang"

// Said says in a sentence or two what came of copying, naming the client as the caller does. The digits are not in it.
func (c Copied) Said(t *lang.Texts, client string) string {
	lives := !c.Until.IsZero()
	typed := func(said string) string {
		if lives {
			said += " " + t.T("code-copied-lives", "Seconds", c.Remaining)
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
		return t.T("code-copied-again", "Client", client, "Seconds", c.Remaining)
	default:
		return t.T("code-copied", "Client", client, "Seconds", c.Remaining)
	}
}
