package keeper

import (
	"os"
	"os/signal"
	"sync"
	"syscall"
)

// signals are what tells this process to end, and a barrier in their queue. A signal is acted on a moment after who
// sent it goes on; who asks in between must not be told that the vault is open, and stays so.
type signals struct {
	queue chan os.Signal
	one   sync.Mutex // at the barrier
	past  chan struct{}
}

// watchSignals calls stop for each signal to end.
func watchSignals(stop func()) *signals {
	s := &signals{queue: make(chan os.Signal, 8), past: make(chan struct{}, 1)}
	watched := []os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGHUP}
	if barrier != nil {
		watched = append(watched, barrier)
	}
	signal.Notify(s.queue, watched...)
	go func() {
		for sent := range s.queue {
			if sent != barrier {
				stop()
				continue
			}
			select {
			case s.past <- struct{}{}:
			default:
			}
		}
	}()
	return s
}

// heed returns when what was sent before has been acted on: the process sends itself a harmless signal, which the
// system delivers after them.
func (s *signals) heed() {
	if s == nil || barrier == nil {
		return
	}
	s.one.Lock()
	defer s.one.Unlock()
	select {
	case <-s.past:
	default:
	}
	if sendBarrier() == nil {
		<-s.past
	}
}
