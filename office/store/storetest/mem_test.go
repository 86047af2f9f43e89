package storetest

import (
	"testing"

	"kapu/office/store"
)

func TestMem(t *testing.T) {
	Run(t, func(*testing.T) store.Store { return &Mem{} })
}

// Without faults, nothing changes.
func TestFaultyWithoutFaults(t *testing.T) {
	s := &Faulty{Store: &Mem{}}
	put(t, s, "a/1", "x")
	holds(t, s, "a/1", "x")
	lists(t, s, "", "", "a/1")
	remove(t, s, "a/1")
	lists(t, s, "", "")
}
