package exchange

// Decision is what the person wants to be done with an entry that could be meant in more than one way.
type Decision string

// The decisions. The empty one leaves it to what Decisions say of all entries.
const (
	Accept   Decision = "accept"  // a doubtful entry is meant as it stands
	Replace  Decision = "replace" // the new key takes the place of the old one, which is kept as a former key
	KeepBoth Decision = "both"    // the new key is of another client
	TakeName Decision = "name"    // the client is called as the file has it
	Leave    Decision = "leave"   // the entry is left out
)

// Decisions are the person's answers to what a plan asks. The zero value takes in nothing that is asked about.
type Decisions struct {
	Doubtful bool             `json:"doubtful,omitempty"` // accept every doubtful entry
	NewKeys  Decision         `json:"new_keys,omitempty"` // Replace or KeepBoth, for every new key
	Names    bool             `json:"names,omitempty"`    // take every name of the file
	Rows     map[int]Decision `json:"rows,omitempty"`     // of single entries, by their place in the report
}
