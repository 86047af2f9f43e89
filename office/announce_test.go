package office

import (
	"context"
	"slices"
	"testing"
)

// What was put into the store, and the power failed before it was announced, is announced by the next sync.
func TestCutOffBeforeTheFeed(t *testing.T) {
	ctx := context.Background()
	w := newWorld(t)
	admin := w.founder("Anna")
	admin.sync()
	other := w.joins(admin, NewMember{Name: "Béla", Role: Admin})
	other.sync()
	admin.add("Alfa", "")
	p := admin.newPass()
	p.recordLocal(admin.home.Contents())
	if err := admin.save(); err != nil {
		t.Fatal(err)
	}
	before := slices.Clone(admin.home.files[stateFile])
	if err := p.push(ctx); err != nil {
		t.Fatal(err)
	}
	admin.home.files[stateFile] = before

	again := w.begun(admin.home, admin.id)
	if err := again.load(); err != nil {
		t.Fatal(err)
	}
	again.sync()
	other.sync()
	other.want("/Alfa")
}
