package cli

import (
	"fmt"
	"sync"
	"time"
)

// busyAfter is how long something may take without a word.
const busyAfter = time.Second

// busy is a progress indicator: it says on the terminal that a long piece of work goes on, and for how long, until done
// is called, which erases it. Where there is no terminal it is silent. done is idempotent.
func (a *app) busy(id string, values ...any) (done func()) {
	return a.busyWith(func() string { return a.texts.T(id, values...) })
}

// busyWith is busy with a text that is asked for anew each second.
func (a *app) busyWith(text func() string) (done func()) {
	if !isTerminal(a.err) {
		return func() {}
	}
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		begun := time.Now()
		wait := time.NewTimer(busyAfter)
		defer wait.Stop()
		for {
			select {
			case <-stop:
				if time.Since(begun) >= busyAfter {
					fmt.Fprint(a.err, "\r\x1b[K")
				}
				return
			case <-wait.C:
				fmt.Fprintf(a.err, "\r\x1b[K%s %d s", text(), int(time.Since(begun).Seconds()))
				wait.Reset(time.Second)
			}
		}
	}()
	return sync.OnceFunc(func() { close(stop); <-stopped })
}
