package panel

import (
	"context"
	"strings"
	"time"

	"kapu/agent"
)

// shownCode is a code as the page shows it, and its window in milliseconds; 0 if it has none.
type shownCode struct {
	Code  string `json:"code"`
	From  int64  `json:"from"`
	Until int64  `json:"until"`
}

// copyRequest asks for a copy by the page (CopyRequest in static/types.d.ts).
type copyRequest struct {
	ID    string     `json:"id"`
	What  agent.What `json:"what"`
	Next  bool       `json:"next"`
	Leave bool       `json:"leave"` // the window closes then
}

// copied says what came of copying; the digits are among it only where the person has to type them.
type copied struct {
	Said       string        `json:"said"`
	Code       string        `json:"code,omitempty"`
	Remaining  int           `json:"remaining"` // seconds that it lives; 0 if it does not run out
	UsedBefore bool          `json:"used_before"`
	Follows    agent.Follows `json:"follows,omitempty"`
	Announced  bool          `json:"announced,omitempty"`
}

// copyRoute copies through the agent, not through the browser: only so is what is copied marked as a secret and
// cleared, and a code's freshness waited for and a second use of it warned of.
func copyRoute(r *routes, c *agent.Conn) {
	api(r, "copy", func(ctx context.Context, q copyRequest) (copied, error) {
		done, err := c.CopyOrShow(ctx, agent.Copy{Query: q.ID, What: q.What, Next: q.Next, Announce: q.Leave})
		if err != nil {
			return copied{}, err
		}
		return shownCopy(r.site, done), nil
	})
}

// shownCopy is what the page's script is told of a copy.
func shownCopy(s *site, c agent.Copied) copied {
	said := c.Said(s.texts(), upright(c.Label()))
	return copied{said, c.Code, c.Remaining, c.UsedBefore, c.Follows, c.Announced}
}

// millis are those since 1970; 0 of no time.
func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// seconds are those since 1970; 0 of no time.
func seconds(t time.Time) int64 { return millis(t) / 1000 }

// upright takes out of a sentence what would turn the rest of it around: a name may hold the marks by which text is
// written from right to left. Where a name stands alone, the page isolates it instead.
func upright(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069' {
			return -1
		}
		return r
	}, s)
}
