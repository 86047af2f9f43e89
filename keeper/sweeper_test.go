package keeper

import (
	"errors"
	"io"
	"strings"
	"testing"

	"kapu/clip"
)

type nowhere struct{ io.Writer }

func (nowhere) Close() error { return nil }

// A sweeper that was killed, or never began, has swept nothing, and nobody waits for it: the agent's own clearing has
// to be seen before it ends.
func TestSweeperThatIsGone(t *testing.T) {
	for name, tt := range map[string]struct {
		says string
		err  error
		want bool
	}{
		"there": {"\n", nil, true}, "killed": {"", nil, false}, "not started": {"", errors.New("no such file"), false},
	} {
		s := &sweeper{swept: make(chan bool, 1), doomed: make(chan clip.Doomed, 1)}
		s.start = func() (io.WriteCloser, io.Reader, error) {
			return nowhere{io.Discard}, strings.NewReader(tt.says), tt.err
		}
		go s.run(s.doomed)
		if got := (sweptBoard{&clip.Clipboard{}, s}).bequeath(); got != tt.want {
			t.Errorf("%s: swept %v", name, got)
		}
	}
}
