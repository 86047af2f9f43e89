package panel

import (
	"net/http"
	"testing"
	"testing/synctest"
	"time"
)

// A ticket admits for half a minute and no longer, and one that came late gives no session afterwards either.
func TestTicketTime(t *testing.T) {
	for age, good := range map[time.Duration]bool{0: true, ticketTime: true, ticketTime + 1: false, time.Hour: false} {
		synctest.Test(t, func(t *testing.T) {
			var d tickets
			ticket := d.ticket("/")
			time.Sleep(age)
			session, path, ok := d.redeem(ticket)
			if ok != good || (session.Value != "") != good || (path == "/") != good {
				t.Errorf("after %v: %v, path %q", age, ok, path)
			}
			if _, _, again := d.redeem(ticket); again {
				t.Errorf("after %v it admits twice", age)
			}
			r := &http.Request{Header: http.Header{"Cookie": {session.String()}}}
			if d.open(r) != good {
				t.Errorf("after %v the session is open: %v", age, !good)
			}
		})
	}
}
