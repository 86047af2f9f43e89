package store

import (
	"bytes"
	"strings"
	"testing"
)

// The file of an object, as docs/formats.md has it.
func TestForm(t *testing.T) {
	const want = "kapu object 1 5 2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824\nhello"
	if got := frame([]byte("hello")); string(got) != want {
		t.Errorf("%q", got)
	}
}

// Whatever lies in a folder, an object is only what form made.
func FuzzUnform(f *testing.F) {
	for _, body := range []string{"", "hello", "a\nb\n"} {
		f.Add(frame([]byte(body)))
	}
	f.Add([]byte("kapu object 1 05 2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824\nhello"))
	f.Add([]byte("kapu object 1 -1 \n"))
	f.Add([]byte("kapu object 2 5\n"))
	f.Add([]byte("kapu object 1 0 " + strings.Repeat("e3", 50) + "\n")) // a longer sum than there is
	f.Fuzz(func(t *testing.T, file []byte) {
		if body, err := unframe(file); err == nil && !bytes.Equal(frame(body), file) {
			t.Errorf("%q was taken for %q", file, body)
		}
	})
}
