//go:build race

package exchange

// The race detector takes several times the memory.
const raceEnabled = true
