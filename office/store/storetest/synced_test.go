package storetest

import (
	"errors"
	"testing"

	"kapu/office/store"
)

func TestSynced(t *testing.T) {
	var s Synced
	a, b := s.Copy(1), s.Copy(2)
	put(t, a, "roster/0", "first")
	lists(t, b, "", "")
	s.Sync(1)
	lists(t, b, "", "")
	s.Sync(2)
	holds(t, b, "roster/0", "first")

	put(t, a, "roster/1", "a's") // both are told yes
	put(t, b, "roster/1", "b's")
	put(t, b, "accounts/1", "b's")
	s.Sync(2)
	s.Sync(1)
	for _, copy := range []*Mem{a, b} {
		holds(t, copy, "roster/1", "b's")
		if err := copy.Put(t.Context(), "roster/1", []byte("a's")); !errors.Is(err, store.ErrExists) {
			t.Error(err)
		}
		lists(t, copy, "", "", "accounts/1", "roster/0", "roster/1")
	}
	remove(t, b, "accounts/1")
	s.Sync(2)
	s.Sync(1)
	lists(t, a, "", "", "roster/0", "roster/1")
	s.Sync(2)
	lists(t, b, "", "", "roster/0", "roster/1")
}
