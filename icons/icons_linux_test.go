package icons

import (
	"slices"
	"testing"

	"kapu/icons/internal/gate"
)

func TestPicturesAreWhatTheProgramDraws(t *testing.T) {
	if !slices.Equal(sizes, gate.PanelSizes) {
		t.Fatalf("the sizes are %v, the strip has %v", sizes, gate.PanelSizes)
	}
	for state, name := range names {
		pictures := state.Pictures()
		if len(pictures) != len(sizes) {
			t.Fatalf("%s: %d pictures", name, len(pictures))
		}
		for i, size := range sizes {
			if !near(pictures[i].Pix, gate.Fitted(gate.Mark(name), size).Pix) {
				t.Errorf("%s at %d is not what the program draws", name, size)
			}
		}
	}
}
