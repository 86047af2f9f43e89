package office

import (
	"strings"
	"testing"
)

// What the feed has told before the connection was cut is not lost: the cursor has passed it.
func TestFeedIsCutOff(t *testing.T) {
	w := newWorld(t)
	a := w.founder("Anna")
	a.sync()
	b := w.joins(a, NewMember{Name: "Béla", Role: Admin})
	b.sync()
	for _, name := range []string{"Alma Kft.", "Barack Kft.", "Citrom Kft."} {
		a.add(name, "")
		a.sync()
	}
	read := 0
	b.store = &sick{w.store, func(name string) bool {
		if strings.HasPrefix(name, prefixFeed) {
			read++
		}
		return read == 2
	}}
	if _, err := b.Sync(t.Context(), true); err == nil {
		t.Fatal("no error")
	}
	b.store = w.store
	b.sync()
	b.want("/Alma Kft. /Barack Kft. /Citrom Kft.")
}
