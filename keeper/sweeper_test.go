package keeper

import (
	"io"
	"strings"
	"testing"

	"kapu/clip"
)

type sink struct{ io.Writer }

func (sink) Close() error { return nil }

// A sweeper that has ended without a word has swept nothing, and the agent must not believe that it has.
func TestSweeperThatDied(t *testing.T) {
	for _, said := range []string{"", "\n"} {
		s := &sweeper{swept: make(chan struct{})}
		doomed := make(chan clip.Doomed)
		close(doomed)
		s.run(doomed, func() (io.WriteCloser, io.Reader, error) { return sink{io.Discard}, strings.NewReader(said), nil })
		select {
		case <-s.swept:
			if said == "" {
				t.Error("believed to have swept")
			}
		default:
			if said != "" {
				t.Error("not heard")
			}
		}
	}
}
