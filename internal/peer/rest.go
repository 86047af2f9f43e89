package peer

import "time"

// resting bounds the cost of a way to find holders that reads a whole table: between two readings it rests for as long
// as the last one took, so that a flood, which makes the table long too, takes half a processor at most.
func resting(find holders) holders {
	var until time.Time
	return func(asked []ends) []bool {
		time.Sleep(time.Until(until))
		begun := time.Now()
		found := find(asked)
		ended := time.Now()
		until = ended.Add(ended.Sub(begun))
		return found
	}
}
