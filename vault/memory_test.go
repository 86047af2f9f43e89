package vault

import (
	"fmt"
	"runtime"
	"sync"
	"testing"
)

// Two processes that save and read at the same time see no rollback: what one has read may be replaced, and the newer
// generation recorded, before it records what it has read.
func TestSavesOfOthersAreNoRollback(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("a reader that never rests keeps the file from being replaced there")
	}
	d := Door{Dir: t.TempDir(), State: t.TempDir()}
	const password = "kék zokni bojler"
	writer, err := d.Create(t.Context(), Password, Given(password))
	check(t, err)
	reader, err := d.Unlock(t.Context(), Given(password))
	check(t, err)
	done := make(chan struct{})
	var reading sync.WaitGroup
	reading.Go(func() {
		for {
			if _, err := reader.Refresh(); err != nil {
				t.Error(err)
			}
			select {
			case <-done:
				return
			default:
			}
		}
	})
	for i := range 150 {
		add(t, writer, fmt.Sprint("Ügyfél ", i))
	}
	close(done)
	reading.Wait()
	if err := reader.Warning(); err != nil {
		t.Error(err)
	}
}
