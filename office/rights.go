package office

import (
	"slices"
	"time"

	"kapu/vault"
)

// Role is a member's role in the office (role-based access control, beside the grants).
type Role string

// The roles. An admin has every right to every record, and decides about rights.
const (
	Admin Role = "admin"
	Staff Role = "staff"
)

// Right is a permission: what a member may do with a client. Rights are totally ordered.
type Right string

// The rights, from the least to the most.
const (
	None  Right = ""
	Codes Right = "codes" // copy codes out of a book; never has the key
	Use   Right = "use"   // copy codes; has the key, though the program does not show it
	Edit  Right = "edit"  // change it too
	Full  Right = "full"  // an admin's: deletion code, notes, export
)

var rightOrder = []Right{None, Codes, Use, Edit, Full}

// Covers says whether a right includes another: whether it is as great or greater.
func (r Right) Covers(other Right) bool {
	return slices.Index(rightOrder, r) >= slices.Index(rightOrder, other)
}

// Grant is an entry of the access control list: a member has a right to one scope for a span of time.
type Grant struct {
	ID     string `json:"id"`
	Member string `json:"member"`
	Right  Right  `json:"right"` // Codes, Use or Edit
	// The scope: one of these at most; neither is everything.
	Record string    `json:"record,omitempty"`
	Folder string    `json:"folder,omitempty"`
	From   time.Time `json:"from,omitzero"`
	Until  time.Time `json:"until,omitzero"` // the first moment that it no longer holds
}

// valid says whether a grant can be one: of one scope, of a right that can be given, of some time; codes must end.
func (g *Grant) valid() bool {
	switch {
	case g.Right != Codes && g.Right != Use && g.Right != Edit, g.Record != "" && g.Folder != "":
		return false
	case g.Until.IsZero():
		return g.Right != Codes
	}
	return g.From.Before(g.Until)
}

// covers says whether a record is in the grant's scope.
func (g *Grant) covers(f facts) bool {
	switch {
	case g.Record != "":
		return g.Record == f.record
	case g.Folder != "":
		return slices.ContainsFunc(f.folders, func(folder string) bool { return sameFolder(folder, g.Folder) })
	}
	return true
}

// sameFolder compares folders in the form in which the vault keeps them; both were written by others.
func sameFolder(a, b string) bool {
	return a == b || vault.CleanText(a) == vault.CleanText(b)
}

// holds says whether a moment is in the grant's span, which is half-open.
func (g *Grant) holds(at time.Time) bool {
	return !at.Before(g.From) && (g.Until.IsZero() || at.Before(g.Until))
}

// meets says whether the spans of two grants overlap.
func (g *Grant) meets(h *Grant) bool {
	return (g.Until.IsZero() || h.From.Before(g.Until)) && (h.Until.IsZero() || g.From.Before(h.Until))
}

// facts are the attributes of a record that rights to it depend on.
type facts struct {
	record  string
	folders []string
}

// right is what a member may do with a record at a moment: the greatest of their grants, or everything for an admin.
func (r *Roster) right(member string, f facts, at time.Time) Right {
	m := r.member(member)
	if m == nil {
		return None
	}
	if m.Role == Admin {
		return Full
	}
	best := None
	for i := range r.Grants {
		if g := &r.Grants[i]; g.Member == member && g.holds(at) && g.covers(f) && g.Right.Covers(best) {
			best = g.Right
		}
	}
	return best
}

// readers are the recipients of a record, in order: the devices that are entitled to it and not away.
func (r *Roster) readers(f facts, private bool, at time.Time) []string {
	return slices.DeleteFunc(r.entitled(f, private, at), func(id string) bool { return !r.device(id).Away.IsZero() })
}

// entitled are the ids of all devices of admins and, unless it is the private part, of those with a right to the key of
// a record, in order.
func (r *Roster) entitled(f facts, private bool, at time.Time) []string {
	may := make(map[string]bool, len(r.Members))
	for i := range r.Members {
		may[r.Members[i].ID] = r.Members[i].Role == Admin
	}
	for i := range r.Grants {
		if g := &r.Grants[i]; !private && g.Right.Covers(Use) && g.holds(at) && g.covers(f) {
			may[g.Member] = true
		}
	}
	var ids []string
	for i := range r.Devices {
		if may[r.Devices[i].Member] {
			ids = append(ids, r.Devices[i].ID)
		}
	}
	slices.Sort(ids)
	return ids
}

// Audience are the members who have a right to a record that lies in some folders, or will have one that has been given
// to them already, each with the greatest; record is "" for one that is yet to be made.
func (r *Roster) Audience(record string, folders []string, now time.Time) map[string]Right {
	f := facts{record: record, folders: folders}
	may := map[string]Right{}
	for i := range r.Grants {
		if g := &r.Grants[i]; !g.ended(now) && g.covers(f) && g.Right.Covers(may[g.Member]) {
			may[g.Member] = g.Right
		}
	}
	for i := range r.Members {
		if m := &r.Members[i]; m.Role == Admin {
			may[m.ID] = Full
		}
	}
	return may
}

// deviceRight is what the member of a device may do with a record at a moment.
func (r *Roster) deviceRight(device string, f facts, at time.Time) Right {
	if d := r.device(device); d != nil {
		return r.right(d.Member, f, at)
	}
	return None
}

// nextBoundary is the next moment after one at which a grant begins or ends, or the zero time.
func (r *Roster) nextBoundary(after time.Time) time.Time {
	var next time.Time
	for i := range r.Grants {
		for _, t := range []time.Time{r.Grants[i].From, r.Grants[i].Until} {
			if t.After(after) && (next.IsZero() || t.Before(next)) {
				next = t
			}
		}
	}
	return next
}
