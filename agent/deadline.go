package agent

// Deadline is a mandate or a portal password that runs out soon, or has.
type Deadline struct {
	Client Client       `json:"client"`
	Others int          `json:"others"` // clients of the same account, which share its password
	Kind   DeadlineKind `json:"kind"`
	Day    string       `json:"day"`  // the last one
	Left   int          `json:"left"` // days until then; less than 0 when it is over
}

// DeadlineKind is what runs out.
type DeadlineKind string

// The kinds of deadlines.
const (
	MandateEnds  DeadlineKind = "mandate"
	PasswordEnds DeadlineKind = "password"
)

// SoonDays is how long before its last day a deadline is a matter for the person.
const SoonDays = 30

// DeadlinesRequest asks for those of the clients that a query matches that run out within so many days; 0 is SoonDays.
type DeadlinesRequest struct {
	Query  string `json:"query,omitempty"`
	Within int    `json:"within,omitempty"`
}
