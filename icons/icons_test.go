package icons

import (
	"bytes"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"kapu/icons/internal/gate"
)

// names are the states' files, without their endings.
var names = map[State]string{Open: "open", Locked: "locked", Attention: "attention"}

func TestTrayIsThisSystemsFile(t *testing.T) {
	ending := ".png"
	if runtime.GOOS == "windows" {
		ending = ".ico"
	}
	seen := map[string]State{}
	for state, name := range names {
		got := state.Tray()
		if !bytes.Equal(got, read(t, name+ending)) {
			t.Errorf("Tray of %s is not %s%s", name, name, ending)
		}
		if other, ok := seen[string(got)]; ok {
			t.Errorf("%s and %s have the same picture", name, names[other])
		}
		seen[string(got)] = state
	}
}

// The pictures are compared and not only their bytes: another Go may pack a
// PNG differently, another processor may round the edge of a curve differently.
func TestFilesAreWhatTheProgramDraws(t *testing.T) {
	drawn, again := gate.Files(), gate.Files()
	for name, want := range drawn {
		if !bytes.Equal(want, again[name]) {
			t.Errorf("%s: two drawings differ", name)
		}
		got := read(t, name)
		if filepath.Ext(name) == ".png" {
			got, want = pixels(t, got), pixels(t, want)
		}
		if !near(got, want) {
			t.Errorf("%s is not what the program draws: run go generate ./icons", name)
		}
	}
	for _, ending := range []string{"*.png", "*.ico", "*.svg"} {
		files, err := filepath.Glob(ending)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range files {
			if drawn[name] == nil {
				t.Errorf("%s is made by no program", name)
			}
		}
	}
}

// near says whether a and b are equal but for rounding.
func near(a, b []byte) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if d := int(a[i]) - int(b[i]); d < -2 || d > 2 {
			return false
		}
	}
	return true
}

func read(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func decodePNG(t *testing.T, data []byte) *image.NRGBA {
	t.Helper()
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	n, ok := img.(*image.NRGBA)
	if !ok {
		t.Fatalf("the PNG is a %T: without transparency it hides the panel", img)
	}
	return n
}

func pixels(t *testing.T, data []byte) []byte { return decodePNG(t, data).Pix }
