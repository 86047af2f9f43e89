package keeper

import (
	"net/http"
	"runtime/debug"
	"time"
)

// A request can take many times the memory that it leaves: a list of all clients, an import, a save. It is given
// back to the system when the faces have been quiet for a moment, so that thirty agents fit on a terminal server.
const tidyTime = 2 * time.Second

// gcPercent keeps what is not given back small from the start.
const gcPercent = 50

func freeWhenIdle(next http.Handler) http.Handler {
	debug.SetGCPercent(gcPercent)
	timer := time.AfterFunc(tidyTime, debug.FreeOSMemory)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r)
		timer.Reset(tidyTime)
	})
}
